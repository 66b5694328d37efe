//! What a tool asks of its client, and how it finds the answers.

mod support;

use penstock_kit::testing;
use serde_json::{Value, json};
use support::Probe;

/// The terminal frame of the probe's `act`, for a client with `capabilities` that answered `input`.
async fn act(act: &str, capabilities: Value, input: Value) -> Value {
    let mut event = testing::event("probe", json!({ "act": act }));
    event["context"]["clientCapabilities"] = capabilities;
    event["context"]["input"] = input;
    let mut frames = testing::send(Probe, &event).await;
    frames.pop().expect("a terminal frame")
}

#[tokio::test]
async fn every_kind_of_question_and_the_state_stand_in_one_frame() {
    let asked = act("ask", json!({}), Value::Null).await;
    let schema = json!({ "type": "object", "properties": {} });
    assert_eq!(
        asked["inputRequired"],
        json!({
            "inputRequests": {
                "form": { "method": "elicitation/create", "params": { "message": "Fill in", "requestedSchema": schema } },
                "page": {
                    "method": "elicitation/create",
                    "params": { "mode": "url", "message": "Visit", "url": "https://example.org/" },
                },
                "model": { "method": "sampling/createMessage", "params": { "messages": [], "maxTokens": 9 } },
                "roots": { "method": "roots/list", "params": {} },
            },
            "requestState": "kept",
        })
    );
}

/// at least one of questions and state.
#[tokio::test]
async fn asking_for_nothing_or_for_too_much_is_an_error() {
    let nothing = act("ask_nothing", json!({}), Value::Null).await;
    assert_eq!(nothing["error"]["message"], "input is required, but none is asked for");
    let too_much = act("ask_too_much", json!({}), Value::Null).await;
    assert_eq!(too_much["error"]["message"], "the input asked for is too large");
}

#[tokio::test]
async fn answers_are_read_by_key_and_type() {
    let responses = json!({
        "form": { "action": "accept", "content": { "size": 4, "more": true } },
        "page": { "action": "accept" },
        "model": {
            "role": "assistant", "model": "m", "stopReason": "endTurn",
            "content": [{ "type": "text", "text": "a" }, { "type": "image" }, { "type": "text", "text": "b" }],
        },
        "roots": { "roots": [{ "uri": "file:///a" }, { "uri": "file:///b", "name": "B" }] },
    });
    let read = act("read_answers", json!({}), json!({ "responses": responses, "state": "kept" })).await;
    assert_eq!(
        read["result"]["structuredContent"]["value"],
        json!({
            "form": "Some(Accepted({\"more\": Bool(true), \"size\": Number(4)}))",
            "page": "Some(Accepted(NoArguments))",
            "model": "Some((\"m\", Some(\"endTurn\"), \"ab\"))",
            "roots": ["file:///a", "file:///b"],
            "state": "kept",
            "raw": responses["page"].to_string(),
        })
    );
}

/// answers that are missing or of another type are not there, so that they are asked for again.
#[tokio::test]
async fn an_answer_that_does_not_fit_is_not_there() {
    let wrong = json!({ "form": 12345, "page": { "action": "dance" }, "model": {}, "roots": { "roots": [1] } });
    for responses in [wrong, json!({ "form": { "action": "accept", "content": [] } }), json!({ "other": {} })] {
        let read = act("read_answers", json!({}), json!({ "responses": responses })).await;
        let value = &read["result"]["structuredContent"]["value"];
        assert_eq!((&value["form"], &value["page"], &value["model"]), (&json!("None"), &json!("None"), &json!("None")));
        assert_eq!((&value["roots"], &value["state"]), (&Value::Null, &Value::Null));
    }
}

#[tokio::test]
async fn a_user_may_decline_or_cancel() {
    for (action, variant) in [("decline", "Some(Declined)"), ("cancel", "Some(Cancelled)")] {
        let read = act("read_answers", json!({}), json!({ "responses": { "form": { "action": action } } })).await;
        assert_eq!(read["result"]["structuredContent"]["value"]["form"], variant);
    }
}

/// an empty `elicitation` is a form; everything else is declared by name.
#[tokio::test]
async fn a_capability_is_there_if_it_was_declared_and_forms_also_by_an_empty_object() {
    for (capabilities, can) in [
        (json!({}), vec![]),
        (json!({ "elicitation": {} }), vec!["elicitation", "elicitation.form"]),
        (json!({ "elicitation": { "form": {} } }), vec!["elicitation", "elicitation.form"]),
        (json!({ "elicitation": { "url": {} } }), vec!["elicitation", "elicitation.url"]),
        (json!({ "sampling": { "tools": {} } }), vec!["sampling", "sampling.tools"]),
        (json!({ "sampling": true }), vec![]),
        (
            json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } }),
            vec!["extensions.io.modelcontextprotocol/tasks"],
        ),
    ] {
        let seen = act("list_capabilities", capabilities.clone(), Value::Null).await;
        assert_eq!(seen["result"]["structuredContent"]["value"], json!(can), "{capabilities}");
    }
}

/// E-3: the error names what is missing.
#[tokio::test]
async fn a_missing_capability_is_an_error_that_names_it() {
    let refused = act("require_url", json!({ "elicitation": {} }), Value::Null).await;
    assert_eq!(refused["error"]["code"], -32021);
    assert_eq!(refused["error"]["data"], json!({ "requiredCapabilities": { "elicitation": { "url": {} } } }));
    let served = act("require_url", json!({ "elicitation": { "url": {} } }), Value::Null).await;
    assert!(served["result"].is_object(), "{served}");
}
