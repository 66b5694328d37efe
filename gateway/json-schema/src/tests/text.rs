use serde_json::{Value, json};

use super::{Instance, checked};
use crate::Unreadable;

fn said(schema: &Value, instance: &str) -> String {
    checked(schema, instance).expect_err("a violation").to_string()
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let schema = json!({
        "properties": { "days": { "type": "array", "items": { "maximum": 14 } } },
        "required": ["city"],
        "additionalProperties": false,
    });
    let said = said(&schema, r#"{"days":[1,15],"wind":true}"#);
    for line in ["/days/1: 15 is greater than the maximum of 14", "\"city\" is a required property"] {
        assert!(said.lines().any(|said| said == line), "{said}");
    }
    assert!(said.contains("wind"), "{said}");
}

#[test]
fn five_mistakes_are_listed_and_the_rest_is_counted() {
    let said = said(&json!({ "items": { "type": "string" } }), "[1,2,3,4,5,6,7]");
    assert_eq!(said.lines().count(), 6);
    assert!(said.ends_with("and 2 more"), "{said}");
}

#[test]
fn a_member_nobody_asked_for_is_named() {
    let none = json!({ "type": "object", "additionalProperties": false });
    assert_eq!(said(&none, r#"{"days":1}"#), "no member is allowed here (\"days\" was unexpected)");
    let one = json!({ "properties": { "inner": none, "never": false } });
    let inner = "/inner: no member is allowed here (\"a\" was unexpected)";
    assert_eq!(said(&one, r#"{"inner":{"a":[]}}"#), inner);
    assert_eq!(said(&one, r#"{"never":1}"#), "/never: nothing is allowed here");
}

#[test]
fn the_mistake_in_the_alternative_that_got_furthest_is_named() {
    let schema = json!({ "properties": { "place": { "anyOf": [
        { "type": "object", "properties": { "latitude": { "type": "number" } } },
        { "type": "null" },
    ] } } });
    assert_eq!(said(&schema, r#"{"place":{"latitude":"x"}}"#), "/place/latitude: \"x\" is not of type \"number\"");
}

#[test]
fn long_values_are_not_quoted_and_the_text_stays_short() {
    let secret = "s".repeat(65);
    let said_of_one = said(&json!({ "items": { "type": "null" } }), &json!([secret]).to_string());
    assert_eq!(said_of_one, "/0: the value is not of type \"null\"");
    let names: Vec<String> = (0..9).map(|at| format!("{at}{}", "é".repeat(2000))).collect();
    let schema = json!({ "additionalProperties": { "required": names } });
    let instance = names.iter().map(|name| (name.clone(), json!({}))).collect::<serde_json::Map<_, _>>();
    let said = said(&schema, &Value::Object(instance).to_string());
    assert!(said.len() < 2048, "{} bytes", said.len());
}

/// S-6: the worker's reader may take the other of two values.
#[test]
fn documents_two_readers_could_read_in_two_ways_are_refused() {
    for json in [r#"{"a":1,"a":2}"#, r#"[{"a":1,"\u0061":2}]"#, "1e400"] {
        assert!(matches!(Instance::parse(json), Err(Unreadable::Ambiguous(_))), "{json}");
    }
}
