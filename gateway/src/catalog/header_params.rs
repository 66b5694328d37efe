//! Arguments a tool wants repeated as `Mcp-Param-*` headers: the `x-mcp-header` annotation
//! (rules H-14 and H-18).

use std::collections::HashSet;

use http::HeaderMap;
use serde_json::{Map, Value};

use crate::rpc::failure::Failure;
use crate::rpc::header;

const ANNOTATION: &str = "x-mcp-header";

/// Deepest property looked at; deeper ones are not annotated by anyone in earnest.
const MAX_DEPTH: usize = 16;

/// An annotation that makes clients drop the tool.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("x-mcp-header of property {property:?}: {reason}")]
pub struct InvalidHeaderParam {
    property: String,
    reason: &'static str,
}

/// The annotated properties of one tool.
#[derive(Debug, Default)]
pub(crate) struct HeaderParams(Vec<HeaderParam>);

#[derive(Debug)]
struct HeaderParam {
    /// `Mcp-Param-…`, in lower case.
    header: String,
    /// Property names from the root of the arguments.
    path: Vec<String>,
}

impl HeaderParams {
    /// Collects the annotations reachable through `properties`.
    pub(crate) fn from_schema(schema: &Map<String, Value>) -> Result<Self, InvalidHeaderParam> {
        let mut params = Self::default();
        params.collect(schema, &mut Vec::new())?;
        let mut seen = HashSet::new();
        match params.0.iter().find(|param| !seen.insert(&param.header)) {
            Some(twice) => Err(twice.invalid("another property has the same name, letter case aside")),
            None => Ok(params),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn collect(&mut self, schema: &Map<String, Value>, path: &mut Vec<String>) -> Result<(), InvalidHeaderParam> {
        let Some(Value::Object(properties)) = schema.get("properties") else { return Ok(()) };
        for (name, property) in properties {
            let Value::Object(property) = property else { continue };
            path.push(name.clone());
            if let Some(annotation) = property.get(ANNOTATION) {
                self.0.push(HeaderParam::new(annotation, property.get("type"), path)?);
            }
            if path.len() < MAX_DEPTH {
                self.collect(property, path)?;
            }
            path.pop();
        }
        Ok(())
    }

    /// Checks that each header is there exactly if its argument is, and says the same.
    pub(crate) fn check(&self, headers: &HeaderMap, arguments: &Value) -> Result<(), Failure> {
        self.0.iter().try_for_each(|param| param.check(headers, arguments))
    }
}

impl HeaderParam {
    fn new(annotation: &Value, kind: Option<&Value>, path: &[String]) -> Result<Self, InvalidHeaderParam> {
        let name = annotation.as_str().unwrap_or_default();
        let param = Self { header: format!("mcp-param-{}", name.to_ascii_lowercase()), path: path.to_owned() };
        let kind = kind.and_then(Value::as_str).unwrap_or_default();
        if name.is_empty() || !name.bytes().all(is_token) {
            Err(param.invalid("must be an HTTP header token (RFC 9110 section 5.6.2)"))
        } else if !matches!(kind, "string" | "integer" | "boolean") {
            Err(param.invalid("only string, integer and boolean properties can be headers"))
        } else {
            Ok(param)
        }
    }

    fn invalid(&self, reason: &'static str) -> InvalidHeaderParam {
        InvalidHeaderParam { property: self.path.join("."), reason }
    }

    fn check(&self, headers: &HeaderMap, arguments: &Value) -> Result<(), Failure> {
        let argument = self.path.iter().try_fold(arguments, |value, name| value.get(name));
        let stated = header::single(headers, &self.header)?;
        match (argument.filter(|argument| !argument.is_null()), stated) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(header::refused(&self.header, "sent, but the body has no such argument")),
            (Some(_), None) => Err(header::refused(&self.header, "missing")),
            (Some(argument), Some(stated)) if says(&header::decoded(&self.header, stated)?, argument) => Ok(()),
            (Some(_), Some(_)) => Err(header::refused(&self.header, "differs from the body")),
        }
    }
}

/// Whether a header's text stands for an argument. Integers are compared as numbers: `42` is `42.0`.
fn says(stated: &str, argument: &Value) -> bool {
    match argument {
        Value::String(text) => stated == text,
        Value::Bool(flag) => stated == if *flag { "true" } else { "false" },
        Value::Number(number) => {
            let spelled = number.to_string();
            stated == spelled || matches!((integer(stated), integer(&spelled)), (Some(a), Some(b)) if a == b)
        }
        _ => false,
    }
}

/// A decimal number without a fraction, exactly.
fn integer(text: &str) -> Option<i128> {
    let whole = text.split_once('.').map_or(Some(text), |(whole, fraction)| {
        (!fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0')).then_some(whole)
    });
    whole?.parse().ok()
}

/// A character of an HTTP token.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
