use penstock::doctor::{Level, Order, examine};
use serde_json::json;

use super::server::{self, Answer};
use super::site::{RESOURCE, ROOT, Site, TOKEN};
use super::{Row, assert_found, assert_says};

const ROWS: &[Row] = &[
    (
        "no metadata",
        |site| {
            site.documents.remove(RESOURCE);
        },
        "resource.place",
        Level::Wrong,
        "/.well-known/oauth-protected-resource/mcp: HTTP 404",
    ),
    (
        "no metadata at the root",
        |site| {
            site.documents.remove(ROOT);
        },
        "resource.place",
        Level::Warning,
        "older clients look here only",
    ),
    (
        "a page instead of metadata",
        |site| site.serve(RESOURCE, Answer::new(200).header("content-type", "text/html").part(0, "<p>".to_owned())),
        "resource.place",
        Level::Wrong,
        "that is no JSON object",
    ),
    (
        "two truths",
        |site| site.change(ROOT, |document| document["scopes_supported"] = json!(["other"])),
        "resource.place",
        Level::Warning,
        "says something else than",
    ),
    (
        "another resource",
        |site| site.change(RESOURCE, |document| document["resource"] = json!("https://other.example/mcp")),
        "resource.identity",
        Level::Wrong,
        "“https://other.example/mcp”, not the URL that was typed; clients stop",
    ),
    (
        "the origin as the resource",
        |site| site.change(RESOURCE, |document| document["resource"] = json!("{origin}")),
        "resource.identity",
        Level::Wrong,
        "Claude and VS Code stop",
    ),
    (
        "a slash at the end",
        |site| site.change(RESOURCE, |document| document["resource"] = json!("{origin}/mcp/")),
        "resource.identity",
        Level::Wrong,
        "/mcp/”, not the URL that was typed",
    ),
    (
        "other letters for the same URL",
        |site| site.change(RESOURCE, |document| document["resource"] = json!("{origin}/./mcp")),
        "resource.identity",
        Level::Warning,
        "spelled otherwise",
    ),
    (
        "no resource at all",
        |site| site.change(RESOURCE, |document| document["resource"] = json!(null)),
        "resource.identity",
        Level::Wrong,
        "resource is missing",
    ),
    (
        "nobody to ask",
        |site| site.change(RESOURCE, |document| document["authorization_servers"] = json!([])),
        "resource.issuer",
        Level::Wrong,
        "names nobody",
    ),
    (
        "offline_access among the scopes",
        |site| site.change(RESOURCE, |document| document["scopes_supported"] = json!(["offline_access"])),
        "resource.scopes",
        Level::Warning,
        "offline_access",
    ),
    (
        "tokens in the query",
        |site| site.change(RESOURCE, |document| document["bearer_methods_supported"] = json!(["header", "query"])),
        "resource.methods",
        Level::Warning,
        "bearer_methods_supported",
    ),
];

#[tokio::test]
async fn protected_resource_metadata_is_judged() {
    assert_found(ROWS).await;
}

/// What is typed is compared, not what it is parsed to.
#[tokio::test]
async fn a_url_that_is_typed_otherwise_is_not_the_resource() {
    let url = server::start(Site::healthy().with_token(TOKEN));
    let url = url.replace("http://", "HTTP://");
    let report = examine(&Order { url, ..Order::default() }).await.expect("a good order");
    assert_says(&report, "capital letters", "reach.url", Level::Warning, "capital letters");
    assert_says(&report, "capital letters", "resource.identity", Level::Warning, "spelled otherwise");
    assert_says(&report, "capital letters", "clients.claude", Level::Wrong, "stops");
    assert_says(&report, "capital letters", "clients.vscode", Level::Ok, "metadata document");
}
