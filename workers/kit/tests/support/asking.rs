//! What the probe does with its client.

use std::collections::BTreeMap;

use penstock_kit::{Call, Elicited, Input, NoArguments, Sampled, ToolError};
use serde_json::{Value, json};

/// A question of every kind.
pub(crate) fn everything() -> Input {
    Input::new()
        .elicit("form", "Fill in", json!({ "type": "object", "properties": {} }))
        .elicit_url("page", "Visit", "https://example.org/")
        .sample("model", json!({ "messages": [], "maxTokens": 9 }))
        .roots("roots")
        .state("kept")
}

/// What was answered to [`everything`].
pub(crate) fn answers(call: &Call) -> Value {
    let form: Option<Elicited<BTreeMap<String, Value>>> = call.elicited("form");
    let page: Option<Elicited<NoArguments>> = call.elicited("page");
    let model = call.sampled("model").map(|answer: Sampled| {
        let text = answer.text();
        (answer.model, answer.stop_reason, text)
    });
    json!({
        "form": format!("{form:?}"),
        "page": format!("{page:?}"),
        "model": format!("{model:?}"),
        "roots": call.roots("roots").map(|roots| roots.into_iter().map(|root| root.uri).collect::<Vec<_>>()),
        "state": call.state(),
        "raw": call.input("page").map(penstock_protocol::RawValue::get),
    })
}

/// Which of these the client can.
pub(crate) fn capabilities(call: &Call) -> Value {
    let known = [
        "elicitation",
        "elicitation.form",
        "elicitation.url",
        "sampling",
        "sampling.tools",
        "extensions.io.modelcontextprotocol/tasks",
    ];
    json!(known.into_iter().filter(|name| call.client_can(name)).collect::<Vec<_>>())
}

/// Goes on only for a client that can show a page.
pub(crate) fn need_a_page(call: &Call) -> Result<Value, ToolError> {
    call.require_capability("elicitation.url").map(|()| Value::Null)
}
