//! `tool.json` is held to the tool's types.

mod support;

use std::panic::{UnwindSafe, catch_unwind};

use penstock_kit::testing::{assert_manifest_is_current, assert_manifest_is_valid};
use penstock_kit::{Call, NoArguments, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::Deserialize;

/// Takes one number.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Arguments {
    /// How many.
    #[schemars(range(max = 9))]
    count: u32,
    #[serde(default)]
    note: Option<String>,
}

macro_rules! tool {
    ($name:ident, $arguments:ty, $manifest:literal) => {
        struct $name;
        impl Tool for $name {
            const MANIFEST: &str = $manifest;
            type Arguments = $arguments;
            type Output = ();
            async fn call(&self, _: $arguments, _: &Call) -> Result<Reply<()>, ToolError> {
                Ok(Reply::text(""))
            }
        }
    };
}

tool!(
    Current,
    Arguments,
    r#"{ "timeoutSeconds": 1, "definition": { "name": "a", "description": "", "inputSchema": {
        "type": "object", "required": ["count"], "properties": {
            "count": { "type": "integer", "description": "How many.", "minimum": 0, "maximum": 9 },
            "note": { "type": ["string", "null"], "default": null }
        } } } }"#
);
tool!(
    Stale,
    Arguments,
    r#"{ "timeoutSeconds": 1, "definition": { "name": "a", "description": "", "inputSchema": {
        "type": "object", "required": ["count"], "properties": {
            "count": { "type": "integer", "description": "How many.", "minimum": 0, "maximum": 5 }
        } }, "outputSchema": { "type": "object" } } }"#
);
tool!(
    Invalid,
    NoArguments,
    r#"{ "timeoutSeconds": 0, "definition": { "name": "a", "description": "",
        "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false } } }"#
);

/// What an assertion says when it fails.
fn complaint(assertion: impl FnOnce() + UnwindSafe) -> String {
    let panic = catch_unwind(assertion).expect_err("the assertion fails");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_manifest_with_the_schema_of_the_types_passes_in_any_order() {
    assert_manifest_is_current::<Current>();
}

#[test]
fn a_stale_manifest_fails_with_every_difference_and_what_to_do() {
    let complaint = complaint(assert_manifest_is_current::<Stale>);
    for part in [
        "definition.inputSchema.properties.count.maximum\n    file: 5\n    code: 9\n",
        "definition.inputSchema.properties.note\n    file: null\n",
        "definition.outputSchema\n    file: {\"type\":\"object\"}\n    code: null\n",
        "Set PENSTOCK_UPDATE_MANIFESTS=1 and test again to rewrite it.",
    ] {
        assert!(complaint.contains(part), "{part:?} is missing:\n{complaint}");
    }
}

#[test]
fn a_manifest_the_gateway_would_refuse_fails_by_the_member_at_fault() {
    assert!(complaint(assert_manifest_is_current::<Invalid>).contains("`timeoutSeconds` is 0; use 1 to 900"));
    let complaint = complaint(|| assert_manifest_is_valid(support::Probe::MANIFEST));
    assert!(complaint.contains("missing field `description`"), "{complaint}");
}
