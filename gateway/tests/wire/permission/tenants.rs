//! Isolated functions: whose instances a call is for, and who has none.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use penstock_protocol::call::Caller;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::{answer, call, caller, forbidden, gateway, listed, of_tenant, tool, tools, with};
use crate::answering::Calls;
use crate::support::{Draft, entry_of, request};
use penstock_gateway::Gateway;

fn isolated(entry: Value, by: &str) -> Value {
    with(entry, "isolation", json!(by))
}

/// The id of a call of `tool` by somebody.
async fn id(gateway: &Gateway, calls: &Calls, caller: Caller) -> Option<String> {
    let (status, body) = call("tool", &json!({})).extension(caller).json(gateway).await;
    assert_eq!(status, 200, "{body}");
    calls.tenant()
}

fn at(issuer: &str, mut caller: Caller) -> Caller {
    issuer.clone_into(&mut caller.issuer);
    caller
}

#[tokio::test]
async fn callers_of_one_tenant_share_instances_and_those_of_another_issuers_do_not() {
    let (gateway, calls) = gateway(&[isolated(tool("tool", &json!({})), "tenant")], None);
    let alice = of_tenant(caller("alice", &[]), "acme");
    let first = id(&gateway, &calls, alice.clone()).await.expect("a tenant");
    assert_eq!(id(&gateway, &calls, of_tenant(caller("bob", &["a"]), "acme")).await, Some(first.clone()));
    for other in [of_tenant(alice.clone(), "acme2"), at("https://other.example", alice.clone())] {
        let other = id(&gateway, &calls, other).await.expect("a tenant");
        assert_ne!(other, first);
    }
    assert_eq!(calls.last()["context"]["caller"]["tenant"], "acme", "the worker reads the name itself");
}

#[tokio::test]
async fn callers_have_instances_of_their_own_whatever_client_and_tenant_they_come_with() {
    let (gateway, calls) = gateway(&[isolated(tool("tool", &json!({})), "caller")], None);
    let alice = caller("alice", &[]);
    let first = id(&gateway, &calls, alice.clone()).await.expect("a tenant");
    let elsewhere = Caller { client_id: None, ..of_tenant(alice.clone(), "acme") };
    assert_eq!(id(&gateway, &calls, elsewhere).await, Some(first.clone()));
    for other in [caller("bob", &[]), at("https://other.example", alice)] {
        let other = id(&gateway, &calls, other).await.expect("a tenant");
        assert_ne!(other, first);
    }
}

/// What operators compute to find a tenant's log lines, and who reads only those cannot turn back.
#[tokio::test]
async fn an_id_is_a_digest_that_fits_lambdas_pattern() {
    let entries = |by| [isolated(tool("tool", &json!({})), by)];
    let name = "Zürich \"GmbH\" & Co\n";
    for (by, named) in [("tenant", of_tenant(caller("alice", &[]), name)), ("caller", caller(name, &[]))] {
        let (gateway, calls) = gateway(&entries(by), None);
        let expected = json!(["https://issuer.example", by, name]).to_string();
        let expected = URL_SAFE_NO_PAD.encode(digest(&SHA256, expected.as_bytes()));
        assert_eq!(id(&gateway, &calls, named).await, Some(expected.clone()));
        assert!(expected.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{expected}");
    }
}

#[tokio::test]
async fn instances_are_everybodys_unless_the_manifest_says_otherwise() {
    let (gateway, calls) = gateway(&[tool("tool", &json!({}))], None);
    assert_eq!(id(&gateway, &calls, of_tenant(caller("alice", &[]), "acme")).await, None);
}

fn entries() -> Vec<Value> {
    let prompt = entry_of("prompt", &json!({ "name": "letter", "arguments": [{ "name": "to", "required": true }] }));
    let template = entry_of("resourceTemplate", &json!({ "name": "file", "uriTemplate": "repo://{path}" }));
    let readme = entry_of("resource", &json!({ "name": "readme", "uri": "docs://readme" }));
    let all = [
        with(tool("order", &json!({})), "task", json!("optional")),
        with(tool("plain", &json!({})), "contract", json!("arguments")),
        with(prompt, "completes", json!(true)),
        with(readme, "cache", json!({ "ttlMs": 1000, "scope": "public" })),
        with(template, "completes", json!(true)),
    ];
    all.into_iter().map(|entry| isolated(entry, "tenant")).chain([tool("open", &json!({}))]).collect()
}

fn doors() -> [Draft; 6] {
    let complete = |reference: Value, name: &str| {
        request("completion/complete", json!({ "ref": reference, "argument": { "name": name, "value": "" } }))
    };
    [
        call("order", &json!({})),
        call("plain", &json!({})),
        request("prompts/get", json!({ "name": "letter", "arguments": { "to": "x" } })),
        request("resources/read", json!({ "uri": "docs://readme" })),
        complete(json!({ "type": "ref/prompt", "name": "letter" }), "to"),
        complete(json!({ "type": "ref/resource", "uri": "repo://{path}" }), "path"),
    ]
}

#[tokio::test]
async fn a_caller_without_a_tenant_is_refused_before_anything_is_invoked() {
    let (gateway, calls) = gateway(&entries(), None);
    for nobody in [caller("alice", &[]), of_tenant(caller("alice", &[]), "")] {
        for draft in doors() {
            let (challenge, body) = forbidden(draft.extension(nobody.clone()), &gateway).await;
            assert_eq!((challenge, &body["error"]["data"]["reason"]), (None, &json!("tenant")), "{body}");
        }
        assert_eq!(tools(&gateway, &nobody).await, ["open"], "what cannot be called is not listed");
        let prompts = listed(&gateway, &nobody, "prompts/list", "prompts").await;
        assert!(prompts.is_empty(), "{prompts:?}");
    }
    assert_eq!(calls.count(), 0);
}

#[tokio::test]
async fn every_way_to_a_worker_is_for_the_callers_tenant() {
    let (gateway, calls) = gateway(&entries(), None);
    let alice = of_tenant(caller("alice", &[]), "acme");
    let mut ids = Vec::new();
    for draft in doors() {
        let (status, body) = draft.extension(alice.clone()).json(&gateway).await;
        assert_eq!(status, 200, "{body}");
        ids.push(calls.tenant().expect("a tenant"));
    }
    ids.dedup();
    assert_eq!((calls.count(), ids.len()), (6, 1));
    assert_eq!(tools(&gateway, &alice).await, ["open", "order", "plain"]);
}

/// what a tenant's instance answered is no other tenant's to read, whatever the manifest says.
#[tokio::test]
async fn what_is_read_from_an_isolated_function_is_private() {
    let (gateway, _) = gateway(&entries(), None);
    let read = request("resources/read", json!({ "uri": "docs://readme" }));
    let (_, body) = read.extension(of_tenant(caller("alice", &[]), "acme")).json(&gateway).await;
    assert_eq!(body["result"]["cacheScope"], "private", "{body}");
}

#[tokio::test]
async fn where_callers_are_not_told_apart_all_are_one_tenant() {
    let (open, calls) = crate::answering::gateway(&entries(), answer, |services| services);
    for draft in doors() {
        let (status, body) = draft.json(&open).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(calls.tenant().as_deref(), Some("local"));
    }
}
