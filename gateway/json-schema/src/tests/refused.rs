use serde_json::{Value, json};

use super::{InvalidSchema, compiled};

fn reason(schema: &Value) -> String {
    match compiled(schema) {
        Ok(_) => panic!("{schema} was taken"),
        Err(error) => error.to_string(),
    }
}

/// R-10: nothing is fetched, and a schema that would need it is no schema.
#[test]
fn references_out_of_the_schema_are_refused() {
    for reference in [
        "https://example.com/schema",
        "file:///etc/passwd",
        "other.json",
        "https://json-schema.org/draft/2020-12/schema",
        "#/$defs/missing",
        "#missing",
    ] {
        let error = reason(&json!({ "properties": { "a": { "$ref": reference } } }));
        assert!(error.contains(reference), "{error}");
        let error = reason(&json!({ "$dynamicRef": reference }));
        assert!(error.contains(reference), "{error}");
    }
    // Where no keyword looks, it is a value like any other.
    assert!(compiled(&json!({ "const": { "$ref": "https://example.com" }, "x-note": { "$ref": "y" } })).is_ok());
}

#[test]
fn references_that_check_one_value_for_ever_are_refused() {
    for schema in [
        json!({ "$ref": "#" }),
        json!({ "allOf": [{ "$ref": "#" }] }),
        json!({ "not": { "$ref": "#" } }),
        json!({ "$dynamicAnchor": "a", "anyOf": [{ "$dynamicRef": "#a" }] }),
        json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } } }),
        json!({ "$defs": { "unused": { "if": { "$ref": "#/$defs/unused" } } } }),
    ] {
        assert!(matches!(compiled(&schema), Err(InvalidSchema::Endless(_))), "{schema}");
    }
}

#[test]
fn references_that_multiply_are_refused() {
    let mut definitions = json!({ "d40": { "type": "string" } });
    for at in 0..40 {
        let next = json!({ "$ref": format!("#/$defs/d{}", at + 1) });
        definitions[format!("d{at}")] = json!({ "anyOf": [next, next] });
    }
    let error = reason(&json!({ "$ref": "#/$defs/d0", "$defs": definitions }));
    assert!(error.contains("10000 paths"), "{error}");
}

#[test]
fn references_that_go_on_and_on_are_refused() {
    let mut definitions = json!({ "d70": { "type": "string" } });
    for at in 0..70 {
        definitions[format!("d{at}")] = json!({ "$ref": format!("#/$defs/d{}", at + 1) });
    }
    let error = reason(&json!({ "$ref": "#/$defs/d0", "$defs": definitions }));
    assert!(error.contains("64 subschemas in a row"), "{error}");
}

#[test]
fn dialects_nobody_implements_are_refused_by_name() {
    for dialect in [json!("https://example.com/mine"), json!("http://json-schema.org/draft-04/schema#"), json!(7)] {
        let error = reason(&json!({ "$schema": dialect }));
        assert!(error.contains(&dialect.to_string()), "{error}");
    }
}

#[test]
fn patterns_without_a_bound_on_their_time_or_size_are_refused() {
    for pattern in ["^(?=.*[0-9]).+$", "^(?!x)", r"(a)\1", "(a{1000}){1000}", "("] {
        let error = reason(&json!({ "properties": { "a": { "pattern": pattern } } }));
        assert!(error.contains("/properties/a/pattern") && error.contains("look-around"), "{error}");
        assert!(compiled(&json!({ "patternProperties": { pattern: true } })).is_err());
    }
}

#[test]
fn keywords_with_a_wrong_value_are_refused_by_place() {
    let error = reason(&json!({ "properties": { "a": { "type": "strin" } } }));
    assert!(error.contains("/properties/a/type") && error.contains("strin"), "{error}");
}

#[test]
fn schemas_beyond_the_bounds_are_refused() {
    assert!(reason(&json!({ "description": "x".repeat(256 * 1024) })).contains("bytes"));
    let deep = (0..64).fold(json!({}), |inner, _| json!({ "not": inner }));
    assert!(reason(&deep).contains("64 levels"));
    let many: Vec<_> = std::iter::repeat_n(json!({}), 10_000).collect();
    assert!(reason(&json!({ "prefixItems": many })).contains("10000 subschemas"));
}
