use serde_json::{Value, json};

use super::{InvalidSchema, compiled};
use crate::graph::Graph;
use crate::{compiler, plain};

/// Every keyword that may wait, and some that may not.
const KEYWORDS: [&str; 43] = [
    "title",
    "description",
    "$comment",
    "format",
    "default",
    "const",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "uniqueItems",
    "type",
    "enum",
    "required",
    "properties",
    "$defs",
    "definitions",
    "items",
    "additionalProperties",
    "propertyNames",
    "contains",
    "not",
    "allOf",
    "anyOf",
    "oneOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "$ref",
    "x-note",
    "pattern",
    "patternProperties",
    "multipleOf",
    "$id",
    "$anchor",
    "dependencies",
];

fn values() -> Vec<Value> {
    let text = r##"[null, true, false, 0, 1, -1, 1.5, 2.0, 1e300, 18446744073709551615, "", "a", "#", "#/$defs/a",
        "#/definitions/a", "#/$defs/%61", "#a", "string", "integer", "email", "(", [], [1], [1, 1.0], [true],
        ["string"], ["string", "null"], ["string", "string"], ["strin"], ["a", "b"], ["a", 1], [{}], [{}, {}],
        [{}, true], [{ "type": 1 }], [null], {}, { "a": {} }, { "a": 1 }, { "a": null }, { "a": [] }, { "(": true },
        { "type": "array" }, { "items": 1 }, { "not": { "required": 1 } }, { "$ref": "#/$defs/a" }, { "$ref": 1 }]"##;
    serde_json::from_str(text).expect("JSON")
}

fn may_wait(schema: &Value) -> bool {
    Graph::new(schema).is_ok_and(|graph| plain::are(graph.subschemas()))
}

/// R-10: a bad entry is reported when the catalog is read, so what waits for the first call has to succeed then.
#[test]
fn what_is_compiled_later_always_compiles() {
    let values = values();
    let mut waiting = 0;
    for dialect in ["https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#"] {
        for (keyword, value) in KEYWORDS.iter().flat_map(|keyword| values.iter().map(move |value| (keyword, value))) {
            let inner = json!({ *keyword: value });
            for schema in [
                json!({ "$schema": dialect, "$defs": { "a": {} }, "definitions": { "a": {} }, *keyword: value }),
                json!({ "$schema": dialect, "$defs": { "a": inner }, "properties": { "b": inner } }),
                json!({ "$schema": dialect, "$defs": { "a": {} }, "anyOf": [inner, { "items": inner }] }),
            ] {
                if may_wait(&schema) && Graph::new(&schema).is_ok_and(|graph| graph.longest_path().is_ok()) {
                    waiting += 1;
                    assert!(compiler::later(schema.clone(), 4).is_ok(), "{schema}");
                }
            }
        }
    }
    assert!(waiting > 1_000, "{waiting} schemas could wait");
}

#[test]
fn a_wrong_value_of_a_keyword_is_not_put_off() {
    for (keyword, value) in [
        ("type", json!("strin")),
        ("required", json!(["a", "a"])),
        ("properties", json!({ "a": 1 })),
        ("maxLength", json!(-1)),
        ("anyOf", json!([])),
        ("$schema", json!(1)),
    ] {
        assert!(compiled(&json!({ keyword: value })).is_err(), "{keyword}");
    }
    let lost = compiled(&json!({ "$ref": "#/$defs/a" }));
    assert!(matches!(lost, Err(InvalidSchema::Unresolved(_))));
}

#[test]
fn what_most_tools_say_can_wait() {
    let schema = json!({
        "type": "object",
        "title": "Lookup",
        "properties": {
            "id": { "type": "string", "description": "Which.", "minLength": 1, "maxLength": 64 },
            "limit": { "type": ["integer", "null"], "minimum": 1, "maximum": 10, "default": 5 },
            "kind": { "enum": ["a", "b"], "x-mcp-header": "Kind" },
            "inner": { "$ref": "#/$defs/Inner" },
            "several": { "type": "array", "items": { "anyOf": [{ "$ref": "#/$defs/Inner" }, { "type": "null" }] } },
        },
        "required": ["id"],
        "additionalProperties": false,
        "$defs": { "Inner": { "type": "object", "properties": {}, "required": [] } },
    });
    assert!(may_wait(&schema));
    assert!(!may_wait(&json!({ "properties": { "a": { "pattern": "^a" } } })));
}
