//! Lists that differ from caller to caller.

use penstock_gateway::Gateway;
use penstock_protocol::call::Caller;
use serde_json::{Value, json};

use super::{caller, gateway, governed, with};
use crate::support::{entry_of, handshake, request};

/// 2100 prompts, every other one with a scope.
fn many() -> Vec<Value> {
    let prompt = |at: usize| {
        let entry = entry_of("prompt", &json!({ "name": format!("p{at:05}") }));
        if at.is_multiple_of(2) { with(entry, "scopes", json!(["even"])) } else { entry }
    };
    (0..2100).map(prompt).collect()
}

async fn pages(gateway: &Gateway, caller: &Caller) -> Vec<Value> {
    let mut pages: Vec<Value> = Vec::new();
    while pages.last().is_none_or(|page| page.get("nextCursor").is_some()) {
        let params = pages.last().map_or_else(|| json!({}), |page| json!({ "cursor": page["nextCursor"] }));
        let (status, mut body) = request("prompts/list", params).extension(caller.clone()).json(gateway).await;
        assert_eq!(status, 200, "{body}");
        pages.push(body["result"].take());
        assert!(pages.len() < 10, "the list ends");
    }
    pages
}

fn names(pages: &[Value]) -> Vec<&str> {
    let entries = pages.iter().flat_map(|page| page["prompts"].as_array().expect("prompts"));
    entries.map(|entry| entry["name"].as_str().expect("a name")).collect()
}

/// R-3, R-4, R-5: the same for one caller every time, in order, and private on every page.
#[tokio::test]
async fn a_filtered_list_is_in_order_private_and_the_same_every_time() {
    let (gateway, _) = gateway(&many(), None);
    let all = pages(&gateway, &caller("alice", &["even"])).await;
    let odd = pages(&gateway, &caller("bob", &[])).await;
    assert_eq!([all.len(), odd.len()], [3, 2]);
    assert_eq!([names(&all).len(), names(&odd).len()], [2100, 1050]);
    assert!(names(&all).is_sorted() && names(&odd).is_sorted());
    assert!(all.iter().chain(&odd).all(|page| page["cacheScope"] == "private"));
    assert_eq!(pages(&gateway, &caller("bob", &[])).await, odd);
}

/// R-6, A-10: a cursor is good for the caller it was made for, and for what that caller may see.
#[tokio::test]
async fn a_cursor_of_another_view_is_refused() {
    let (gateway, _) = gateway(&many(), None);
    let (alice, bob) = (caller("alice", &[]), caller("bob", &[]));
    let cursor = pages(&gateway, &alice).await[0]["nextCursor"].clone();
    let with_cursor = |caller: &Caller| request("prompts/list", json!({ "cursor": cursor })).extension(caller.clone());
    assert_eq!(with_cursor(&alice).json(&gateway).await.0, 200);
    let more = caller("alice", &["even"]);
    for other in [&bob, &more] {
        assert_eq!(with_cursor(other).refusal(&gateway).await, (200, -32602));
    }
    let (open, _) = crate::answering::gateway(&many(), super::answer, |services| services);
    assert_eq!(with_cursor(&alice).refusal(&open).await, (200, -32602), "nor of the whole list");
    for wrong in ["", "AAAA", "cHJvbXB0cy8xLw"] {
        let draft = request("prompts/list", json!({ "cursor": wrong })).extension(alice.clone());
        assert_eq!(draft.refusal(&gateway).await, (200, -32602), "{wrong}");
    }
}

/// R-3: what is the same for every caller may be shared.
#[tokio::test]
async fn lists_that_cannot_differ_are_public() {
    let (gateway, _) = gateway(&[entry_of("prompt", &json!({ "name": "letter" }))], None);
    assert_eq!(pages(&gateway, &caller("alice", &[])).await[0]["cacheScope"], "public");
}

/// L-10: clients of handshake revisions see as much, without hints.
#[tokio::test]
async fn handshake_clients_see_the_same() {
    let entries = [entry_of("prompt", &json!({ "name": "a" })), entry_of("prompt", &json!({ "name": "b" }))];
    let (gateway, _) =
        governed(&entries, r#"permit(principal, action == Action::"prompts/get", resource == Prompt::"b");"#);
    let draft = handshake("2025-11-25", "prompts/list", &json!({})).extension(caller("alice", &[]));
    assert_eq!(draft.json(&gateway).await.1["result"], json!({ "prompts": [{ "name": "b" }] }));
}
