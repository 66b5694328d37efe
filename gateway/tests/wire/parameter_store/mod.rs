//! The catalog in Parameter Store, over HTTP.

mod shared;
mod stand_in;

use std::sync::Arc;
use std::time::Duration;

use penstock_gateway::catalog::{Catalog, CatalogError};
use penstock_gateway::{Gateway, Services};
use penstock_store::Store;
use serde_json::{Value, json};

use crate::catalog_changes::{described, tool, tools};
use crate::support::{entry, request, scripted_invoker};
use stand_in::{PATH, ParameterStore};

/// Longer than Parameter Store may go without being looked at.
const A_WHILE: Duration = Duration::from_secs(31);

/// So long that a request waits for what is new.
const LONG: Duration = Duration::from_secs(301);

/// Lets time pass. It stands still for nobody in these tests but in here: sockets know no other time.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

async fn catalog(store: &ParameterStore, shared: Option<Arc<dyn Store>>) -> Result<Catalog, CatalogError> {
    let location = format!("ssm:{PATH}").parse().expect("a path");
    Catalog::open(location, &store.aws().await, shared).await
}

fn serving(catalog: Catalog) -> Gateway {
    let (invoker, _) = scripted_invoker();
    Gateway::new(Services::alone(catalog, invoker))
}

async fn gateway(store: &ParameterStore) -> Gateway {
    serving(catalog(store, None).await.expect("a catalog"))
}

/// A Parameter Store with the tools `a` and `b`, and a gateway that has read it.
async fn two_tools() -> (ParameterStore, Gateway) {
    let store = ParameterStore::start().await;
    store.put("a", &entry("a"));
    store.put("b", &entry("b"));
    let gateway = gateway(&store).await;
    (store, gateway)
}

