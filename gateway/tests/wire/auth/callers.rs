//! Two callers of one gateway: what is one's is not the other's.

use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

use super::{Issuer, Signer, claims, of, with};
use crate::client::initialize;
use crate::support::{Draft, Worker, handshake, meta, request, rest};
use crate::tasks;

/// Tokens of callers who are not the same: two people, one of them with two clients, at two issuers and of a tenant.
struct Callers {
    gateway: Gateway,
    worker: Worker,
    alice: String,
    others: Vec<String>,
}

async fn callers() -> Callers {
    callers_of(|services| services).await
}

async fn callers_of(change: impl FnOnce(Services) -> Services) -> Callers {
    let signer = Signer::p256("k");
    let (issuer, other) = (Issuer::of(&[&signer]).await, Issuer::of(&[&signer]).await);
    let issuers = json!([{ "issuer": issuer.url, "tenantClaim": "custom:tenant" }, { "issuer": other.url }]);
    let (gateway, worker) = of(&issuers, change);
    let token = |claims: &Value| format!("Bearer {}", signer.token(claims));
    let others = vec![
        token(&with(claims(&issuer), "sub", json!("bob"))),
        token(&with(claims(&issuer), "client_id", json!("another app"))),
        token(&claims(&other)),
        token(&with(claims(&issuer), "custom:tenant", json!("acme"))),
    ];
    Callers { gateway, worker, alice: token(&claims(&issuer)), others }
}

fn by(draft: &Draft, token: &str) -> Draft {
    draft.clone().header("authorization", token)
}

/// the worker learns who calls, and never sees the token.
#[tokio::test]
async fn a_worker_is_told_who_calls_and_not_by_which_token() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let issuers = json!([{ "issuer": issuer.url, "tenantClaim": "custom:tenant" }]);
    let (gateway, worker) = super::gateway(&issuers);
    let claims =
        with(with(claims(&issuer), "custom:tenant", json!("acme")), "cognito:groups", json!(["admins", "staff"]));
    let claims = with(claims, "email", json!("alice@example.com"));
    let token = signer.token(&claims);
    let call = by(&request("tools/call", json!({ "name": "tool", "arguments": {} })), &format!("Bearer {token}"));
    let ((_, answer), ()) = tokio::join!(call.json(&gateway), async {
        worker.says("{\"result\":{\"content\":[]}}\n").await;
    });
    assert_eq!(answer["result"]["content"], json!([]));
    let invocation = &worker.invocations()[0];
    assert_eq!(
        invocation.payload["context"]["caller"],
        json!({
            "subject": "alice",
            "issuer": issuer.url,
            "clientId": "app",
            "scopes": ["tools:read", "tools:write"],
            "groups": ["admins", "staff"],
            "tenant": "acme",
        })
    );
    for secret in [&*token, token.split('.').nth(1).expect("claims"), "alice@example.com", "Bearer"] {
        assert!(!invocation.raw.contains(secret), "{secret}");
    }
}

/// a session is its caller's, and every request of it needs the caller's token.
#[tokio::test]
async fn a_session_of_another_caller_is_unknown() {
    let callers = callers().await;
    let opened = by(&initialize("2025-11-25", &json!({})), &callers.alice).send(&callers.gateway).await;
    let session = opened.headers()["mcp-session-id"].clone();
    let ping = handshake("2025-11-25", "ping", &json!({})).header("mcp-session-id", &session);
    let end = Draft::new("DELETE", "/mcp").header("mcp-session-id", &session);
    assert_eq!(by(&ping, &callers.alice).send(&callers.gateway).await.status(), 200);
    for other in &callers.others {
        assert_eq!(by(&ping, other).send(&callers.gateway).await.status(), 404);
        assert_eq!(by(&end, other).send(&callers.gateway).await.status(), 404);
    }
    assert_eq!(ping.send(&callers.gateway).await.status(), 401, "no session stands for a token");
    assert_eq!(by(&ping, &callers.alice).send(&callers.gateway).await.status(), 200, "and nobody has ended it");
}

/// a question that was put to one caller is not answered by another.
#[tokio::test]
async fn a_request_state_of_another_caller_is_refused() {
    let callers = callers().await;
    let mut meta = meta();
    meta["io.modelcontextprotocol/clientCapabilities"] = json!({ "elicitation": { "form": {} } });
    let first = request("tools/call", json!({ "name": "tool", "arguments": {}, "_meta": meta }));
    let question = json!({ "inputRequired": { "requestState": "step 1", "inputRequests": { "who": {
        "method": "elicitation/create",
        "params": { "message": "Who?", "requestedSchema": { "type": "object", "properties": {} } },
    } } } });
    let first = by(&first, &callers.alice);
    let (asked, ()) = tokio::join!(first.send(&callers.gateway), async {
        callers.worker.says(format!("{question}\n")).await;
    });
    let asked: Value = serde_json::from_str(&rest(asked.into_body()).await).expect("JSON");
    let state = asked["result"]["requestState"].as_str().expect("a state");
    let answers = json!({ "who": { "action": "decline" } });
    let retry =
        json!({ "name": "tool", "arguments": {}, "_meta": meta, "requestState": state, "inputResponses": answers });
    for other in &callers.others {
        let (_, body) = by(&request("tools/call", retry.clone()), other).json(&callers.gateway).await;
        assert_eq!(body["error"]["code"], -32602, "{body}");
    }
    assert_eq!(callers.worker.invocations().len(), 1, "no other caller's answer reaches the worker");
}

/// A-10, K-7: a task is its creator's; to others it does not exist.
#[tokio::test]
async fn a_task_of_another_caller_is_unknown() {
    let catalog = tasks::catalog(&tasks::entry("required"));
    let callers = callers_of(|services| Services { catalog, ..services }).await;
    let (_, created) = by(&tasks::call(), &callers.alice).json(&callers.gateway).await;
    let id = created["result"]["taskId"].as_str().unwrap_or_else(|| panic!("{created}"));
    for method in ["tasks/get", "tasks/update", "tasks/cancel"] {
        let params = if method == "tasks/update" { json!({ "inputResponses": {} }) } else { json!({}) };
        let draft = tasks::about(method, id, params);
        for other in &callers.others {
            let (_, body) = by(&draft, other).json(&callers.gateway).await;
            assert_eq!((&body["error"]["code"], &body["error"]["message"]), (&json!(-32602), &json!("unknown task")));
        }
        assert_eq!(draft.send(&callers.gateway).await.status(), 401, "no task id stands for a token");
    }
    let own = tasks::about("tasks/get", id, json!({}));
    assert_eq!(by(&own, &callers.alice).json(&callers.gateway).await.1["result"]["status"], "working");
}
