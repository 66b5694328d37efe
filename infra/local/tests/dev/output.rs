use serde_json::json;

use super::support::{self, Dev, add, dev, dev_on, fixture, other, refused};

#[tokio::test]
async fn the_banner_names_endpoints_tools_and_clients() {
    let catalog = support::catalog();
    add(catalog.path(), "p", "prompt.json", &other("prompt", "greeting", None));
    add(catalog.path(), "r", "resource.json", &other("resource", "menu", Some(("uri", "test://menu"))));
    let template = other("resourceTemplate", "dish", Some(("uriTemplate", "test://menu/{dish}")));
    add(catalog.path(), "t", "resource.json", &template);
    let mut dev = Dev::start(catalog.path()).await;
    let banner = dev.banner().await;
    let url = format!("http://{}/mcp", dev.address);
    for expected in [
        "Lambda endpoint: http://127.0.0.1:",
        "Store endpoint: http://127.0.0.1:",
        "Catalog: /",
        "Authentication: none, this machine only",
        "sample account, not real data",
        "\nTools:\n  echo  First line.\n\nPrompts:\n  greeting  One.\n\nResources:\n",
        "  test://menu         One.\n  test://menu/{dish}  One.\n",
        &format!("claude mcp add --transport http penstock {url}"),
        &format!(r#"{{"servers": {{"penstock": {{"type": "http", "url": "{url}"}}}}}}"#),
        &format!(r#"{{"mcpServers": {{"penstock": {{"url": "{url}"}}}}}}"#),
        "npx @modelcontextprotocol/inspector",
        &format!("--url {url}"),
    ] {
        assert!(banner.contains(expected), "{expected:?} is not in\n{banner}");
    }
}

#[tokio::test]
async fn the_banner_says_what_a_tool_needs_that_is_not_here() {
    let catalog = support::catalog();
    for (name, tags) in [("far", json!(["internet"])), ("own", json!(["aws", "internet"])), ("near", json!(["other"]))]
    {
        let mut manifest = support::manifest(name);
        manifest["tags"] = tags;
        support::tool(catalog.path(), name, &manifest);
    }
    let banner = Dev::start(catalog.path()).await.banner().await;
    for line in ["far   First line. (needs the internet)", "own   First line. (needs an AWS account: dev --aws)"] {
        assert!(banner.contains(&format!("  {line}\n")), "{line:?} is not in\n{banner}");
    }
    assert!(banner.contains("  near  First line.\n"), "{banner}");
    let banner = Dev::start_with(catalog.path(), &["--aws"]).await.banner().await;
    assert!(banner.contains("  own   First line. (needs the internet)\n"), "{banner}");
}

#[tokio::test]
async fn the_gateway_finds_its_catalog_the_local_lambda_and_the_store() {
    let catalog = support::catalog();
    let dev = Dev::start(catalog.path()).await;
    let env = dev.environment("/env").await;
    assert_eq!(env["PENSTOCK_AUTH"], "none");
    assert_eq!(env["AWS_LAMBDA_MAX_CONCURRENCY"], "64");
    for name in ["AWS_ENDPOINT_URL_LAMBDA", "AWS_ENDPOINT_URL_DYNAMODB"] {
        assert!(env[name].as_str().is_some_and(|url| url.starts_with("http://127.0.0.1:")), "{name}");
    }
    assert_eq!(env["PENSTOCK_STORE_TABLE"], "penstock");
    let catalog = env["PENSTOCK_CATALOG"].as_str().expect("a folder");
    let entry = std::fs::read_to_string(format!("{catalog}/echo.json")).expect("an entry");
    let entry: serde_json::Value = serde_json::from_str(&entry).expect("JSON");
    assert_eq!(entry["function"], "echo");
    assert_eq!(entry["definition"], support::manifest("echo")["definition"]);
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_and_another_suggested() {
    let catalog = support::catalog();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let port = taken.local_addr().expect("bound").port().to_string();
    let (status, error) = refused(dev_on(&port, catalog.path(), &fixture("gateway"))).await;
    assert!(!status.success());
    assert!(error.contains(&port) && error.contains("--port"), "{error}");
}

#[tokio::test]
async fn a_gateway_that_does_not_start_is_named_with_its_last_words() {
    let catalog = support::catalog();
    // Without its control port the worker fixture gives up at once, and says so.
    let (status, error) = refused(dev(catalog.path(), &fixture("worker"))).await;
    assert!(!status.success());
    assert!(error.contains("the function penstock-gateway did not start; its last lines:"), "{error}");
    // Where among the last lines depends on which of its two outputs was read first.
    assert!(error.contains("\n  the worker starts"), "{error}");
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_named() {
    let catalog = support::catalog();
    let (status, error) = refused(dev(catalog.path(), "/no/such/gateway".as_ref())).await;
    assert!(!status.success());
    assert!(error.contains("--gateway /no/such/gateway"), "{error}");
}
