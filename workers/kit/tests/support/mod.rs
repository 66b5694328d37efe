//! One tool that does what its `act` argument says.

mod asking;

use std::collections::BTreeMap;

use penstock_kit::{Call, ErrorObject, Input, LogLevel, Reply, Tool, ToolError, code};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The tool.
#[derive(Debug)]
pub(crate) struct Probe;

/// What it takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    act: Act,
    /// Only to be got wrong.
    #[serde(default)]
    nested: Vec<Nested>,
}

/// Something to get wrong two levels down.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Nested {
    count: u32,
}

/// What the tool can do.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    /// Answer with the output.
    Answer,
    /// Answer with blocks and `_meta` of its own.
    Decorate,
    /// Fail, for the model to read.
    Fail,
    /// Refuse, as a matter of protocol.
    Refuse,
    /// Refuse at a length no frame may have.
    RefuseAtLength,
    /// Panic.
    Panic,
    /// Never end.
    Hang,
    /// Answer with what is no JSON.
    Garble,
    /// Report progress and log messages, among them some that are too large.
    Talk,
    /// Answer with what the call says about itself.
    Describe,
    /// Ask the client something of every kind.
    Ask,
    /// Ask the client for nothing.
    AskNothing,
    /// Ask more than a frame may hold.
    AskTooMuch,
    /// Answer with what the client answered.
    ReadAnswers,
    /// Answer with what the client can.
    ListCapabilities,
    /// Refuse clients that cannot show a page.
    RequireUrl,
}

/// What it answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Anything.
    value: Value,
    /// Keys that are no strings, which JSON cannot hold; normally none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(skip)]
    odd: BTreeMap<Option<bool>, Vec<u8>>,
}

fn output(value: Value) -> Output {
    Output { value, odd: BTreeMap::new() }
}

impl Tool for Probe {
    const MANIFEST: &str = r#"{ "definition": { "name": "probe" }, "timeoutSeconds": 10 }"#;
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let nested: u32 = arguments.nested.iter().map(|nested| nested.count).sum();
        match arguments.act {
            Act::Answer => Ok(output(json!({ "nested": nested, "text": "ü\n" })).into()),
            Act::Decorate => Ok(Reply::from(output(Value::Null))
                .with_content(penstock_kit::Content::text("in words"))
                .with_meta("example.org/cost", 3)),
            Act::Fail => Err(ToolError::failed("the moon is down; try tomorrow")),
            Act::Refuse => {
                let error = ErrorObject::new(code::MISSING_CLIENT_CAPABILITY, "no");
                Err(error.with_data(&json!({ "requiredCapabilities": { "sampling": {} } })).into())
            }
            Act::RefuseAtLength => Err(ErrorObject::new(1, "x".repeat(300_000)).into()),
            Act::Panic => panic!("a secret"),
            Act::Hang => std::future::pending().await,
            Act::Garble => Ok(Output { value: Value::Null, odd: BTreeMap::from([(None, vec![])]) }.into()),
            Act::Talk => talk(call).await,
            Act::Describe => Ok(output(describe(call)).into()),
            Act::Ask => Err(asking::everything().into()),
            Act::AskNothing => Err(Input::new().into()),
            Act::AskTooMuch => Err(Input::new().state("x".repeat(300_000)).into()),
            Act::ReadAnswers => Ok(output(asking::answers(call)).into()),
            Act::ListCapabilities => Ok(output(asking::capabilities(call)).into()),
            Act::RequireUrl => Ok(output(asking::need_a_page(call)?).into()),
        }
    }
}

async fn talk(call: &Call) -> Result<Reply<Output>, ToolError> {
    call.progress(1, None, "without a total").await;
    call.progress(2, Some(3), "x".repeat(300_000)).await;
    call.progress(3, Some(3), "done").await;
    call.log(LogLevel::Debug, "small").await;
    call.log(LogLevel::Warning, json!({ "structured": [1, 2] })).await;
    call.log(LogLevel::Error, "x".repeat(300_000)).await;
    let deep = (0..200).fold(Value::Null, |inner, _| json!([inner]));
    call.log(LogLevel::Error, deep).await;
    Ok(output(Value::Null).into())
}

fn describe(call: &Call) -> Value {
    json!({
        "params": call.params().get(),
        "requestId": call.request_id().get(),
        "revision": call.revision().as_str(),
        "subject": call.caller().map(|caller| &caller.subject),
        "tenant": call.caller().and_then(|caller| caller.tenant.as_ref()),
        "traceparent": call.trace().map(|trace| &trace.traceparent),
        "capabilities": call.client_capabilities().map(penstock_protocol::RawValue::get),
        "can_sample": call.client_can("sampling"),
        "can_elicit": call.client_can("elicitation"),
        "seconds_left": call.time_left().as_secs(),
        "deadline_ahead": call.deadline() > std::time::SystemTime::now(),
    })
}
