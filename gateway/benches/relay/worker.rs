//! Gateways in front of functions that answer at once.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use penstock_gateway::auth::Auth;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, PayloadStream};
use penstock_gateway::{Gateway, Services};
use serde_json::json;

pub(crate) const EVENTS: usize = 100;
pub(crate) const MIB: usize = 1024 * 1024;

/// A question for the user, and a state to bring back with the answer.
const QUESTION: &[u8] = br#"{"inputRequired":{"inputRequests":{"who":{"method":"elicitation/create","params":{"message":"Who?","requestedSchema":{"type":"object","properties":{"age":{"type":"number"}}}}}},"requestState":"step 1"}}
"#;

/// A function: what it writes for a call event.
struct Worker<F>(F);

impl<F: Fn(&[u8]) -> Vec<Bytes> + Send + Sync + 'static> Invoke for Worker<F> {
    fn invoke(&self, _: &str, _: Option<&str>, payload: Vec<u8>) -> PayloadStream {
        stream::iter((self.0)(&payload).into_iter().map(Ok)).boxed()
    }
}

/// Progress frames, each a line, and a result.
pub(crate) fn frames() -> Vec<Bytes> {
    let progress = |step: usize| {
        format!(
            "{{\"progress\":{{\"progress\":{step},\"total\":{EVENTS},\"message\":\"step {step} of {EVENTS} done\"}}}}\n"
        )
    };
    (1..=EVENTS).map(progress).map(Bytes::from).chain(result()).collect()
}

/// A small result.
pub(crate) fn result() -> Vec<Bytes> {
    vec![Bytes::from_static(b"{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}\n")]
}

/// The record a tool with an `outputSchema` returns.
pub(crate) fn record() -> Vec<Bytes> {
    vec![Bytes::from_static(
        b"{\"result\":{\"content\":[],\"structuredContent\":{\"id\":\"a-1\",\"name\":\"valve\",\"stock\":12}}}\n",
    )]
}

/// A result of one MiB of text, in chunks as large as a network read.
pub(crate) fn large_result() -> Vec<Bytes> {
    let head = Bytes::from_static(b"{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"");
    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
    let tail = Bytes::from_static(b"\"}]}}\n");
    let pieces = std::iter::repeat_n(piece, MIB / (64 * 1024));
    std::iter::once(head).chain(pieces).chain([tail]).collect()
}

/// A gateway of `tools` tools, each of which writes `chunks`.
pub(crate) fn gateway(tools: usize, chunks: Vec<Bytes>) -> Gateway {
    let entries = (0..tools).map(|tool| {
        json!({
            "name": format!("tool_{tool}"),
            "description": "Reads one record of the inventory and answers with its fields.",
            "inputSchema": { "type": "object", "properties": { "id": { "type": "string", "description": "Which record." } } },
        })
    });
    of(entries, move |_: &[u8]| chunks.clone())
}

/// A gateway whose tool says in detail what it takes and what it returns.
pub(crate) fn particular() -> Gateway {
    let definition = json!({
        "name": "tool_0",
        "description": "Reads one record of the inventory.",
        "inputSchema": {
            "type": "object",
            "properties": {
                "id": { "type": "string", "maxLength": 64 },
                "fields": { "type": "array", "items": { "enum": ["name", "stock", "price"] }, "maxItems": 3 },
                "limit": { "type": "integer", "minimum": 1, "maximum": 100 },
            },
            "required": ["id"],
            "additionalProperties": false,
        },
        "outputSchema": {
            "type": "object",
            "properties": { "id": { "type": "string" }, "name": { "type": "string" }, "stock": { "type": "integer" } },
            "required": ["id"],
        },
    });
    of([definition].into_iter(), |_: &[u8]| record())
}

/// A gateway whose tool asks the user before it answers.
pub(crate) fn curious() -> Gateway {
    let definition = json!({ "name": "tool_0", "description": "Asks.", "inputSchema": { "type": "object" } });
    of([definition].into_iter(), |event: &[u8]| {
        let answered = event.windows(9).any(|member| member == b"\"input\":{");
        if answered { result() } else { vec![Bytes::from_static(QUESTION)] }
    })
}

/// A gateway of one tool that takes tokens.
pub(crate) fn guarded(auth: Auth) -> Gateway {
    let definition = json!({ "name": "tool_0", "description": "Reads.", "inputSchema": { "type": "object" } });
    let (catalog, worker) = parts([definition].into_iter(), |_: &[u8]| record());
    Gateway::new(Services { auth, ..Services::alone(catalog, worker) })
}

fn of(
    definitions: impl Iterator<Item = serde_json::Value>,
    worker: impl Fn(&[u8]) -> Vec<Bytes> + Send + Sync + 'static,
) -> Gateway {
    let (catalog, worker) = parts(definitions, worker);
    Gateway::new(Services::alone(catalog, worker))
}

fn parts<F>(definitions: impl Iterator<Item = serde_json::Value>, worker: F) -> (Catalog, Worker<F>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut tools = 0;
    for definition in definitions {
        tools += 1;
        let name = definition["name"].as_str().expect("a name").to_owned();
        let entry = json!({ "definition": definition, "timeoutSeconds": 60, "function": format!("{name}:1") });
        std::fs::write(folder.path().join(format!("{name}.json")), entry.to_string()).expect("written");
    }
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    assert_eq!(catalog.tool_count(), tools, "an entry was left out");
    (catalog, Worker(worker))
}
