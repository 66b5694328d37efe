//! Lists: their order, their pages, their cursors.

use crate::support::{entry, entry_of, gateway, handshake, members, request};
use penstock_gateway::Gateway;
use serde_json::{Value, json};

fn many(count: usize) -> Vec<Value> {
    (0..count).map(|at| entry_of("prompt", &json!({ "name": format!("p{at:05}") }))).collect()
}

/// All pages of a list.
async fn pages(gateway: &Gateway, method: &str) -> Vec<Value> {
    let mut pages: Vec<Value> = Vec::new();
    loop {
        let cursor = pages.last().map(|page| page["nextCursor"].clone());
        let params = cursor.map_or_else(|| json!({}), |cursor| json!({ "cursor": cursor }));
        let (status, mut body) = request(method, params).json(gateway).await;
        assert_eq!(status, 200, "{body}");
        pages.push(body["result"].take());
        assert!(pages.len() < 10, "the list ends");
        if pages.last().is_none_or(|page| page.get("nextCursor").is_none()) {
            return pages;
        }
    }
}

///
#[tokio::test]
async fn a_long_list_comes_in_pages_of_one_kind() {
    let (gateway, _worker) = gateway(&many(2001));
    let pages = pages(&gateway, "prompts/list").await;
    let names = |page: &Value| {
        let prompts = page["prompts"].as_array().expect("prompts").iter();
        prompts.map(|prompt| prompt["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(pages.iter().map(|page| names(page).len()).collect::<Vec<_>>(), [1000, 1000, 1]);
    let all: Vec<_> = pages.iter().flat_map(names).collect();
    assert!(all.is_sorted() && all.len() == 2001, "each once, in order");
    for page in &pages {
        assert_eq!((&page["cacheScope"], &page["resultType"]), (&json!("public"), &json!("complete")));
        assert!(page["ttlMs"].is_u64());
    }
}

#[tokio::test]
async fn large_entries_make_short_pages() {
    let large =
        |at: usize| entry_of("prompt", &json!({ "name": format!("p{at}"), "description": "x".repeat(400_000) }));
    let (gateway, _worker) = gateway(&[large(0), large(1), large(2)]);
    let pages = pages(&gateway, "prompts/list").await;
    assert_eq!(
        pages.iter().map(|page| page["prompts"].as_array().map(Vec::len)).collect::<Vec<_>>(),
        [Some(2), Some(1)]
    );
}

/// only cursors that were handed out for this list in this version of it.
#[tokio::test]
async fn a_cursor_of_another_list_or_version_is_refused() {
    let (gateway, _worker) = gateway(&[&many(1001)[..], &[entry("tool")]].concat());
    let (_, body) = request("prompts/list", json!({})).json(&gateway).await;
    let cursor = body["result"]["nextCursor"].as_str().expect("a cursor").to_owned();
    let (other, _worker) = crate::support::gateway(&many(1002));
    assert_eq!(request("prompts/list", json!({ "cursor": cursor })).refusal(&other).await, (200, -32602));
    assert_eq!(request("tools/list", json!({ "cursor": cursor })).refusal(&gateway).await, (200, -32602));
    for wrong in [json!(""), json!("AAAA"), json!(5), json!({}), json!(format!("{cursor}=")), json!(&cursor[1..])] {
        assert_eq!(
            request("prompts/list", json!({ "cursor": wrong })).refusal(&gateway).await,
            (200, -32602),
            "{wrong}"
        );
    }
    let null = request("prompts/list", json!({ "cursor": null })).json(&gateway).await;
    assert_eq!(null.1["result"]["prompts"].as_array().map(Vec::len), Some(1000), "null is no cursor");
}

/// L-10: handshake revisions page too, without hints.
#[tokio::test]
async fn handshake_clients_get_bare_pages() {
    let (gateway, _worker) = gateway(&many(1001));
    let (_, body) = handshake("2025-03-26", "prompts/list", &json!({})).json(&gateway).await;
    assert_eq!(members(&body["result"]), ["nextCursor", "prompts"]);
    let cursor = json!({ "cursor": body["result"]["nextCursor"] });
    let (_, body) = handshake("2025-03-26", "prompts/list", &cursor).json(&gateway).await;
    assert_eq!(body["result"], json!({ "prompts": [{ "name": "p01000" }] }));
}

/// resources in the order of their URIs, everything else of its names.
#[tokio::test]
async fn resources_and_templates_are_listed_by_uri() {
    let resource = |name: &str, uri: &str| entry_of("resource", &json!({ "name": name, "uri": uri }));
    let template = |name: &str, uri: &str| entry_of("resourceTemplate", &json!({ "name": name, "uriTemplate": uri }));
    let (gateway, _worker) =
        gateway(&[resource("a", "x:2"), resource("b", "x:1"), template("c", "y:{long}/text"), template("d", "y:{a}")]);
    let listed = |page: &Value, member: &str| {
        page[member].as_array().expect("entries").iter().map(|entry| entry["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed(&pages(&gateway, "resources/list").await[0], "resources"), ["b", "a"]);
    assert_eq!(listed(&pages(&gateway, "resources/templates/list").await[0], "resourceTemplates"), ["d", "c"]);
}
