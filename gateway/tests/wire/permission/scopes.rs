//! The scopes an entry needs.

use serde_json::{Value, json};

use super::{call, caller, forbidden, gateway, listed, tool, tools, with};
use crate::client::Client;
use crate::support::{entry_of, handshake, meta, request};

const ALL: [&str; 2] = ["orders:read", "orders:write"];

fn guarded(entry: Value) -> Value {
    with(entry, "scopes", json!(ALL))
}

fn entries() -> Vec<Value> {
    let prompt = entry_of("prompt", &json!({ "name": "letter", "arguments": [{ "name": "to", "required": true }] }));
    let template = entry_of("resourceTemplate", &json!({ "name": "file", "uriTemplate": "repo://{path}" }));
    vec![
        tool("open", &json!({})),
        guarded(with(tool("order", &json!({ "amount": { "type": "integer" } })), "task", json!("optional"))),
        guarded(with(prompt, "completes", json!(true))),
        guarded(entry_of("resource", &json!({ "name": "readme", "uri": "docs://readme" }))),
        guarded(with(template, "completes", json!(true))),
    ]
}

/// A-6: one challenge names every scope the operation needs, in the header and, for clients that do not get the
/// header, in the error.
#[tokio::test]
async fn a_call_without_the_scopes_is_challenged_for_all_of_them() {
    let (gateway, calls) = gateway(&entries(), None);
    for scopes in [&[][..], &["orders:read"], &["orders"]] {
        let draft = call("order", &json!({})).extension(caller("alice", scopes));
        let (challenge, body) = forbidden(draft, &gateway).await;
        let challenge = challenge.expect("a challenge");
        assert!(
            challenge.starts_with(r#"Bearer error="insufficient_scope", "#)
                && challenge.contains(r#" scope="orders:read orders:write""#)
        );
        let data = &body["error"]["data"];
        assert_eq!((&data["wwwAuthenticate"], &data["requiredScopes"]), (&json!(challenge), &json!(ALL)));
    }
    assert_eq!(calls.count(), 0);
    let (status, _) = call("order", &json!({})).extension(caller("alice", &ALL)).json(&gateway).await;
    assert_eq!((status.as_u16(), calls.count()), (200, 1));
}

/// A-6: the status and the challenge do not depend on the era.
#[tokio::test]
async fn clients_of_handshake_revisions_are_challenged_alike() {
    let (gateway, _) = gateway(&entries(), None);
    let draft = handshake("2025-11-25", "tools/call", &json!({ "name": "order" }));
    assert!(forbidden(draft.extension(caller("alice", &[])), &gateway).await.0.is_some());
}

#[tokio::test]
async fn entries_are_listed_for_those_who_have_their_scopes() {
    let (gateway, _) = gateway(&entries(), None);
    for (scopes, seen) in [(&[][..], false), (&ALL[..1], false), (&ALL[..], true)] {
        let caller = caller("alice", scopes);
        assert_eq!(tools(&gateway, &caller).await, if seen { vec!["open", "order"] } else { vec!["open"] });
        for (method, member, name) in [
            ("prompts/list", "prompts", "letter"),
            ("resources/list", "resources", "readme"),
            ("resources/templates/list", "resourceTemplates", "file"),
        ] {
            let expected = if seen { vec![name] } else { Vec::new() };
            assert_eq!(listed(&gateway, &caller, method, member).await, expected, "{method}");
        }
    }
}

/// Validation order: an entry that is not there is unknown; one the caller may not use says nothing else of itself.
#[tokio::test]
async fn scopes_come_behind_the_name_and_before_all_else() {
    let header = json!({ "region": { "type": "string", "x-mcp-header": "Region" } });
    let entries = [guarded(tool("order", &header)), guarded(tool("strict", &json!({ "n": { "type": "integer" } })))];
    let (gateway, _) = gateway(&entries, None);
    let alice = caller("alice", &[]);
    assert_eq!(call("nothing", &json!({})).extension(alice.clone()).refusal(&gateway).await, (200, -32602));
    let without_header = call("order", &json!({ "region": "eu" }));
    assert_eq!(without_header.clone().extension(alice.clone()).refusal(&gateway).await, (403, 403));
    assert_eq!(without_header.extension(caller("alice", &ALL)).refusal(&gateway).await, (400, -32020));
    forbidden(call("strict", &json!({ "n": "x" })).extension(alice), &gateway).await;
}

/// Every way to a worker asks for the scopes.
#[tokio::test]
async fn no_door_is_left_open() {
    let (gateway, calls) = gateway(&entries(), None);
    let alice = caller("alice", &ALL[..1]);
    let mut task = meta();
    task["io.modelcontextprotocol/clientCapabilities"] =
        json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } });
    let complete = |reference: Value, name: &str| {
        request("completion/complete", json!({ "ref": reference, "argument": { "name": name, "value": "" } }))
    };
    for draft in [
        request("tools/call", json!({ "name": "order", "arguments": {}, "_meta": task })),
        request("prompts/get", json!({ "name": "letter" })),
        request("resources/read", json!({ "uri": "docs://readme" })),
        request("resources/read", json!({ "uri": "repo://a" })),
        complete(json!({ "type": "ref/prompt", "name": "letter" }), "to"),
        complete(json!({ "type": "ref/resource", "uri": "repo://{path}" }), "path"),
    ] {
        forbidden(draft.extension(alice.clone()), &gateway).await;
    }
    assert_eq!(calls.count(), 0);
}

#[tokio::test]
async fn nobody_hears_of_resources_it_may_not_read() {
    let (gateway, _) = gateway(&entries(), None);
    let alice = caller("alice", &[]);
    let uris = json!({ "notifications": { "resourceSubscriptions": ["docs://readme", "repo://a"] } });
    for (scopes, honoured) in [(&[][..], None), (&ALL[..], Some(2))] {
        let draft = request("subscriptions/listen", uris.clone()).extension(caller("alice", scopes));
        let mut body = draft.send(&gateway).await.into_body();
        let first = crate::support::next(&mut body).await.expect("an acknowledgement");
        let acknowledged = &crate::support::messages(&first)[0]["params"]["notifications"]["resourceSubscriptions"];
        assert_eq!(acknowledged.as_array().map(Vec::len), honoured, "{first}");
    }
    let opened = crate::client::initialize("2025-11-25", &json!({})).extension(alice.clone()).send(&gateway).await;
    let session = opened.headers()["mcp-session-id"].to_str().expect("visible ASCII").to_owned();
    let client = Client::again(session, "2025-11-25");
    let subscribe = client.request(&json!(1), "resources/subscribe", &json!({ "uri": "docs://readme" }));
    forbidden(subscribe.extension(alice), &gateway).await;
}

/// Where callers are not told apart, scopes mean nothing; where they are, nobody is nobody.
#[tokio::test]
async fn without_authentication_everything_is_open_and_without_a_caller_nothing() {
    let (open, _) = crate::answering::gateway(&entries(), super::answer, |services| services);
    let (_, body) = request("tools/list", json!({})).json(&open).await;
    assert_eq!(body["result"]["tools"].as_array().map(Vec::len), Some(2));
    assert_eq!(body["result"]["cacheScope"], "public");
    assert_eq!(call("order", &json!({})).send(&open).await.status(), 200);

    let (gateway, calls) = gateway(&entries(), None);
    let (_, body) = request("tools/list", json!({})).json(&gateway).await;
    assert_eq!(body["result"]["tools"], json!([]));
    forbidden(call("open", &json!({})), &gateway).await;
    assert_eq!(calls.count(), 0);
}
