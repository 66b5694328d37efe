//! What is logged of a catalog in Parameter Store. A process of its own: the log belongs to the process.

mod recording;
#[path = "wire/parameter_store/stand_in.rs"]
#[expect(dead_code, reason = "this test needs less of it")]
mod stand_in;

use penstock_gateway::catalog::Catalog;
use recording::Log;
use serde_json::json;
use stand_in::{PATH, ParameterStore};
use tracing_subscriber::filter::LevelFilter;

/// A word of an entry's author, who may have meant it for nobody.
const SECRET: &str = "s3cr3t";

#[tokio::test]
async fn bad_parameters_are_reported_by_their_names_and_say_nothing_themselves() {
    let log = Log::start(LevelFilter::WARN);
    let store = ParameterStore::start().await;
    let open = async || {
        let location = format!("ssm:{PATH}").parse().expect("a path");
        Catalog::open(location, &store.aws().await, None).await.expect("a catalog")
    };
    assert_eq!(open().await.tool_count(), 0);
    assert!(log.text().contains("the catalog is empty"), "{}", log.text());
    let definition = json!({ "name": "tool", "description": "", "inputSchema": { "type": "object" } });
    let good = json!({ "definition": definition, "timeoutSeconds": 5, "function": "tool:1" });
    for (name, entry) in [("a", good.clone()), ("b", good), ("half", json!({ "definition": SECRET }))] {
        store.put(name, &entry);
    }
    store.put("text", &SECRET);
    assert_eq!(open().await.tool_count(), 1);
    let log = log.text();
    for told in ["b\",\"error\":\"tool is already in the catalog", "half\",\"error\"", "text\",\"error\""] {
        assert!(log.contains(&format!("\"entry\":\"{PATH}/{told}")), "{told} in {log}");
    }
    assert_eq!((log.lines().count(), log.matches(&format!("\"{SECRET}\"")).count()), (4, 0), "{log}");
}
