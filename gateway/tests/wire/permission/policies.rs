//! Policies, as a client meets them.

use serde_json::{Value, json};

use super::{call, caller, forbidden, governed, tool, tools, with};
use crate::support::{entry_of, request};

fn entries() -> Vec<Value> {
    let billing = |entry| with(entry, "tags", json!(["billing"]));
    vec![
        billing(tool("refund", &json!({ "amount": { "type": "integer" } }))),
        billing(tool("report", &json!({}))),
        tool("ping", &json!({})),
    ]
}

const POLICIES: &str = r#"
@id("everyone-secret-id") permit(principal, action, resource);
@id("no-billing-secret-id") forbid(principal, action, resource)
when { resource.tags.contains("billing") } unless { principal.scopes.contains("billing") };
@id("small-secret-id") forbid(principal, action == Action::"tools/call", resource == Tool::"refund")
when { context.arguments has amount && context.arguments.amount > 100 };
"#;

/// A tool denied by policy is absent from the list and refused on call; R-3: such a list is private.
#[tokio::test]
async fn what_is_denied_is_neither_listed_nor_called() {
    let (gateway, calls) = governed(&entries(), POLICIES);
    let (alice, bob) = (caller("alice", &[]), caller("bob", &["billing"]));
    assert_eq!(tools(&gateway, &alice).await, ["ping"]);
    assert_eq!(tools(&gateway, &bob).await, ["ping", "refund", "report"]);
    for name in ["refund", "report"] {
        let (challenge, body) = forbidden(call(name, &json!({})).extension(alice.clone()), &gateway).await;
        assert_eq!((challenge, &body["error"]["data"]), (None, &json!({ "reason": "policy" })));
        assert!(!body.to_string().contains("secret-id"), "policies are not named to clients: {body}");
        assert_eq!(call(name, &json!({})).extension(bob.clone()).send(&gateway).await.status(), 200);
    }
    assert_eq!(calls.count(), 2);
}

#[tokio::test]
async fn arguments_decide_calls_and_leave_the_tool_on_the_list() {
    let (gateway, calls) = governed(&entries(), POLICIES);
    let bob = caller("bob", &["billing"]);
    assert!(tools(&gateway, &bob).await.contains(&"refund".to_owned()));
    assert_eq!(call("refund", &json!({ "amount": 100 })).extension(bob.clone()).send(&gateway).await.status(), 200);
    forbidden(call("refund", &json!({ "amount": 101 })).extension(bob.clone()), &gateway).await;
    assert_eq!(calls.count(), 1);
}

/// R-10 for those who may know the tool; a hidden one gives no hint at its schema.
#[tokio::test]
async fn arguments_that_do_not_fit_are_told_only_to_those_who_may_know() {
    let (gateway, calls) = governed(&entries(), POLICIES);
    let wrong = call("refund", &json!({ "amount": "much" }));
    let (status, body) = wrong.clone().extension(caller("bob", &["billing"])).json(&gateway).await;
    assert_eq!((status.as_u16(), &body["result"]["isError"]), (200, &json!(true)));
    let (_, body) = forbidden(wrong.extension(caller("alice", &[])), &gateway).await;
    assert!(!body.to_string().contains("amount"), "{body}");
    assert_eq!(calls.count(), 0);
}

#[tokio::test]
async fn nothing_is_allowed_that_no_policy_permits() {
    let (gateway, calls) =
        governed(&entries(), r#"permit(principal == User::"https://issuer.example#bob", action, resource);"#);
    let alice = caller("alice", &["billing"]);
    assert!(tools(&gateway, &alice).await.is_empty());
    forbidden(call("ping", &json!({})).extension(alice), &gateway).await;
    assert_eq!(tools(&gateway, &caller("bob", &[])).await.len(), 3);
    assert_eq!(calls.count(), 0);
}

/// Scopes come first: what a client can mend is said before what it cannot.
#[tokio::test]
async fn scopes_are_needed_beside_policies() {
    let entries = [with(tool("order", &json!({})), "scopes", json!(["orders"]))];
    let (gateway, _) = governed(&entries, "permit(principal, action, resource);");
    assert!(forbidden(call("order", &json!({})).extension(caller("a", &[])), &gateway).await.0.is_some());
    let (denies, _) = governed(&entries, "forbid(principal, action, resource);");
    assert!(forbidden(call("order", &json!({})).extension(caller("a", &[])), &denies).await.0.is_some());
    assert!(forbidden(call("order", &json!({})).extension(caller("a", &["orders"])), &denies).await.0.is_none());
}

#[tokio::test]
async fn prompts_resources_templates_and_completions_are_decided_by_their_own() {
    let prompt = entry_of("prompt", &json!({ "name": "letter", "arguments": [{ "name": "to" }] }));
    let entries = [
        with(prompt, "completes", json!(true)),
        entry_of("resource", &json!({ "name": "readme", "uri": "docs://readme" })),
        entry_of("resourceTemplate", &json!({ "name": "file", "uriTemplate": "repo://{owner}/{name}" })),
    ];
    let (gateway, _) = governed(
        &entries,
        r#"permit(principal, action == Action::"prompts/get", resource == Prompt::"letter") when { context.arguments has to && context.arguments.to == "bob" };
           permit(principal, action == Action::"completion/complete", resource is Prompt);
           permit(principal, action == Action::"resources/read", resource) when { context.uri like "docs://*" };
           permit(principal, action == Action::"resources/read", resource is ResourceTemplate) when { context.arguments has owner && context.arguments.owner == "us" };"#,
    );
    let alice = caller("alice", &[]);
    let complete =
        json!({ "ref": { "type": "ref/prompt", "name": "letter" }, "argument": { "name": "to", "value": "" } });
    for (method, params, allowed) in [
        ("prompts/get", json!({ "name": "letter", "arguments": { "to": "bob" } }), true),
        ("prompts/get", json!({ "name": "letter", "arguments": { "to": "eve" } }), false),
        ("prompts/get", json!({ "name": "letter" }), false),
        ("completion/complete", complete, true),
        ("resources/read", json!({ "uri": "docs://readme" }), true),
        ("resources/read", json!({ "uri": "repo://us/x" }), true),
        ("resources/read", json!({ "uri": "repo://them/x" }), false),
    ] {
        let status = request(method, params.clone()).extension(alice.clone()).send(&gateway).await.status();
        assert_eq!(status.as_u16(), if allowed { 200 } else { 403 }, "{method} {params}");
    }
}
