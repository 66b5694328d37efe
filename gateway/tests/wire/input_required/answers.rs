//! Which answers reach the worker.

use super::{FORM, accepted, call, form, instance, refused, retry, state_of};
use serde_json::json;

/// Q-8: what was not asked is nobody's business; what is missing is the worker's.
#[tokio::test]
async fn unasked_answers_are_dropped_and_missing_ones_are_left_to_the_worker() {
    let (gateway, calls) = instance(&form());
    let state = state_of(&gateway).await;
    for (given, kept) in [
        (json!({ "who": { "action": "decline" }, "extra": 12 }), json!({ "who": { "action": "decline" } })),
        (json!({ "extra": { "action": "accept" } }), json!({})),
        (json!({}), json!({})),
    ] {
        assert_eq!(retry(&state, &given).json(&gateway).await.0, 200);
        assert_eq!(calls.last()["context"]["input"]["responses"], kept);
    }
}

/// Q-8: answers of the wrong type are refused by key.
#[tokio::test]
async fn an_answer_to_another_question_is_refused() {
    let question = format!(
        r#"{{"inputRequests":{{"e":{{"method":"elicitation/create","params":{FORM}}},"s":{{"method":"sampling/createMessage","params":{{"messages":[],"maxTokens":1}}}},"r":{{"method":"roots/list"}}}}}}"#
    );
    let (gateway, calls) = instance(&question);
    let state = state_of(&gateway).await;
    let text = json!({ "type": "text", "text": "x" });
    let wrong = [
        ("e", json!(12345)),
        ("e", json!(null)),
        ("e", json!({})),
        ("e", json!({ "action": "maybe" })),
        ("e", json!({ "action": "accept", "content": [] })),
        ("e", json!({ "action": "accept", "content": { "a": { "b": 1 } } })),
        ("e", json!({ "action": "accept", "content": { "a": null } })),
        ("e", json!({ "action": "accept", "content": { "a": ["x", 1] } })),
        ("s", json!({ "role": "assistant", "content": text })),
        ("s", json!({ "role": "system", "content": text, "model": "m" })),
        ("s", json!({ "role": "assistant", "content": "x", "model": "m" })),
        ("s", json!({ "role": "assistant", "content": [{ "text": "x" }], "model": "m" })),
        ("r", json!({ "roots": {} })),
        ("r", json!({ "roots": [{ "name": "x" }] })),
    ];
    for (key, answer) in wrong {
        let reason = refused(&retry(&state, &json!({ key: answer })), &gateway, &calls).await;
        assert!(reason.starts_with(&format!("inputResponses.{key}: ")), "{reason}");
    }
    for responses in [json!([]), json!("x"), json!(null)] {
        assert_eq!(refused(&retry(&state, &responses), &gateway, &calls).await, "inputResponses: must be an object");
    }
    assert_eq!(
        refused(&call("tool", json!({ "requestState": 7 })), &gateway, &calls).await,
        "requestState: must be a string"
    );
    let right = json!({
        "e": { "action": "accept", "content": { "s": "x", "n": 1.5, "b": true, "l": ["x"] }, "unknown": 1 },
        "s": { "role": "assistant", "content": [text], "model": "m" },
        "r": { "roots": [{ "uri": "file:///x" }] },
    });
    retry(&state, &right).json(&gateway).await;
    assert_eq!(calls.last()["context"]["input"]["responses"], right);
}

/// Q-8: a client that knows what it will be asked may say so at once; it brings no state by that.
#[tokio::test]
async fn answers_without_state_are_passed_on_as_such() {
    let (gateway, calls) = instance(&form());
    let (_, body) = call("tool", json!({ "inputResponses": accepted() })).json(&gateway).await;
    assert_eq!(body["result"]["structuredContent"], json!({ "responses": accepted() }));
    let many: serde_json::Map<_, _> = (0..33).map(|at| (at.to_string(), json!({ "action": "cancel" }))).collect();
    let long = json!({ "k".repeat(129): { "action": "cancel" } });
    for responses in [json!({ "who": 12345 }), json!(null), many.into(), long] {
        refused(&call("tool", json!({ "inputResponses": responses })), &gateway, &calls).await;
    }
}
