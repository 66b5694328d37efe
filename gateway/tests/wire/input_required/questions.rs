//! Which questions reach the client.

use super::{FORM, call, form, instance, meta};
use crate::answering;
use crate::support::{entry, messages, rest};
use serde_json::{Value, json};

/// Q-3, E-3: nothing is asked that the client did not declare; all that is missing is named at once.
#[tokio::test]
async fn what_the_client_did_not_declare_is_named_and_not_asked() {
    let url = r#"{"mode":"url","message":"","url":"https://example.com"}"#;
    let sample = |more: &str| format!(r#"{{"messages":[],"maxTokens":1{more}}}"#);
    let ask = |method: &str, params: &str| format!(r#"{{"method":"{method}","params":{params}}}"#);
    let (form, url) = (ask("elicitation/create", FORM), ask("elicitation/create", url));
    let sampling = |more| ask("sampling/createMessage", &sample(more));
    let roots = r#"{"method":"roots/list"}"#.to_owned();
    let cases = [
        (vec![form.clone()], json!({}), json!({ "elicitation": { "form": {} } })),
        (vec![form.clone()], json!({ "elicitation": { "url": {} } }), json!({ "elicitation": { "form": {} } })),
        (vec![url.clone()], json!({ "elicitation": {} }), json!({ "elicitation": { "url": {} } })),
        (vec![url.clone()], json!({ "elicitation": { "form": {} } }), json!({ "elicitation": { "url": {} } })),
        (vec![sampling("")], json!({ "sampling": null }), json!({ "sampling": {} })),
        (vec![sampling(r#","tools":[]"#)], json!({ "sampling": {} }), json!({ "sampling": { "tools": {} } })),
        (vec![sampling(r#","toolChoice":{}"#)], json!({}), json!({ "sampling": { "tools": {} } })),
        (
            vec![sampling(r#","includeContext":"thisServer""#)],
            json!({ "sampling": {} }),
            json!({ "sampling": { "context": {} } }),
        ),
        (
            vec![form.clone(), url.clone(), sampling(""), roots.clone()],
            json!({ "sampling": {} }),
            json!({ "elicitation": { "form": {}, "url": {} }, "roots": {} }),
        ),
        (vec![form.clone()], json!({ "elicitation": {} }), Value::Null),
        (vec![form], json!({ "elicitation": { "form": {} } }), Value::Null),
        (vec![url], json!({ "elicitation": { "url": {} } }), Value::Null),
        (vec![sampling(r#","includeContext":"none""#), roots], json!({ "sampling": {}, "roots": {} }), Value::Null),
    ];
    for (requests, declared, missing) in cases {
        let requests: Vec<_> = requests.iter().enumerate().map(|(at, request)| format!("\"{at}\":{request}")).collect();
        let (gateway, _) = instance(&format!(r#"{{"inputRequests":{{{}}}}}"#, requests.join(",")));
        let (status, body) = call("tool", json!({ "_meta": meta(&declared) })).json(&gateway).await;
        if missing.is_null() {
            assert_eq!(body["result"]["resultType"], "input_required", "{requests:?}: {body}");
        } else {
            assert_eq!((status.as_u16(), &body["error"]["code"]), (400, &json!(-32021)), "{requests:?}: {body}");
            assert_eq!(body["error"]["data"]["requiredCapabilities"], missing, "{requests:?}");
        }
    }
}

/// E-4: once events have left, the same error is the last of them.
#[tokio::test]
async fn a_capability_that_is_missed_late_is_an_event() {
    let worker = |_: &Value| format!("{{\"progress\":{{\"progress\":1}}}}\n{{\"inputRequired\":{}}}\n", form());
    let (gateway, _) = answering::gateway(&[entry("tool")], worker, |services| services);
    let mut meta = meta(&json!({}));
    meta["progressToken"] = json!(1);
    let response = call("tool", json!({ "_meta": meta })).send(&gateway).await;
    assert_eq!(response.status(), 200);
    let messages = messages(&rest(response.into_body()).await);
    assert_eq!((messages.len(), &messages[1]["error"]["code"]), (2, &json!(-32021)));
}

/// Q-1, Q-2: a question no client can answer is the worker's mistake.
#[tokio::test]
async fn a_broken_question_is_a_broken_contract() {
    let one = |method: &str, params: &str| {
        format!(r#"{{"inputRequests":{{"k":{{"method":"{method}","params":{params}}}}}}}"#)
    };
    let many: Vec<_> = (0..33).map(|at| format!(r#""{at}":{{"method":"roots/list"}}"#)).collect();
    let broken = [
        "{}".to_owned(),
        r#"{"inputRequests":{}}"#.to_owned(),
        r#"{"requestState":7}"#.to_owned(),
        r#"{"requestState":"s","unknown":1}"#.to_owned(),
        one("tools/list", "{}"),
        one("roots/list", "[]"),
        one("elicitation/create", "{}"),
        one("elicitation/create", r#"{"message":"x"}"#),
        one("elicitation/create", r#"{"message":"x","mode":"url"}"#),
        one("elicitation/create", r#"{"message":"x","mode":"voice","requestedSchema":{}}"#),
        one("sampling/createMessage", r#"{"messages":[]}"#),
        format!(r#"{{"inputRequests":{{{}}}}}"#, many.join(",")),
        format!(r#"{{"inputRequests":{{"{}":{{"method":"roots/list"}}}}}}"#, "k".repeat(129)),
        format!(r#"{{"requestState":"{}"}}"#, "s".repeat(64 * 1024)),
    ];
    for question in broken {
        let (gateway, _) = instance(&question);
        let (status, body) = call("tool", json!({})).json(&gateway).await;
        let told = (status.as_u16(), &body["error"]["code"], &body["error"]["data"]["reason"]);
        assert_eq!(told, (200, &json!(-32603), &json!("contract")), "{question}");
    }
}
