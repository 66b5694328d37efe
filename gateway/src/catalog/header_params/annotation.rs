//! Where a schema annotates properties, and where it may not.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{HeaderParam, HeaderParams};

const ANNOTATION: &str = "x-mcp-header";

/// An annotation that makes clients drop the tool.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("x-mcp-header {annotation}: {reason}")]
pub struct InvalidHeaderParam {
    annotation: String,
    reason: &'static str,
}

impl HeaderParams {
    /// Collects the annotations of an `inputSchema`.
    pub(crate) fn from_schema(schema: &Map<String, Value>) -> Result<Self, InvalidHeaderParam> {
        let mut found = Vec::new();
        collect(schema, Some(&[]), &mut found)?;
        let mut seen = HashSet::new();
        match found.iter().find(|param| !seen.insert(&param.header)) {
            Some(twice) => {
                let annotation = twice.header.clone();
                Err(InvalidHeaderParam { annotation, reason: "another property has the same name, letter case aside" })
            }
            None => Ok(Self(found)),
        }
    }
}

/// `path` leads here from the root through `properties` alone; without one, nothing may be annotated.
fn collect(
    schema: &Map<String, Value>,
    path: Option<&[String]>,
    found: &mut Vec<HeaderParam>,
) -> Result<(), InvalidHeaderParam> {
    if let Some(annotation) = schema.get(ANNOTATION) {
        found.push(header_param(annotation, schema.get("type"), path)?);
    }
    for (keyword, value) in schema {
        match (&**keyword, value) {
            // Instances, not schemas.
            ("default" | "const" | "enum" | "examples", _) => {}
            ("properties", Value::Object(properties)) => {
                for (name, schema) in objects(properties) {
                    let path = path.map(|path| [path, std::slice::from_ref(name)].concat());
                    collect(schema, path.as_deref(), found)?;
                }
            }
            ("$defs" | "definitions" | "dependentSchemas" | "patternProperties", Value::Object(schemas)) => {
                objects(schemas).try_for_each(|(_, schema)| collect(schema, None, found))?;
            }
            (_, Value::Object(schema)) => collect(schema, None, found)?,
            (_, Value::Array(schemas)) => {
                schemas.iter().filter_map(Value::as_object).try_for_each(|schema| collect(schema, None, found))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn objects(schemas: &Map<String, Value>) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    schemas.iter().filter_map(|(name, schema)| Some((name, schema.as_object()?)))
}

fn header_param(
    annotation: &Value,
    kind: Option<&Value>,
    path: Option<&[String]>,
) -> Result<HeaderParam, InvalidHeaderParam> {
    let invalid = |reason| InvalidHeaderParam { annotation: annotation.to_string(), reason };
    let Some(path) = path.filter(|path| !path.is_empty()) else {
        return Err(invalid("only properties of the arguments, and of objects in them, can be headers"));
    };
    let name = annotation.as_str().unwrap_or_default();
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(invalid("must be an HTTP header token (RFC 9110 section 5.6.2)"));
    }
    // A list of types is none of the three: clients drop the tool.
    if !matches!(kind.and_then(Value::as_str), Some("string" | "integer" | "boolean")) {
        return Err(invalid("only string, integer and boolean properties can be headers"));
    }
    Ok(HeaderParam { header: format!("mcp-param-{}", name.to_ascii_lowercase()), path: path.to_owned() })
}

/// A character of an HTTP token.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
