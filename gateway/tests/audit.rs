//! What the log says of a decision. A process of its own: the log belongs to the process.

mod recording;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::Request;
use http_body_util::BodyExt as _;
use penstock_gateway::auth::Auth;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, PayloadStream};
use penstock_gateway::permission::PolicyFolder;
use penstock_gateway::{Gateway, Services};
use penstock_protocol::call::Caller;
use recording::Log;
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;

/// A word of an argument and of a claim that nobody needs to know.
const SECRET: &str = "s3cr3t";

const POLICIES: &str = r#"
@id("everyone") permit(principal, action, resource) when { principal.groups.contains("s3cr3t") };
@id("not-large") forbid(principal, action == Action::"tools/call", resource)
when { context.arguments has note && context.arguments.note like "*s3cr3t*" };
"#;

struct Silent;

impl Invoke for Silent {
    fn invoke(&self, _: &str, _: Option<&str>, _: Vec<u8>) -> PayloadStream {
        stream::iter([Ok(Bytes::from_static(b"{\"result\":{\"content\":[]}}\n"))]).boxed()
    }
}

fn gateway() -> Gateway {
    let folder = tempfile::tempdir().expect("a folder");
    let properties = json!({ "note": { "type": "string" } });
    let schema = json!({ "type": "object", "properties": properties });
    let definition = json!({ "name": "tool", "description": "", "inputSchema": schema });
    let entry = json!({ "definition": definition, "timeoutSeconds": 5, "function": "tool" });
    std::fs::write(folder.path().join("tool.json"), entry.to_string()).expect("written");
    std::fs::write(folder.path().join("p.cedar"), POLICIES).expect("written");
    let services = Services::alone(Catalog::from_folder(folder.path()).expect("a catalog"), Silent);
    let policies = PolicyFolder::open(folder.path().to_owned(), &services.catalog).expect("sound policies");
    Gateway::new(Services { auth: Auth::Trusted, policies: Some(policies), ..services })
}

async fn call(gateway: &Gateway, groups: &[&str], note: &str) {
    let caller = Caller {
        subject: "alice".to_owned(),
        issuer: "https://issuer.example".to_owned(),
        client_id: Some("app".to_owned()),
        scopes: Vec::new(),
        groups: groups.iter().map(ToString::to_string).collect(),
        tenant: Some(SECRET.to_owned()),
    };
    let params = json!({ "name": "tool", "arguments": { "note": note } });
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }).to_string();
    let request = Request::post("/mcp")
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .header("mcp-protocol-version", "2025-11-25")
        .extension(caller)
        .body(Bytes::from(body));
    let answer = gateway.handle(request.expect("a request")).await;
    drop(answer.into_body().collect().await.expect("a whole body"));
}

/// S-5: who asked, what was decided and by which policy; no claim and no argument.
#[tokio::test]
async fn a_line_says_what_was_decided_and_by_which_policy() {
    let log = Log::start(LevelFilter::INFO);
    let gateway = gateway();
    call(&gateway, &[SECRET], "harmless").await;
    call(&gateway, &[SECRET], SECRET).await;
    call(&gateway, &[], "harmless").await;
    let log = log.text();
    assert!(!log.contains(SECRET), "{log}");
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["fields"].take());
    let lines: Vec<_> = lines.filter(|line| line["message"] == "request").collect();
    let decided: Vec<_> = lines.iter().map(|line| (line["decision"].as_str(), line["policies"].as_str())).collect();
    assert_eq!(
        decided,
        [(Some("allow"), Some("everyone")), (Some("deny"), Some("not-large")), (Some("deny"), Some(""))]
    );
    assert!(lines.iter().all(|line| line["subject"] == "alice" && line["client_id"] == "app"), "{log}");
}
