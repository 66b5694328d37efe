//! Call events, as the gateway sends them. Tests change their members to their purpose, among them
//! `context.input` for a second round.

use serde_json::{Value, json};

use super::{PATIENCE, deadline_ms};

/// A call of `tool`.
pub fn event(tool: &str, arguments: Value) -> Value {
    let mut event = request("tools/call", json!({ "name": tool }));
    event["params"]["arguments"] = arguments;
    event
}

/// A `prompts/get` of `prompt`.
pub fn prompt_event(prompt: &str, arguments: Value) -> Value {
    let mut event = request("prompts/get", json!({ "name": prompt }));
    event["params"]["arguments"] = arguments;
    event
}

/// A `prompts/list` or `resources/list` of a library.
pub fn listing_event(method: &str) -> Value {
    request(method, json!({}))
}

/// A `resources/read` of `uri`; `variables` are a template's, an empty object for a resource.
pub fn resource_event(uri: &str, variables: Value) -> Value {
    let mut event = request("resources/read", json!({ "uri": uri }));
    event["context"]["uriVariables"] = variables;
    event
}

/// A `completion/complete`. `reference` is `{"type":"ref/prompt","name":…}` or
/// `{"type":"ref/resource","uri":…}`, the latter with the template itself.
pub fn completion_event(reference: Value, argument: &str, value: &str) -> Value {
    let mut event = request("completion/complete", json!({ "argument": { "name": argument, "value": value } }));
    event["params"]["ref"] = reference;
    event
}

fn request(method: &str, params: Value) -> Value {
    let mut event = json!({
        "method": method,
        "context": {
            "requestId": 1,
            "deadlineMs": deadline_ms(PATIENCE),
            "protocolVersion": "2026-07-28",
            "progress": true,
            "logLevel": "debug",
        }
    });
    event["params"] = params;
    event
}
