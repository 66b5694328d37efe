//! A gateway in this process whose worker always answers at once: requests in, checked answers out.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderValue, Request, header};
use http_body_util::BodyExt as _;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, PayloadStream};
use penstock_gateway::{Gateway, Services};
use penstock_schemas::{Exchange, Reader};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// How often the worker has been invoked by this process, which runs one request at a time.
static INVOCATIONS: AtomicUsize = AtomicUsize::new(0);

static GATEWAY: LazyLock<Gateway> = LazyLock::new(gateway);

/// Time stands still but where everything waits for it: no input costs a timeout.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
});

/// What workers say, whatever they are asked.
const FRAMES: &[u8] =
    b"{\"progress\":{\"progress\":1}}\n{\"log\":{\"level\":\"info\",\"data\":1}}\n{\"result\":{\"content\":[]}}\n";

/// What the worker of the tool `asking` says instead.
const QUESTION: &[u8] = b"{\"inputRequired\":{\"requestState\":\"the worker's own\"}}\n";

struct Worker;

impl Invoke for Worker {
    fn invoke(&self, function: &str, _: Option<&str>, payload: Vec<u8>) -> PayloadStream {
        let event: Value = serde_json::from_slice(&payload).unwrap_or_default();
        let state = &event["context"]["input"]["state"];
        assert!(state.is_null() || state == "the worker's own", "a state no worker gave out: {state}");
        INVOCATIONS.fetch_add(1, Ordering::Relaxed);
        let said = if function == "asking" { QUESTION } else { FRAMES };
        stream::iter([Ok(Bytes::from_static(said))]).boxed()
    }
}

fn gateway() -> Gateway {
    let schema = json!({ "type": "object", "properties": {
        "region": { "type": "string", "x-mcp-header": "Region" },
        "page": { "type": "integer", "x-mcp-header": "Page" },
        "deep": { "type": "object", "properties": { "dry": { "type": "boolean", "x-mcp-header": "Dry" } } },
    } });
    let folder = tempfile::tempdir().expect("a folder");
    let any = json!({ "type": "object" });
    for (name, schema) in [("tool", any.clone()), ("asking", any.clone()), ("other", any), ("annotated", schema)] {
        let definition = json!({ "name": name, "description": "A tool.", "inputSchema": schema });
        let entry = json!({ "definition": definition, "timeoutSeconds": 60, "function": name });
        std::fs::write(folder.path().join(format!("{name}.json")), entry.to_string()).expect("written");
    }
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    Gateway::new(Services::alone(catalog, Worker))
}

/// A call of 2026-07-28 and the headers that go with it; `members` stand beside the tool's name.
pub fn call(tool: &str, members: &Value) -> (Vec<(&'static str, Vec<u8>)>, Value) {
    let mut params = members.clone();
    params["name"] = tool.into();
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let headers = [("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/call"), ("mcp-name", tool)];
    let headers = headers.map(|(name, value)| (name, value.as_bytes().to_vec())).to_vec();
    (headers, json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }))
}

/// What became of a request.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Every message of the body, each held to the schema of the request's revision.
    pub messages: Vec<Value>,
    /// How often the worker was invoked.
    pub invocations: usize,
}

impl Answer {
    /// Whether anything in it is a result.
    pub fn has_result(&self) -> bool {
        self.results() > 0
    }

    /// How many results are in it.
    pub fn results(&self) -> usize {
        self.messages.iter().flat_map(each).filter(|message| message.get("result").is_some()).count()
    }

    /// The code of the error it ends with.
    pub fn error(&self) -> Option<i64> {
        self.messages.last()?["error"]["code"].as_i64()
    }
}

/// The messages of a batch, or the one there is.
fn each(message: &Value) -> &[Value] {
    message.as_array().map_or(std::slice::from_ref(message), Vec::as_slice)
}

/// Posts `body` with `headers` beside those every client sends; `None` if HTTP cannot carry them.
///
/// # Panics
/// If what is answered is not what a schema allows.
pub fn post(headers: &[(&'static str, Vec<u8>)], body: &[u8]) -> Option<Answer> {
    let mut request = Request::post("/mcp").header("host", "localhost").header("content-type", "application/json");
    if !headers.iter().any(|(name, _)| *name == "accept") {
        request = request.header("accept", "application/json, text/event-stream");
    }
    for (name, value) in headers {
        request = request.header(*name, HeaderValue::from_bytes(value).ok()?);
    }
    let request = request.body(Bytes::copy_from_slice(body)).ok()?;
    let versions: Vec<_> = headers.iter().filter(|(name, _)| *name == "mcp-protocol-version").collect();
    let versions: Vec<_> = versions.into_iter().map(|(_, value)| &**value).collect();
    let exchange = Exchange::new(&versions, body);
    let before = INVOCATIONS.load(Ordering::Relaxed);
    let (parts, body) = RUNTIME.block_on(async {
        let (parts, body) = GATEWAY.handle(request).await.into_parts();
        (parts, body.collect().await.expect("a whole body").to_bytes())
    });
    let mut reader = Reader::new(exchange, parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes));
    let mut messages = reader.take(&body).unwrap_or_else(|mistake| panic!("{mistake}"));
    messages.extend(reader.end().unwrap_or_else(|mistake| panic!("{mistake}")));
    let invocations = INVOCATIONS.load(Ordering::Relaxed) - before;
    Some(Answer { status: parts.status.as_u16(), messages, invocations })
}
