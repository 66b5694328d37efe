//! Items as plain JSON, without DynamoDB's types.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// An item as a JSON object, its attributes by name.
pub(super) fn json(item: &HashMap<String, AttributeValue>) -> serde_json::Result<Box<RawValue>> {
    to_raw_value(&object(item))
}

/// Sorted: the order of a hash map differs from run to run.
fn object(attributes: &HashMap<String, AttributeValue>) -> BTreeMap<&str, Plain<'_>> {
    attributes.iter().map(|(name, value)| (name.as_str(), Plain(value))).collect()
}

struct Plain<'a>(&'a AttributeValue);

/// A number with all its digits.
struct Number<'a>(&'a str);

struct Bytes<'a>(&'a Blob);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            AttributeValue::S(text) => serializer.serialize_str(text),
            AttributeValue::N(number) => Number(number).serialize(serializer),
            AttributeValue::Bool(flag) => serializer.serialize_bool(*flag),
            AttributeValue::B(bytes) => Bytes(bytes).serialize(serializer),
            AttributeValue::L(list) => serializer.collect_seq(list.iter().map(Plain)),
            AttributeValue::M(map) => object(map).serialize(serializer),
            AttributeValue::Ss(set) => set.serialize(serializer),
            AttributeValue::Ns(set) => serializer.collect_seq(set.iter().map(|number| Number(number))),
            AttributeValue::Bs(set) => serializer.collect_seq(set.iter().map(Bytes)),
            // NULL, and types of the future.
            _ => serializer.serialize_unit(),
        }
    }
}

impl Serialize for Number<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_number = self.0.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        match RawValue::from_string(self.0.to_owned()) {
            Ok(number) if is_number => number.serialize(serializer),
            _ => serializer.serialize_str(self.0),
        }
    }
}

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::primitives::Blob;
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::json;

    #[test]
    fn every_type_has_its_plain_form_and_numbers_keep_their_digits() {
        let number = |text: &str| AttributeValue::N(text.to_owned());
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let bytes = |bytes: &[u8]| Blob::new(bytes);
        let map = HashMap::from([("inner".to_owned(), number("0.10"))]);
        let item = HashMap::from([
            ("a".to_owned(), text("x\"y")),
            ("b".to_owned(), number("12345678901234567890123456789012345678")),
            ("c".to_owned(), AttributeValue::Bool(true)),
            ("d".to_owned(), AttributeValue::Null(true)),
            ("e".to_owned(), AttributeValue::B(bytes(&[1, 2]))),
            ("f".to_owned(), AttributeValue::L(vec![number("1E+2"), AttributeValue::M(map)])),
            ("g".to_owned(), AttributeValue::Ss(vec!["s".to_owned()])),
            ("h".to_owned(), AttributeValue::Ns(vec!["1.50".to_owned()])),
            ("i".to_owned(), AttributeValue::Bs(vec![bytes(&[255])])),
            ("j".to_owned(), number("007")),
        ]);
        let expected = concat!(
            r#"{"a":"x\"y","b":12345678901234567890123456789012345678,"c":true,"d":null,"e":"AQI=","#,
            r#""f":[1E+2,{"inner":0.10}],"g":["s"],"h":[1.50],"i":["/w=="],"j":"007"}"#
        );
        assert_eq!(json(&item).expect("JSON").get(), expected);
    }
}
