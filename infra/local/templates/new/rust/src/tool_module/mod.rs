//! `tool_name`: greets somebody, and reports progress on the way.

use penstock_kit::{Call, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The tool.
pub(crate) struct ToolName;

/// What `tool_name` takes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// Whom to greet.
    #[schemars(length(min = 1, max = 100))]
    name: String,
}

/// What `tool_name` answers.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The greeting.
    greeting: String,
}

impl Tool for ToolName {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let name = arguments.name.trim();
        call.progress(1, Some(2), "looking for the name").await;
        if name.is_empty() {
            return Err(ToolError::failed("`name` is blank; send the name of somebody to greet"));
        }
        call.progress(2, Some(2), format!("found {name}")).await;
        Ok(Output { greeting: format!("Hello, {name}!") }.into())
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;
    use serde_json::json;

    use super::ToolName;

    // After a change of `Arguments` or `Output`: PENSTOCK_UPDATE_MANIFESTS=1 cargo test
    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<ToolName>();
    }

    #[tokio::test]
    async fn progress_is_reported_before_the_greeting() {
        let frames = testing::call(ToolName, json!({ "name": "Ada" })).await;
        assert_eq!(frames[0]["progress"]["progress"], 1);
        assert_eq!(frames[1]["progress"]["message"], "found Ada");
        assert_eq!(frames[2]["result"]["structuredContent"], json!({ "greeting": "Hello, Ada!" }));
    }

    #[tokio::test]
    async fn a_blank_name_is_refused_with_what_to_send() {
        let frames = testing::call(ToolName, json!({ "name": " " })).await;
        assert_eq!(frames[1]["result"]["isError"], true);
    }
}
