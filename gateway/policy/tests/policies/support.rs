//! A catalog of a few entries, and policies in a folder of their own.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_policy::{Action, Decision, Entry, Input, InvalidPolicies, Model, Policies, Question};
use penstock_protocol::call::Caller;
use penstock_protocol::manifest::{Kind, Manifest};
use serde_json::{Value, json};

/// 2026-11-21T12:00:00Z.
pub(crate) const NOON: Duration = Duration::from_hours(498_684);

pub(crate) fn tool(name: &str, tags: &[&str], properties: &Value, required: &[&str]) -> Entry {
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    entry("tool", tags, &json!({ "name": name, "description": "A tool.", "inputSchema": schema }))
}

pub(crate) fn entry(kind: &str, tags: &[&str], definition: &Value) -> Entry {
    let manifest = json!({ "kind": kind, "tags": tags, "definition": definition, "timeoutSeconds": 5 });
    let (manifest, definition) = Manifest::parse(manifest.to_string().as_bytes()).expect("a manifest");
    Entry::new(&manifest, &definition).expect("no library")
}

pub(crate) fn catalog() -> Vec<Entry> {
    let refund = json!({
        "amount": { "type": "integer" },
        "reason": { "type": ["string", "null"] },
        "labels": { "type": "array", "items": { "type": "string" } },
        "dryRun": { "type": "boolean" },
    });
    vec![
        tool("refund", &["billing", "write"], &refund, &["amount"]),
        tool("report", &["billing"], &json!({ "month": { "type": "string" } }), &[]),
        tool("ping", &[], &json!({}), &[]),
        entry("prompt", &["billing"], &json!({ "name": "letter", "arguments": [{ "name": "to", "required": true }] })),
        entry("resource", &["public"], &json!({ "name": "readme", "uri": "docs://readme" })),
        entry("resourceTemplate", &[], &json!({ "name": "file", "uriTemplate": "repo://{owner}/{+path}" })),
    ]
}

pub(crate) fn model(entries: Vec<Entry>) -> Arc<Model> {
    Arc::new(Model::new(entries).expect("a model"))
}

pub(crate) fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("written");
    }
}

pub(crate) fn load(files: &[(&str, &str)]) -> Result<Policies, InvalidPolicies> {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), files);
    Policies::load(folder.path(), model(catalog()))
}

pub(crate) fn policies(text: &str) -> Policies {
    load(&[("p.cedar", text)]).expect("sound policies")
}

pub(crate) fn caller(groups: &[&str]) -> Caller {
    Caller {
        subject: "alice".to_owned(),
        issuer: "https://issuer.example".to_owned(),
        client_id: None,
        scopes: Vec::new(),
        groups: groups.iter().map(ToString::to_string).collect(),
        tenant: None,
    }
}

/// A call of a tool at noon.
pub(crate) fn call(policies: &Policies, caller: &Caller, name: &str, arguments: &str) -> Decision {
    ask(policies, caller, Kind::Tool, name, Input::Json(arguments))
}

pub(crate) fn ask(policies: &Policies, caller: &Caller, kind: Kind, name: &str, input: Input<'_>) -> Decision {
    let now = UNIX_EPOCH + NOON;
    policies.decide(&Question { caller, action: Action::of(kind), kind, name, input, now })
}

/// The tools that are listed for a caller at noon.
pub(crate) fn listed(policies: &Policies, caller: &Caller) -> Vec<&'static str> {
    listed_at(policies, caller, UNIX_EPOCH + NOON)
}

pub(crate) fn listed_at(policies: &Policies, caller: &Caller, now: SystemTime) -> Vec<&'static str> {
    let names = ["ping", "refund", "report"];
    let visible = policies.visible(caller, Kind::Tool, names, now);
    // What a list shows of one entry is what is asked of it alone.
    for (name, visible) in names.into_iter().zip(&visible) {
        let (action, kind) = (Action::CallTool, Kind::Tool);
        let alone = policies.decide(&Question { caller, action, kind, name, input: Input::Any, now });
        assert_eq!(alone.allowed, *visible, "{name}");
    }
    names.into_iter().zip(visible).filter_map(|(name, visible)| visible.then_some(name)).collect()
}
