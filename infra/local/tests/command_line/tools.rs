//! What a list shows.

use serde_json::{Value, json};

use crate::peer::Peer;

fn page(result: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string()
}

#[test]
fn every_page_is_listed_with_what_a_caller_needs_to_know() {
    let peer = Peer::listen();
    let cli = peer.start(&["tools"]);
    let first = peer.accept();
    assert!(first.head.contains("mcp-method: tools/list"), "{}", first.head);
    assert!(!first.head.contains("mcp-name"), "{}", first.head);
    assert_eq!(first.body["params"].get("cursor"), None);
    let schema = json!({ "type": "object", "required": ["steps", "step_ms"] });
    let tool = json!({ "name": "long_operation", "title": "Long operation", "description": "Takes time.\nA lot.", "inputSchema": schema });
    first.answer("200 OK", "application/json", &page(&json!({ "tools": [tool], "nextCursor": "" })));
    let second = peer.accept();
    assert_eq!(second.body["params"]["cursor"], "", "an empty cursor is a cursor");
    let tool = json!({ "name": "ping", "inputSchema": { "type": "object" } });
    second.answer("200 OK", "application/json", &page(&json!({ "tools": [tool] })));
    let ended = cli.end();
    assert_eq!(
        ended.output,
        ["long_operation  (Long operation)", "    Takes time.", "    required: steps, step_ms", "ping"]
    );
    assert!(ended.status.success(), "{}", ended.errors);
}

#[test]
fn an_answer_that_is_no_list_is_said_to_be_none() {
    let peer = Peer::listen();
    let cli = peer.start(&["tools"]);
    peer.accept().answer("200 OK", "application/json", &page(&json!({ "prompts": [] })));
    let ended = cli.end();
    assert_eq!(ended.status.code(), Some(2));
    assert!(ended.errors.contains("not a list of tools"), "{}", ended.errors);
}