/// Asks until the answer is another one.
async fn until_changed(gateway: &Gateway) -> Vec<(String, String)> {
    let before = tools(gateway).await;
    let changed = async {
        loop {
            let now = tools(gateway).await;
            if now != before {
                return now;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), changed).await.expect("it changes")
}

/// every page is read, and every tool is on some page of the list.
#[tokio::test]
async fn a_catalog_of_thousands_is_served_whole_and_in_order() {
    let store = ParameterStore::start().await;
    let names: Vec<_> = (0..2500).map(|number| format!("tool-{number:04}")).collect();
    for name in &names {
        store.put(name, &entry(name));
    }
    let gateway = gateway(&store).await;
    assert_eq!(store.asked("GetParametersByPath"), 250);
    let (mut listed, mut params) = (Vec::new(), json!({}));
    loop {
        let (_, body) = request("tools/list", params).json(&gateway).await;
        let page = body["result"]["tools"].as_array().expect("a list").iter();
        listed.extend(page.map(|tool| tool["name"].as_str().expect("a name").to_owned()));
        let Some(cursor) = body["result"]["nextCursor"].as_str() else { break };
        params = json!({ "cursor": cursor });
    }
    assert_eq!(listed, names);
}

#[tokio::test]
async fn parameters_that_come_change_and_go_count() {
    let (store, gateway) = two_tools().await;
    store.put("a", &described("a", "Another tool."));
    store.put("c", &entry("c"));
    store.delete("b");
    pass(LONG).await;
    assert_eq!(tools(&gateway).await, [tool("a", "Another tool."), tool("c", "A tool.")]);
}

#[tokio::test]
async fn a_parameter_made_anew_is_another_one_though_its_version_is_the_same() {
    let (store, gateway) = two_tools().await;
    store.delete("a");
    store.put("a", &described("a", "Made anew."));
    pass(LONG).await;
    assert_eq!(tools(&gateway).await, [tool("a", "Made anew."), tool("b", "A tool.")]);
}

#[tokio::test]
async fn a_bad_parameter_goes_on_as_it_was_and_hurts_no_other() {
    let (store, gateway) = two_tools().await;
    store.put("a", &"{ half");
    store.put("b", &described("b", "A better tool."));
    store.put("c", &"{ half");
    pass(LONG).await;
    assert_eq!(tools(&gateway).await, [tool("a", "A tool."), tool("b", "A better tool.")]);
    store.put("a", &described("a", "Whole again."));
    pass(LONG).await;
    assert_eq!(tools(&gateway).await, [tool("a", "Whole again."), tool("b", "A better tool.")]);
}

#[tokio::test]
async fn a_page_that_cannot_be_read_leaves_the_whole_catalog_as_it_was() {
    let (store, gateway) = two_tools().await;
    for name in 0..15 {
        store.put(&format!("0{name}"), &entry(&format!("n{name}")));
    }
    store.put("a", &described("a", "Another tool."));
    store.fail([None, Some("AccessDeniedException")]);
    pass(LONG).await;
    assert_eq!(tools(&gateway).await, [tool("a", "A tool."), tool("b", "A tool.")], "two of a page of ten");
    assert_eq!(store.asked("GetParametersByPath"), 3);
    pass(LONG).await;
    assert_eq!(tools(&gateway).await.len(), 17);
}

#[tokio::test]
async fn throttling_delays_a_start_and_no_more() {
    let store = ParameterStore::start().await;
    store.put("a", &entry("a"));
    store.fail([Some("ThrottlingException")]);
    assert_eq!(tools(&gateway(&store).await).await, [tool("a", "A tool.")]);
    assert_eq!(store.asked("GetParametersByPath"), 2);
}

#[tokio::test]
async fn a_gateway_that_may_not_read_its_catalog_does_not_start_and_says_what_it_lacks() {
    let store = ParameterStore::start().await;
    store.fail([Some("AccessDeniedException")]);
    let error = catalog(&store, None).await.expect_err("denied").to_string();
    for told in [PATH, "ssm:GetParametersByPath"] {
        assert!(error.contains(told), "{told} in {error}");
    }
}

#[tokio::test]
async fn a_path_without_parameters_is_a_catalog_without_tools() {
    let store = ParameterStore::start().await;
    let gateway = gateway(&store).await;
    assert_eq!(tools(&gateway).await, []);
    store.put("a", &entry("a"));
    pass(LONG).await;
    assert_eq!(tools(&gateway).await, [tool("a", "A tool.")]);
}

#[tokio::test]
async fn parameter_store_is_asked_every_half_minute_at_most() {
    let (store, gateway) = two_tools().await;
    store.put("c", &entry("c"));
    for _ in 0..3 {
        tools(&gateway).await;
    }
    assert_eq!(store.asked("GetParametersByPath"), 1);
    pass(A_WHILE).await;
    assert_eq!(until_changed(&gateway).await.len(), 3);
    assert_eq!(store.asked("GetParametersByPath"), 2);
}

#[tokio::test]
async fn requests_are_answered_while_parameter_store_is_silent() {
    let (store, gateway) = two_tools().await;
    store.put("c", &entry("c"));
    store.hold(true);
    pass(A_WHILE).await;
    for _ in 0..3 {
        assert_eq!(tools(&gateway).await.len(), 2, "nobody waits");
    }
    store.hold(false);
    assert_eq!(until_changed(&gateway).await.len(), 3);
    assert_eq!(store.asked("GetParametersByPath"), 2);
}

#[tokio::test]
async fn a_look_that_was_frozen_half_way_is_given_up_for_another() {
    let (store, gateway) = two_tools().await;
    store.put("c", &entry("c"));
    store.hold(true);
    pass(A_WHILE).await;
    tools(&gateway).await;
    while store.asked("GetParametersByPath") < 2 {
        tokio::task::yield_now().await;
    }
    store.put("d", &entry("d"));
    // As if the function had been frozen.
    pass(LONG).await;
    store.hold(false);
    assert_eq!(tools(&gateway).await.len(), 4, "an answer from before would have three");
}

/// A canary's document, and that of whoever it is not for.
fn canary(description: &str) -> Value {
    let mut entry = described("a", description);
    entry["canary"] = json!(10);
    entry
}

#[tokio::test]
async fn a_history_is_read_for_canaries_alone_and_once_a_version() {
    let (store, gateway) = two_tools().await;
    let known = tools(&gateway).await;
    assert_eq!(store.asked("GetParameterHistory"), 0);
    store.put("a", &canary("New."));
    for asked in [1, 1, 2] {
        pass(LONG).await;
        // Nobody is known here, so the canary is for somebody else.
        assert_eq!(tools(&gateway).await, known);
        assert_eq!(store.asked("GetParameterHistory"), asked);
        if asked == 1 && store.asked("GetParametersByPath") == 3 {
            store.put("a", &canary("Newer."));
        }
    }
}
