//! Values of key attributes: a string, a number or bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// A whole key, by attribute.
pub(crate) type Key = BTreeMap<String, KeyValue>;

/// The value of one key attribute. Written as DynamoDB does, `{"N": "1.50"}`; read like that or as plain JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum KeyValue {
    /// A string.
    #[serde(rename = "S")]
    Text(String),
    /// A number, spelled as it was sent: it may have more digits than any Rust type.
    #[serde(rename = "N")]
    Number(String),
    /// Bytes, in base64.
    #[serde(rename = "B", serialize_with = "in_base64")]
    Binary(Vec<u8>),
}

fn in_base64<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
}

impl<'de> Deserialize<'de> for KeyValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        enum Typed {
            S(String),
            N(String),
            B(String),
        }
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let json = json.get();
        let wrong = || D::Error::custom("send a string, a number or, for bytes, {\"B\": \"<base64>\"}");
        match json.as_bytes().first() {
            Some(b'"') => serde_json::from_str(json).map(Self::Text).map_err(|_| wrong()),
            Some(b'-' | b'0'..=b'9') => Ok(Self::Number(json.to_owned())),
            Some(b'{') => match serde_json::from_str(json).map_err(|_| wrong())? {
                Typed::S(text) => Ok(Self::Text(text)),
                Typed::N(number) => Ok(Self::Number(number)),
                Typed::B(base64) => BASE64_STANDARD.decode(base64).map(Self::Binary).map_err(|_| wrong()),
            },
            _ => Err(wrong()),
        }
    }
}

impl JsonSchema for KeyValue {
    fn schema_name() -> Cow<'static, str> {
        "KeyValue".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let text = json_schema!({ "type": "string" });
        json_schema!({
            "description": "A key's value: a string, a number, or with its DynamoDB type: S, N or, in base64, B.",
            "type": ["string", "number", "object"],
            "properties": { "S": text.clone(), "N": text.clone(), "B": text },
            "additionalProperties": false,
            "maxProperties": 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::KeyValue;

    fn read(json: &str) -> Option<KeyValue> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn plain_values_and_typed_ones_are_read() {
        assert_eq!(read(r#""a\n""#), Some(KeyValue::Text("a\n".to_owned())));
        assert_eq!(read(r#"{ "N": "1.50" }"#), Some(KeyValue::Number("1.50".to_owned())));
        assert_eq!(read(r#"{"B":"AQI="}"#), Some(KeyValue::Binary(vec![1, 2])));
        for json in ["true", "null", "[]", "{}", r#"{"B":"?"}"#, r#"{"S":"a","N":"1"}"#, r#"{"L":[]}"#] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn a_number_keeps_its_spelling() {
        let spelled = "-12345678901234567890123456789012345678.50";
        assert_eq!(read(spelled), Some(KeyValue::Number(spelled.to_owned())));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for value in
            [KeyValue::Text("a".to_owned()), KeyValue::Number("1E+2".to_owned()), KeyValue::Binary(vec![0, 255])]
        {
            assert_eq!(read(&serde_json::to_string(&value).expect("JSON")), Some(value));
        }
    }
}
