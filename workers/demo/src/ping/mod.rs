//! `ping`: is the gateway alive, and which function instance answers?

use std::time::Instant;
use std::{env, process};

use penstock_kit::{Call, NoArguments, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::Serialize;

/// The tool.
pub(crate) struct Ping;

/// What `ping` answers.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Always "pong".
    reply: &'static str,
    /// The worker's version.
    version: &'static str,
    /// The function instance that answered: its log stream, or its process outside Lambda.
    instance: String,
    /// Time spent in the tool, in microseconds.
    duration_us: u128,
}

impl Tool for Ping {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = NoArguments;
    type Output = Output;

    async fn call(&self, NoArguments {}: NoArguments, _: &Call) -> Result<Reply<Output>, ToolError> {
        let start = Instant::now();
        let log_stream = env::var("AWS_LAMBDA_LOG_STREAM_NAME").ok().filter(|name| !name.is_empty());
        let instance = log_stream.unwrap_or_else(|| format!("process {}", process::id()));
        let version = env!("CARGO_PKG_VERSION");
        Ok(Output { reply: "pong", version, instance, duration_us: start.elapsed().as_micros() }.into())
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;
    use serde_json::json;

    use super::Ping;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<Ping>();
    }

    #[tokio::test]
    async fn ping_says_pong_and_which_instance_answered() {
        let frames = testing::call(Ping, json!({})).await;
        let output = &frames[0]["result"]["structuredContent"];
        assert_eq!(output["reply"], "pong");
        assert_eq!(output["version"], env!("CARGO_PKG_VERSION"));
        assert!(output["instance"].as_str().is_some_and(|instance| !instance.is_empty()), "{output}");
    }
}
