//! A gateway without sockets or AWS: requests in, response bytes out, a worker the test plays.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, InvokeError, PayloadStream};
use penstock_gateway::{Gateway, MCP_PATH, Services};
use penstock_schemas::Exchange;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::checked::{Body, checked, unchecked};

pub(crate) type Chunk = Result<Bytes, InvokeError>;

/// What the worker was invoked with.
#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    pub(crate) function: String,
    pub(crate) payload: Value,
    pub(crate) raw: String,
}

/// A worker whose every chunk comes from the test.
pub(crate) struct Worker {
    pub(crate) chunks: mpsc::Sender<Chunk>,
    invocations: Arc<Mutex<Vec<Invocation>>>,
}

impl Worker {
    pub(crate) async fn says(&self, chunk: impl Into<Bytes>) {
        self.chunks.send(Ok(chunk.into())).await.expect("the relay reads on");
    }

    pub(crate) async fn fails(&self, error: InvokeError) {
        self.chunks.send(Err(error)).await.expect("the relay reads on");
    }

    pub(crate) fn invocations_handle(&self) -> Arc<Mutex<Vec<Invocation>>> {
        self.invocations.clone()
    }

    pub(crate) fn invocations(&self) -> Vec<Invocation> {
        self.invocations.lock().expect("no test panics while it holds this").clone()
    }
}

struct Scripted {
    chunks: Mutex<Option<mpsc::Receiver<Chunk>>>,
    invocations: Arc<Mutex<Vec<Invocation>>>,
}

impl Invoke for Scripted {
    fn invoke(&self, function: &str, _: Option<&str>, payload: Vec<u8>) -> PayloadStream {
        let raw = String::from_utf8(payload).expect("the event is text");
        let payload = serde_json::from_str(&raw).expect("the event is JSON");
        let mut invocations = self.invocations.lock().expect("not poisoned");
        invocations.push(Invocation { function: function.to_owned(), payload, raw });
        let chunks = self.chunks.lock().expect("not poisoned").take().expect("one call a test");
        stream::unfold(chunks, |mut chunks| async { chunks.recv().await.map(|chunk| (chunk, chunks)) }).boxed()
    }
}

/// The manifest of a tool named `tool`, as a deployment would publish it.
pub(crate) fn entry(name: &str) -> Value {
    json!({
        "definition": { "name": name, "description": "A tool.", "inputSchema": { "type": "object" } },
        "timeoutSeconds": 60,
        "function": format!("{name}:7"),
    })
}

/// The manifest of anything else, its function named like it.
pub(crate) fn entry_of(kind: &str, definition: &Value) -> Value {
    let function = format!("{}:7", definition["name"].as_str().expect("a name"));
    json!({ "kind": kind, "definition": definition, "timeoutSeconds": 60, "function": function })
}

/// A request of a handshake revision.
pub(crate) fn handshake(revision: &str, method: &str, params: &Value) -> Draft {
    let body = json!({ "jsonrpc": "2.0", "id": "a", "method": method, "params": params });
    post(&body.to_string()).header("mcp-protocol-version", revision)
}

/// A gateway that serves `entries`, and the worker behind all of them.
pub(crate) fn gateway(entries: &[Value]) -> (Gateway, Worker) {
    let folder = tempfile::tempdir().expect("a folder");
    for (at, entry) in entries.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{at}.json")), entry.to_string()).expect("written");
    }
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    let origins = "https://app.example.com".parse().expect("an origin");
    let (invoker, worker) = scripted_invoker();
    (Gateway::new(Services { origins, ..Services::alone(catalog, invoker) }), worker)
}

/// An invoker, and the worker it invokes.
pub(crate) fn scripted_invoker() -> (impl Invoke, Worker) {
    let (sender, receiver) = mpsc::channel(1);
    let invocations = Arc::new(Mutex::new(Vec::new()));
    let invoker = Scripted { chunks: Mutex::new(Some(receiver)), invocations: invocations.clone() };
    (invoker, Worker { chunks: sender, invocations })
}

/// A gateway that serves one tool named `tool`.
pub(crate) fn one_tool() -> (Gateway, Worker) {
    gateway(&[entry("tool")])
}

/// A worker that says `chunks` and ends.
pub(crate) fn scripted(chunks: impl IntoIterator<Item = Chunk, IntoIter: Send + 'static>) -> Gateway {
    let (gateway, worker) = one_tool();
    let chunks = chunks.into_iter();
    tokio::spawn(async move {
        for chunk in chunks {
            if worker.chunks.send(chunk).await.is_err() {
                return;
            }
        }
    });
    gateway
}

