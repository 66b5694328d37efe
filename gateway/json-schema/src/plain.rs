//! Schemas that are known to compile, so that compiling them can wait for the first call.
//!
//! A compiled schema costs ten times what reading it costs, and a cold start would pay that for every tool
//! before the first request is served. Most tools say what they take in few keywords, whose values are
//! checked here as the meta-schemas of 2020-12 and draft 7 do; whoever says more is compiled at once.

use serde_json::Value;

use super::graph::Subschema;

/// Dialects in which the keywords below mean the same.
const DIALECTS: [&str; 2] = ["https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#"];

const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/// Whether a compiler has no reason to refuse these: all subschemas of one schema, whose references are known
/// to lead somewhere. False says nothing.
pub(super) fn are(subschemas: &[Subschema<'_>]) -> bool {
    subschemas.iter().enumerate().all(|(at, subschema)| match subschema.schema {
        Value::Bool(_) => true,
        Value::Object(keywords) => keywords.iter().all(|(keyword, value)| match &**keyword {
            "$schema" => at == 0 && value.as_str().is_some_and(|dialect| DIALECTS.contains(&dialect)),
            keyword => is_plain(keyword, value),
        }),
        _ => false,
    })
}

/// Whether a keyword has a value it may have. Schemas inside that value are subschemas of their own.
fn is_plain(keyword: &str, value: &Value) -> bool {
    match keyword {
        "title" | "description" | "$comment" | "format" => value.is_string(),
        "default" | "const" => true,
        "examples" => value.is_array(),
        "deprecated" | "readOnly" | "writeOnly" | "uniqueItems" => value.is_boolean(),
        "type" => is_type(value) || is_list(value, is_type),
        "enum" => is_list(value, |_| true),
        "required" => value.as_array().is_some_and(Vec::is_empty) || is_list(value, Value::is_string),
        "properties" | "$defs" | "definitions" => value.is_object(),
        "items" | "additionalProperties" | "propertyNames" | "contains" | "not" => !value.is_array(),
        "allOf" | "anyOf" | "oneOf" => is_list(value, |_| true),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => value.is_number(),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => value.is_u64(),
        "$ref" => value.as_str().is_some_and(is_simple),
        keyword => keyword.starts_with("x-"),
    }
}

fn is_type(value: &Value) -> bool {
    value.as_str().is_some_and(|name| TYPES.contains(&name))
}

/// Whether a value is an array with something in it, each element once.
fn is_list(value: &Value, is_element: impl Fn(&Value) -> bool) -> bool {
    let Value::Array(elements) = value else { return false };
    let once = |(at, element)| !elements[..at].contains(element);
    !elements.is_empty()
        && elements.len() <= 64
        && elements.iter().all(is_element)
        && elements.iter().enumerate().all(once)
}

/// Whether a reference needs no decoding: the whole schema, or one of its definitions.
fn is_simple(reference: &str) -> bool {
    let name = reference.strip_prefix("#/$defs/").or_else(|| reference.strip_prefix("#/definitions/"));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    reference == "#" || name.is_some_and(|name| !name.is_empty() && name.bytes().all(plain))
}
