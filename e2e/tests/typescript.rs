//! The official TypeScript SDK, 1.x and 2.x, in every way each of them connects.

use penstock_e2e::{Access, Penstock, node};
use rstest::rstest;
use serde_json::{Value, json};

/// What the client of `script` saw, with what may differ from run to run taken out.
async fn observed(access: Access, script: &str, mode: &[&str]) -> anyhow::Result<Vec<Value>> {
    let penstock = Penstock::with_fixtures(access).await?;
    let mut observed = node::script(script, &[&[penstock.url()], mode].concat()).await?;
    for observation in &mut observed {
        // When something arrived is for people to read; in which order is asserted.
        observation.as_object_mut().expect("an object").remove("ms");
    }
    Ok(observed)
}

fn text(text: &str) -> Value {
    json!([{ "type": "text", "text": text }])
}

fn progress(progress: u32) -> Value {
    let message = format!("Completed step {progress} of 100");
    json!({ "event": "progress", "progress": progress, "total": 100, "message": message })
}

/// Asserts the whole visit of `observe.mjs`: nothing missing, nothing besides, in this order.
fn assert_visit(observed: &[Value], revision: &str, refusal: &str) {
    let [connected, tools, rest @ ..] = observed else { panic!("{observed:?}") };
    assert_eq!(*connected, json!({ "event": "connected", "revision": revision, "server": "penstock-gateway" }));
    let names: Vec<_> = tools["names"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
    assert!(names.is_sorted(), "{names:?}");
    for name in ["fault_silent", "plain_echo", "test_simple_text", "test_tool_with_progress"] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    let done = text("Progress was reported three times.");
    let failed = text("This tool intentionally returns an error for testing");
    let expected = [
        json!({ "event": "text", "content": text("This is a simple text response for testing."), "isError": false }),
        json!({ "event": "echo", "content": text("Größe: 1 µm"), "isError": false }),
        progress(0),
        progress(50),
        progress(100),
        json!({ "event": "result", "content": done, "isError": false }),
        json!({ "event": "failed", "content": failed, "isError": true }),
        json!({ "event": "refused", "code": -32602, "message": refusal }),
        json!({ "event": "closed" }),
    ];
    assert_eq!(rest, expected);
}

#[rstest]
#[tokio::test]
async fn the_1_x_client_initializes_lists_calls_and_hears_progress(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let observed = observed(access, "sdk1.mjs", &[]).await?;
    assert_visit(&observed, "2025-11-25", "MCP error -32602: unknown tool: no_such_tool");
    Ok(())
}

#[rstest]
#[tokio::test]
async fn the_2_x_client_initializes_lists_calls_and_hears_progress(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let observed = observed(access, "sdk2.mjs", &["legacy"]).await?;
    assert_visit(&observed, "2025-11-25", "unknown tool: no_such_tool");
    Ok(())
}

#[rstest]
#[tokio::test]
async fn the_2_x_client_speaks_2026_07_28_where_it_insists_on_it(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let observed = observed(access, "sdk2.mjs", &["2026-07-28"]).await?;
    assert_visit(&observed, "2026-07-28", "unknown tool: no_such_tool");
    Ok(())
}

#[rstest]
#[tokio::test]
async fn the_2_x_client_discovers_2026_07_28_where_it_may_choose(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let observed = observed(access, "sdk2.mjs", &["auto"]).await?;
    assert_visit(&observed, "2026-07-28", "unknown tool: no_such_tool");
    Ok(())
}
