//! The order of checks: of two faults in one request, the client is told of the one that comes first.

use serde_json::{Value, json};

use crate::support::{Draft, entry, gateway, meta, post, rest};

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";

/// A sound call of a tool with a repeated argument, to be spoilt.
struct Request {
    headers: Vec<(&'static str, &'static str)>,
    message: Value,
    /// Sent in place of the message.
    body: Option<String>,
}

impl Request {
    fn sound() -> Self {
        let headers = vec![
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "tool"),
            ("mcp-param-place", "Graz"),
        ];
        let params = json!({ "name": "tool", "arguments": { "place": "Graz" }, "_meta": meta() });
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        Self { headers, message, body: None }
    }

    fn header(&mut self, name: &'static str, value: Option<&'static str>) {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.extend(value.map(|value| (name, value)));
    }

    fn draft(&self) -> Draft {
        let body = self.body.clone().unwrap_or_else(|| self.message.to_string());
        self.headers.iter().fold(post(&body), |draft, (name, value)| draft.header(name, value))
    }
}

/// One thing to do wrong, and what the answer says of it.
struct Fault {
    spoil: fn(&mut Request),
    status: u16,
    says: &'static str,
}

const fn fault(status: u16, says: &'static str, spoil: fn(&mut Request)) -> Fault {
    Fault { spoil, status, says }
}

/// Every fault there is, the first to be told first.
const FAULTS: [Fault; 17] = [
    fault(403, "Host header", |request| request.header("host", Some("evil.example.com"))),
    fault(403, "this Origin", |request| request.header("origin", Some("https://evil.example.com"))),
    fault(415, "Content-Type", |request| request.header("content-type", Some("text/plain"))),
    fault(406, "Accept", |request| request.header("accept", Some("text/html"))),
    fault(413, "4 MiB", |request| request.body = Some(" ".repeat(4 * 1024 * 1024 + 1))),
    fault(400, "-32700", |request| request.body = Some("{".to_owned())),
    fault(400, "-32600", |request| request.message["id"] = Value::Null),
    fault(400, "mcp-protocol-version: missing", |request| request.header("mcp-protocol-version", None)),
    fault(400, "clientCapabilities is missing", |request| {
        request.message["params"]["_meta"] = json!({ VERSION: request.message["params"]["_meta"][VERSION] });
    }),
    fault(400, "mcp-protocol-version: differs", |request| request.header("mcp-protocol-version", Some("2025-11-25"))),
    fault(400, "-32022", |request| {
        request.header("mcp-protocol-version", Some("2099-01-01"));
        request.message["params"]["_meta"][VERSION] = json!("2099-01-01");
    }),
    fault(400, "mcp-method: differs", |request| request.header("mcp-method", Some("tools/list"))),
    fault(404, "-32601", |request| {
        request.header("mcp-method", Some("tools/fetch"));
        request.message["method"] = json!("tools/fetch");
    }),
    fault(200, "invalid type", |request| request.message["params"]["name"] = json!(5)),
    fault(400, "mcp-name: differs", |request| request.header("mcp-name", Some("other"))),
    fault(200, "unknown tool", |request| {
        request.header("mcp-name", Some("nothing"));
        request.message["params"]["name"] = json!("nothing");
    }),
    fault(400, "mcp-param-place: differs", |request| request.header("mcp-param-place", Some("Wien"))),
];

/// What is looked at once everything around the arguments is right.
const LATE: [Fault; 2] = [
    fault(200, "inputSchema", |request| request.message["params"]["arguments"]["places"] = json!(1)),
    fault(200, "not one of this request's", |request| request.message["params"]["requestState"] = json!("forged")),
];

/// H-10 to H-14, M-1, R-10, Q-5: the order that docs/protocol.md promises.
#[tokio::test]
async fn of_two_faults_the_first_in_the_order_is_told() {
    let mut tool = entry("tool");
    tool["definition"]["inputSchema"] = json!({
        "type": "object",
        "properties": { "place": { "type": "string", "x-mcp-header": "Place" } },
        "additionalProperties": false,
    });
    let (gateway, worker) = gateway(&[tool]);
    let faults: Vec<&Fault> = FAULTS.iter().chain(&LATE).collect();
    for (at, first) in faults.iter().enumerate() {
        for second in &faults[at..] {
            let mut request = Request::sound();
            (second.spoil)(&mut request);
            (first.spoil)(&mut request);
            let response = request.draft().send(&gateway).await;
            let status = response.status().as_u16();
            let said = rest(response.into_body()).await;
            assert_eq!(status, first.status, "{} before {}: {said}", first.says, second.says);
            assert!(said.contains(first.says), "{} before {}: {said}", first.says, second.says);
        }
    }
    assert!(worker.invocations().is_empty(), "nobody is billed for any of it");
}
