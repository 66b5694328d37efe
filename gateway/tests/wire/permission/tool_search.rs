//! `search_tools`: where there are too many tools to read, and who finds which.

use penstock_gateway::auth::Auth;
use penstock_gateway::permission::PolicyFolder;
use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

use super::{answer, call, caller, tool, tools, with};
use crate::answering::{self, Calls};
use crate::support::{Draft, entry, handshake, members, request};

/// Open to everyone, with the tool from the third tool on.
fn searchable(entries: &[Value]) -> (Gateway, Calls) {
    answering::gateway(entries, answer, |services| Services { catalog: services.catalog.searchable(2), ..services })
}

fn described(name: &str, description: &str) -> Value {
    let mut entry = tool(name, &json!({ "region": { "type": "string", "default": "eu-1" } }));
    entry["definition"]["description"] = json!(description);
    entry
}

fn weather_and_costs() -> Vec<Value> {
    vec![
        described("get_weather", "The weather at a place."),
        described("get_cost", "What was spent."),
        described("forecast_cost", "What is going to be spent."),
    ]
}

fn search(arguments: &Value) -> Draft {
    call("search_tools", arguments)
}

/// The names that were found, best first.
async fn found(draft: &Draft, gateway: &Gateway) -> Vec<String> {
    let (status, body) = draft.json(gateway).await;
    assert_eq!(status, 200, "{body}");
    let tools = body["result"]["structuredContent"]["tools"].as_array().unwrap_or_else(|| panic!("no tools in {body}"));
    tools.iter().map(|tool| tool["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn the_tool_appears_with_more_tools_than_the_limit() {
    let names = async |entries: &[Value]| {
        let (status, body) = request("tools/list", json!({})).json(&searchable(entries).0).await;
        assert_eq!(status, 200, "{body}");
        let tools = body["result"]["tools"].as_array().expect("tools").clone();
        tools.iter().map(|tool| tool["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    let three = weather_and_costs();
    assert_eq!(names(&three[..2]).await, ["get_cost", "get_weather"]);
    assert_eq!(names(&three).await, ["forecast_cost", "get_cost", "get_weather", "search_tools"]);
    let (gateway, _) = searchable(&three[..2]);
    assert_eq!(search(&json!({ "query": "cost" })).refusal(&gateway).await, (200, -32602));
}

#[tokio::test]
async fn definitions_come_back_as_the_list_has_them_and_no_worker_is_invoked() {
    let (gateway, calls) = searchable(&weather_and_costs());
    let (_, list) = request("tools/list", json!({})).json(&gateway).await;
    let (status, body) = search(&json!({ "query": "how is the weather?" })).json(&gateway).await;
    assert_eq!(status, 200, "{body}");
    let result = &body["result"];
    assert_eq!(result["structuredContent"], json!({ "tools": [list["result"]["tools"][2]], "matches": 1 }));
    let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().expect("a text")).expect("JSON");
    assert_eq!(text, result["structuredContent"]);
    assert_eq!(members(result), ["_meta", "content", "resultType", "structuredContent"]);
    assert_eq!(calls.count(), 0);
}

#[tokio::test]
async fn the_best_come_first_and_the_limit_says_how_many() {
    let (gateway, _) = searchable(&weather_and_costs());
    assert_eq!(found(&search(&json!({ "query": "forecast of cost" })), &gateway).await, ["forecast_cost", "get_cost"]);
    let (_, body) = search(&json!({ "query": "cost", "limit": 1 })).json(&gateway).await;
    assert_eq!(body["result"]["structuredContent"]["matches"], 2);
    assert_eq!(body["result"]["structuredContent"]["tools"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn nothing_found_says_what_to_do_and_it_does_not_find_itself() {
    let (gateway, _) = searchable(&weather_and_costs());
    let (_, body) = search(&json!({ "query": "search tools" })).json(&gateway).await;
    assert_eq!(body["result"]["structuredContent"], json!({ "tools": [], "matches": 0 }));
    assert!(body["result"]["content"][0]["text"].as_str().is_some_and(|text| text.contains("Try other words")));
}

/// R-10.
#[tokio::test]
async fn arguments_that_do_not_fit_are_an_error_the_model_can_correct() {
    let (gateway, _) = searchable(&weather_and_costs());
    for arguments in [json!({}), json!({ "query": "" }), json!({ "query": "x", "limit": 51 }), json!({ "q": "x" })] {
        let (status, body) = search(&arguments).json(&gateway).await;
        assert_eq!((status.as_u16(), &body["result"]["isError"]), (200, &json!(true)), "{arguments}: {body}");
    }
}

#[tokio::test]
async fn clients_of_a_handshake_revision_search_too() {
    let (gateway, _) = searchable(&weather_and_costs());
    let params = json!({ "name": "search_tools", "arguments": { "query": "weather" } });
    let (status, body) = handshake("2025-06-18", "tools/call", &params).json(&gateway).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(members(&body["result"]), ["content", "structuredContent"]);
}

/// A-10: a search tells nobody more than the list does.
#[tokio::test]
async fn callers_find_what_they_may_call() {
    let mut entries = weather_and_costs();
    entries[1] = with(entries[1].clone(), "scopes", json!(["cost:read"]));
    let policies =
        r#"permit(principal, action, resource); forbid(principal, action, resource == Tool::"forecast_cost");"#;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("p.cedar"), policies).expect("written");
    let (gateway, _) = answering::gateway(&entries, answer, |services| {
        let catalog = services.catalog.searchable(2);
        let policies = PolicyFolder::open(folder.path().to_owned(), &catalog).expect("sound policies");
        Services { auth: Auth::Trusted, policies: Some(policies), catalog, ..services }
    });
    let words = search(&json!({ "query": "cost weather" }));
    let (without, with) = (caller("alice", &[]), caller("bob", &["cost:read"]));
    assert_eq!(found(&words.clone().extension(without.clone()), &gateway).await, ["get_weather"]);
    let mut both = found(&words.extension(with.clone()), &gateway).await;
    both.sort();
    assert_eq!(both, ["get_cost", "get_weather"]);
    assert_eq!(tools(&gateway, &without).await, ["get_weather", "search_tools"]);
    assert_eq!(tools(&gateway, &with).await, ["get_cost", "get_weather", "search_tools"]);
}

#[tokio::test]
async fn a_tool_of_that_name_in_the_catalog_stays_what_it_is() {
    let (gateway, calls) = searchable(&[entry("a"), entry("b"), entry("search_tools")]);
    let (status, body) = search(&json!({ "q": 1 })).json(&gateway).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(calls.count(), 1);
}
