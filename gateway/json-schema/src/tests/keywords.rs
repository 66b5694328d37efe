use serde_json::json;

use super::assert_verdicts;

/// R-10: the keywords of 2020-12 that say what a plain tool takes.
#[test]
fn types_bounds_and_required_members_are_checked() {
    let schema = json!({
        "type": "object",
        "properties": {
            "city": { "type": "string", "minLength": 2, "pattern": "^[A-Z]" },
            "days": { "type": "integer", "minimum": 1, "maximum": 14, "default": null },
        },
        "required": ["city"],
        "additionalProperties": false,
    });
    assert_verdicts(
        &schema,
        [
            (r#"{"city":"Graz"}"#, true),
            (r#"{"city":"Graz","days":14}"#, true),
            (r#"{"city":"Graz","days":15}"#, false),
            (r#"{"city":"Graz","days":null}"#, false),
            (r#"{"city":"graz"}"#, false),
            (r#"{"city":"G"}"#, false),
            (r#"{"days":1}"#, false),
            (r#"{"city":"Graz","wind":1}"#, false),
            ("[]", false),
        ],
    );
}

#[test]
fn combinations_and_conditions_are_checked() {
    assert_verdicts(&json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }), [("null", true), ("1", false)]);
    assert_verdicts(
        &json!({ "oneOf": [{ "multipleOf": 2 }, { "multipleOf": 3 }] }),
        [("2", true), ("3", true), ("6", false), ("5", false)],
    );
    assert_verdicts(&json!({ "not": { "const": 1 }, "allOf": [true] }), [("2", true), ("1.0", false)]);
    assert_verdicts(
        &json!({ "if": { "required": ["a"] }, "then": { "required": ["b"] }, "else": { "required": ["c"] } }),
        [(r#"{"a":1,"b":1}"#, true), (r#"{"a":1}"#, false), (r#"{"c":1}"#, true), ("{}", false)],
    );
    assert_verdicts(
        &json!({ "dependentSchemas": { "a": { "maxProperties": 1 } }, "dependentRequired": { "b": ["c"] } }),
        [(r#"{"a":1}"#, true), (r#"{"a":1,"x":1}"#, false), (r#"{"b":1}"#, false), (r#"{"b":1,"c":1}"#, true)],
    );
    assert_verdicts(
        &json!({ "enum": [1, "a", null, { "b": [] }] }),
        [("1.0", true), (r#"{"b":[]}"#, true), ("2", false)],
    );
}

#[test]
fn arrays_are_checked() {
    assert_verdicts(
        &json!({ "prefixItems": [{ "type": "string" }], "items": { "type": "number" } }),
        [(r#"["a",1,2]"#, true), ("[1]", false), (r#"["a","b"]"#, false), ("[]", true)],
    );
    assert_verdicts(
        &json!({ "contains": { "const": 7 }, "minContains": 2, "maxContains": 3 }),
        [("[7]", false), ("[7,1,7]", true), ("[7,7,7,7]", false)],
    );
    assert_verdicts(
        &json!({ "uniqueItems": true }),
        [
            ("[1,2]", true),
            ("[1,1.0]", false),
            (r#"[{"a":1,"b":2},{"b":2,"a":1}]"#, false),
            ("[[],[[]],[[],[]],[[[]]],1,2,3,4,5,6,7,8,9,10,11,12,13]", true),
            ("[[],[[]],[[],[]],[[[]]],1,2,3,4,5,6,7,8,9,10,11,12,[[]]]", false),
        ],
    );
    assert_verdicts(
        &json!({ "prefixItems": [true], "anyOf": [{ "contains": { "const": 2 } }], "unevaluatedItems": false }),
        [("[1,2,2]", true), ("[1,2,3]", false)],
    );
}

#[test]
fn members_no_keyword_has_looked_at_are_told_from_the_others() {
    let schema = json!({
        "properties": { "kind": { "type": "string" } },
        "anyOf": [{ "properties": { "a": { "const": 1 } }, "required": ["a"] }, { "required": ["b"] }],
        "patternProperties": { "^x-": true },
        "propertyNames": { "maxLength": 4 },
        "unevaluatedProperties": false,
    });
    assert_verdicts(
        &schema,
        [
            (r#"{"kind":"k","a":1,"x-y":0}"#, true),
            (r#"{"b":1}"#, false),
            (r#"{"a":1,"c":1}"#, false),
            (r#"{"a":1,"x-yzz":1}"#, false),
        ],
    );
}

#[test]
fn references_are_followed_within_the_schema() {
    assert_verdicts(
        &json!({ "$ref": "#/$defs/a~1b%25", "$defs": { "a/b%": { "type": "string" } } }),
        [(r#""x""#, true), ("1", false)],
    );
    assert_verdicts(
        &json!({ "$ref": "#name", "$defs": { "n": { "$anchor": "name", "type": "string" } } }),
        [(r#""x""#, true), ("1", false)],
    );
    assert_verdicts(
        &json!({
            "$id": "https://example.com/root",
            "$ref": "item#/$defs/n",
            "$defs": { "i": { "$id": "item", "$defs": { "n": { "$ref": "#/$defs/m" }, "m": { "type": "string" } } } },
        }),
        [(r#""x""#, true), ("1", false)],
    );
    assert_verdicts(
        &json!({ "properties": { "a": { "$ref": "#/x-shared/0" } }, "x-shared": [{ "type": "string" }] }),
        [(r#"{"a":"x"}"#, true), (r#"{"a":1}"#, false)],
    );
}

#[test]
fn schemas_that_contain_themselves_are_followed_as_far_as_the_document_goes() {
    let tree = json!({
        "$ref": "#/$defs/tree",
        "$defs": { "tree": {
            "type": "object",
            "properties": { "left": { "$ref": "#/$defs/tree" }, "right": { "$ref": "#/$defs/tree" } },
            "additionalProperties": false,
        } },
    });
    assert_verdicts(
        &tree,
        [("{}", true), (r#"{"left":{"right":{}}}"#, true), (r#"{"left":{"right":{"left":{"up":1}}}}"#, false)],
    );
    // A stricter schema takes the place of the one it extends, at every level.
    let strict = json!({
        "$id": "https://example.com/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": false,
        "$defs": { "tree": {
            "$id": "tree",
            "$dynamicAnchor": "node",
            "properties": { "children": { "items": { "$dynamicRef": "#node" } } },
        } },
    });
    assert_verdicts(
        &strict,
        [(r#"{"children":[{"children":[]}]}"#, true), (r#"{"children":[{"childern":[]}]}"#, false)],
    );
}

#[test]
fn numbers_are_compared_by_value() {
    let integer = json!({ "type": "integer" });
    assert_verdicts(
        &integer,
        [("1.0", true), ("1e3", true), ("12345678901234567890123", true), ("1.5", false), ("-0", true)],
    );
    assert_verdicts(
        &json!({ "maximum": 9_007_199_254_740_992_u64 }),
        [("9007199254740992", true), ("9007199254740993", false), ("12345678901234567890123", false)],
    );
    assert_verdicts(&json!({ "multipleOf": 0.01 }), [("19.99", true), ("19.995", false)]);
}

#[test]
fn a_format_is_an_annotation_in_every_dialect() {
    assert_verdicts(&json!({ "format": "email" }), [(r#""nobody""#, true)]);
    let old = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "format": "email" });
    assert_verdicts(&old, [(r#""nobody""#, true)]);
}

#[test]
fn an_older_dialect_is_read_as_it_was_meant() {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "items": [{ "type": "string" }],
        "additionalItems": false,
    });
    assert_verdicts(&schema, [(r#"["a"]"#, true), (r#"["a",1]"#, false)]);
}
