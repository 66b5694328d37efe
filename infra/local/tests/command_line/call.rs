//! What a call sends and shows.

use serde_json::json;

use crate::peer::Peer;

/// An event with a progress notification.
fn progress(done: u32) -> String {
    let params = json!({ "progressToken": 1, "progress": done, "total": 2, "message": format!("step {done}") });
    format!("data: {}\n\n", json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": params }))
}

fn result(result: &serde_json::Value) -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string()
}

/// The line without its time offset, which must look like `+0.312s`.
fn timed(line: &str) -> &str {
    let (offset, rest) = line.split_once("  ").expect("an offset and a text");
    let seconds = offset.strip_prefix('+').and_then(|offset| offset.strip_suffix('s')).expect("+…s");
    assert!(seconds.parse::<f64>().is_ok_and(|seconds| seconds >= 0.0), "{line}");
    assert_eq!(seconds.split_once('.').map(|(_, digits)| digits.len()), Some(3), "{line}");
    rest
}

#[test]
fn a_call_describes_itself_in_headers_and_meta() {
    let peer = Peer::listen();
    let cli = peer.start(&["call", "long_operation", r#"{"steps": 2, "precise": 1.0}"#, "--token", "secret"]);
    let exchange = peer.accept();
    for header in [
        "post /mcp http/1.1",
        "content-type: application/json",
        "accept: application/json, text/event-stream",
        "mcp-protocol-version: 2026-07-28",
        "mcp-method: tools/call",
        "mcp-name: long_operation",
        "authorization: bearer secret",
    ] {
        assert!(exchange.head.lines().any(|line| line == header), "{header} is not in {}", exchange.head);
    }
    let params = &exchange.body["params"];
    assert_eq!(exchange.body["jsonrpc"], "2.0");
    assert_eq!(exchange.body["method"], "tools/call");
    assert_eq!(params["name"], "long_operation");
    assert_eq!(params["arguments"], json!({ "steps": 2, "precise": 1.0 }));
    assert_eq!(params["_meta"]["io.modelcontextprotocol/protocolVersion"], "2026-07-28");
    assert_eq!(params["_meta"]["io.modelcontextprotocol/clientCapabilities"], json!({}));
    assert_eq!(params["_meta"]["io.modelcontextprotocol/clientInfo"]["name"], "penstock");
    assert!(params["_meta"]["progressToken"].is_number());
    exchange.answer("200 OK", "application/json", &result(&json!({ "content": [] })));
    assert!(cli.end().status.success());
}

#[test]
fn a_name_that_is_not_ascii_travels_as_base64() {
    let peer = Peer::listen();
    let _cli = peer.start(&["call", "größe"]);
    let exchange = peer.accept();
    assert!(exchange.head.contains("mcp-name: =?base64?z3ldtsofzq==?="), "{}", exchange.head);
    assert_eq!(exchange.body["params"]["arguments"], json!({}));
}

#[test]
fn each_event_is_printed_while_the_stream_is_still_open() {
    let peer = Peer::listen();
    let mut cli = peer.start(&["call", "long_operation"]);
    let mut exchange = peer.accept();
    exchange.stream();
    exchange.write(&progress(1));
    assert_eq!(timed(&cli.line()), "progress 1/2  step 1");
    let log = json!({ "method": "notifications/message", "params": { "level": "info", "data": "half way" } });
    exchange.write(&format!("event: ping\ndata: x\n\ndata: {log}\n\n"));
    assert_eq!(timed(&cli.line()), "info  half way");
    exchange.write(&progress(2));
    assert_eq!(timed(&cli.line()), "progress 2/2  step 2");
    let done =
        result(&json!({ "content": [{ "type": "text", "text": "two\nlines" }], "structuredContent": { "a": 1 } }));
    exchange.write(&format!("data: {done}\n\n"));
    assert_eq!(timed(&cli.line()), "done");
    let ended = cli.end();
    assert_eq!(ended.output, ["two", "lines"]);
    assert!(ended.status.success(), "{}", ended.errors);
}

#[test]
fn structured_content_is_shown_where_there_is_no_text() {
    let peer = Peer::listen();
    let cli = peer.start(&["call", "ping"]);
    let image = json!({ "type": "image", "mimeType": "image/png", "data": "AAAA" });
    let body = result(&json!({ "content": [image], "structuredContent": { "reply": "pong" } }));
    peer.accept().answer("200 OK", "application/json", &body);
    let ended = cli.end();
    assert_eq!(ended.output[1..], ["[image image/png]", "{", "  \"reply\": \"pong\"", "}"]);
}

#[test]
fn a_failed_tool_is_shown_and_ends_with_1() {
    let peer = Peer::listen();
    let cli = peer.start(&["call", "ping"]);
    let body = result(&json!({ "content": [{ "type": "text", "text": "no such thing" }], "isError": true }));
    peer.accept().answer("200 OK", "application/json", &body);
    let ended = cli.end();
    assert_eq!(timed(&ended.output[0]), "failed");
    assert_eq!(ended.output[1..], ["no such thing"]);
    assert_eq!(ended.status.code(), Some(1));
}

#[cfg(unix)]
#[test]
fn ctrl_c_closes_the_stream_and_ends_with_130() {
    let peer = Peer::listen();
    let mut cli = peer.start(&["call", "long_operation"]);
    let mut exchange = peer.accept();
    exchange.stream();
    exchange.write(&progress(1));
    cli.line();
    cli.interrupt();
    exchange.closed();
    assert_eq!(cli.end().status.code(), Some(130));
}