/// The members of `_meta` that 2026-07-28 wants on every request.
pub(crate) fn meta() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}

/// A request under construction: headers can be replaced and taken away.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    method: &'static str,
    uri: String,
    headers: Vec<(String, Vec<u8>)>,
    extensions: http::Extensions,
    body: Bytes,
}

impl Draft {
    pub(crate) fn new(method: &'static str, uri: &str) -> Self {
        let headers = vec![("host".to_owned(), b"127.0.0.1:3000".to_vec())];
        Self { method, uri: uri.to_owned(), headers, extensions: http::Extensions::new(), body: Bytes::new() }
    }

    /// Sets a header, whatever it was before.
    pub(crate) fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.without(name).also(name, value)
    }

    /// Adds a header beside any of the same name.
    pub(crate) fn also(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    pub(crate) fn extension<T: Clone + Send + Sync + 'static>(mut self, extension: T) -> Self {
        self.extensions.insert(extension);
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends the request. Whatever is read of the answer to it is checked against the schemas.
    pub(crate) async fn send(&self, gateway: &Gateway) -> Response<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.uri);
        for (name, value) in &self.headers {
            request = request.header(name, &**value);
        }
        let mut request = request.body(self.body.clone()).expect("a sound request");
        *request.extensions_mut() = self.extensions.clone();
        let response = gateway.handle(request).await;
        if self.uri == MCP_PATH { checked(response, self.exchange()) } else { unchecked(response) }
    }

    fn exchange(&self) -> Exchange {
        let versions = self.headers.iter().filter(|(name, _)| name == "mcp-protocol-version");
        let versions: Vec<_> = versions.map(|(_, value)| &**value).collect();
        Exchange::new(&versions, &self.body)
    }

    /// The status and the whole body as JSON.
    pub(crate) async fn json(&self, gateway: &Gateway) -> (StatusCode, Value) {
        let response = self.send(gateway).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        let json = serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{error}: {body:?}"));
        (parts.status, json)
    }

    /// The status and the JSON-RPC error code.
    pub(crate) async fn refusal(&self, gateway: &Gateway) -> (u16, i64) {
        let (status, body) = self.json(gateway).await;
        (status.as_u16(), body["error"]["code"].as_i64().unwrap_or_else(|| panic!("no error in {body}")))
    }
}

/// A POST to the MCP endpoint.
pub(crate) fn post(body: &str) -> Draft {
    Draft::new("POST", "/mcp")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .body(body.to_owned())
}

/// A 2026-07-28 request with its routing headers; `params` gets a `_meta` unless it has one.
pub(crate) fn request(method: &str, mut params: Value) -> Draft {
    params.as_object_mut().expect("params are an object").entry("_meta").or_insert_with(meta);
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let draft = post(&body.to_string()).header("mcp-protocol-version", "2026-07-28").header("mcp-method", method);
    match params["name"].as_str().or(params["uri"].as_str()) {
        Some(name) => draft.header("mcp-name", name),
        None => draft,
    }
}

/// A call of `tool`; `progressToken` is `7`.
pub(crate) fn call() -> Draft {
    let mut meta = meta();
    meta["progressToken"] = json!(7);
    request("tools/call", json!({ "name": "tool", "arguments": {}, "_meta": meta }))
}

/// The names of an object's members, sorted: their order means nothing.
pub(crate) fn members(object: &Value) -> Vec<&str> {
    let mut names: Vec<_> = object.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// The next piece of a streamed body, as text.
pub(crate) async fn next(body: &mut Body) -> Option<String> {
    let frame = body.frame().await?.expect("the body goes on");
    Some(String::from_utf8(frame.into_data().expect("no trailers").to_vec()).expect("text"))
}

/// Everything left of a body, as text.
pub(crate) async fn rest(body: Body) -> String {
    String::from_utf8(body.collect().await.expect("a whole body").to_bytes().to_vec()).expect("text")
}

/// The messages of an event stream, read as the HTML standard says.
pub(crate) fn messages(stream: &str) -> Vec<Value> {
    let events = stream.split("\n\n").filter(|event| !event.is_empty());
    let mut messages = Vec::new();
    for event in events {
        let field =
            |name: &str| event.lines().filter_map(|line| line.strip_prefix(name)).collect::<Vec<_>>().join("\n");
        let data = field("data: ");
        if !data.is_empty() && matches!(&*field("event: "), "" | "message") {
            messages.push(serde_json::from_str(&data).unwrap_or_else(|error| panic!("{error}: {data}")));
        }
    }
    messages
}
