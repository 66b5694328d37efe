//! What is in the log, and what is not. A process of its own: the log belongs to the process.

mod recording;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::Request;
use http_body_util::BodyExt as _;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, InvokeError, PayloadStream};
use penstock_gateway::{Gateway, Services};
use recording::Log;
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;

/// A word that is in every place a client or worker can put one.
const SECRET: &str = "s3cr3t";

/// A worker that gives its secret away in an error, or that crashes with it on its lips.
struct Indiscreet;

impl Invoke for Indiscreet {
    fn invoke(&self, function: &str, _: Option<&str>, _: Vec<u8>) -> PayloadStream {
        let said = match function {
            "crashes" => {
                Err(InvokeError::Function { code: "Runtime.ExitError".to_owned(), details: SECRET.to_owned() })
            }
            _ => Ok(Bytes::from(format!("{{\"error\":{{\"code\":7,\"message\":\"{SECRET}\"}}}}\n"))),
        };
        stream::iter([said]).boxed()
    }
}

fn gateway() -> Gateway {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["fails", "crashes"] {
        let definition = json!({ "name": name, "description": "", "inputSchema": { "type": "object" } });
        let entry = json!({ "definition": definition, "timeoutSeconds": 5, "function": name });
        std::fs::write(folder.path().join(format!("{name}.json")), entry.to_string()).expect("written");
    }
    Gateway::new(Services::alone(Catalog::from_folder(folder.path()).expect("a catalog"), Indiscreet))
}

/// Sends a 2026-07-28 request with secrets in its headers and `_meta`, and reads the answer.
async fn send(gateway: &Gateway, method: &str, mut params: Value, name: &str) {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": { SECRET: {} },
        "progressToken": SECRET,
    });
    let body = json!({ "jsonrpc": "2.0", "id": SECRET, "method": method, "params": params }).to_string();
    let request = Request::post(format!("/mcp?{SECRET}"))
        .header("host", "127.0.0.1")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("authorization", format!("Bearer {SECRET}"))
        .header("mcp-session-id", SECRET)
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method)
        .header("mcp-name", name)
        .body(Bytes::from(body));
    let answer = gateway.handle(request.expect("a request")).await;
    drop(answer.into_body().collect().await.expect("a whole body"));
}

/// S-5: no token, argument, body or word of a worker's is logged; the method, entry and outcome are.
#[tokio::test]
async fn the_log_names_what_was_asked_and_nothing_that_was_said() {
    let log = Log::start(LevelFilter::TRACE);
    let gateway = gateway();
    let arguments = json!({ SECRET: SECRET });
    for name in ["fails", "crashes", SECRET] {
        send(&gateway, "tools/call", json!({ "name": name, "arguments": arguments }), name).await;
    }
    let answered = json!({ "name": "fails", "requestState": SECRET, "inputResponses": { SECRET: 1 } });
    send(&gateway, "tools/call", answered, "fails").await;
    send(&gateway, "tools/call", json!({ "name": "fails" }), SECRET).await;
    send(&gateway, "resources/read", json!({ "uri": SECRET }), SECRET).await;
    send(&gateway, "tools/list", json!({ "cursor": SECRET }), "").await;
    send(&gateway, SECRET, json!({}), "").await;
    let log = log.text();
    assert_eq!(log.lines().count(), 8, "a line a request: {log}");
    assert!(!log.contains(SECRET), "{log}");
    for told in [
        "tools/call",
        "\"entry\":\"fails\"",
        "\"function\":\"fails\"",
        "2026-07-28",
        "worker_error",
        "Runtime.ExitError",
    ] {
        assert!(log.contains(told), "{told} in {log}");
    }
}
