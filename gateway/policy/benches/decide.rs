//! What a decision costs: `cargo bench -p penstock-policy`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use criterion::{Criterion, criterion_group, criterion_main};
use penstock_policy::{Action, Entry, Input, Model, Policies, Question};
use penstock_protocol::call::Caller;
use penstock_protocol::manifest::{Kind, Manifest};
use serde_json::json;

const TOOLS: usize = 100;
const POLICIES: usize = 100;

fn entry(at: usize) -> Entry {
    let properties = json!({ "amount": { "type": "integer" }, "note": { "type": "string" } });
    let schema = json!({ "type": "object", "properties": properties });
    let definition = json!({ "name": format!("t{at}"), "description": "", "inputSchema": schema });
    let manifest = json!({ "definition": definition, "tags": [format!("g{}", at % 10)], "timeoutSeconds": 5 });
    let (manifest, definition) = Manifest::parse(manifest.to_string().as_bytes()).expect("a manifest");
    Entry::new(&manifest, &definition).expect("no library")
}

/// A third each: about one tool, about a tag, and about arguments.
fn policy(at: usize) -> String {
    let group = format!("principal.groups.contains(\"g{}\")", at % 10);
    match at % 3 {
        0 => format!(
            "permit(principal, action == Action::\"tools/call\", resource == Tool::\"t{at}\") when {{ {group} }};"
        ),
        1 => format!(
            "permit(principal, action, resource) when {{ resource.tags.contains(\"g{}\") && {group} }};",
            at % 10
        ),
        _ => format!(
            "forbid(principal, action == Action::\"tools/call\", resource) when {{ {group} \
             && context.arguments has amount && context.arguments.amount > {at}000 }};"
        ),
    }
}

fn policies() -> Policies {
    let folder = tempfile::tempdir().expect("a folder");
    let text: Vec<_> = (0..POLICIES).map(policy).collect();
    std::fs::write(folder.path().join("p.cedar"), text.join("\n")).expect("written");
    let model = Model::new((0..TOOLS).map(entry).collect()).expect("a model");
    Policies::load(folder.path(), Arc::new(model)).expect("sound policies")
}

fn decide(criterion: &mut Criterion) {
    let policies = policies();
    let caller = Caller {
        subject: "alice".to_owned(),
        issuer: "https://issuer.example".to_owned(),
        client_id: None,
        scopes: vec!["a".to_owned(), "b".to_owned()],
        groups: vec!["g1".to_owned(), "g4".to_owned()],
        tenant: None,
    };
    let question = |input| Question {
        caller: &caller,
        action: Action::CallTool,
        kind: Kind::Tool,
        name: "t1",
        input,
        now: UNIX_EPOCH,
    };
    let arguments = Input::Json(r#"{"amount":500,"note":"x"}"#);
    assert!(policies.decide(&question(arguments)).allowed);
    criterion.bench_function("a call, 100 policies", |bencher| {
        bencher.iter(|| policies.decide(black_box(&question(arguments))));
    });
    criterion.bench_function("whether a tool is listed, 100 policies", |bencher| {
        bencher.iter(|| policies.decide(black_box(&question(Input::Any))));
    });
    let names: Vec<_> = (0..TOOLS).map(|at| format!("t{at}")).collect();
    criterion.bench_function("a list of 100 tools, 100 policies", |bencher| {
        bencher.iter(|| policies.visible(&caller, Kind::Tool, names.iter().map(|name| &**name), UNIX_EPOCH));
    });
}

criterion_group!(benches, decide);
criterion_main!(benches);
