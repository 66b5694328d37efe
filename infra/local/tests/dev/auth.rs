use std::path::Path;

use serde_json::{Value, json};
use tokio::process::Command;

use super::support::{self, Dev, dev, fixture, refused, within};

/// `dev --auth` with stubs for gateway and front, which answer with what they were told.
async fn start(catalog: &Path, more: &[&str]) -> Dev {
    let front = fixture("gateway");
    Dev::start_with(catalog, &[&["--auth", "--oauth-front", front.to_str().expect("text")], more].concat()).await
}

fn catalog() -> tempfile::TempDir {
    let catalog = support::catalog();
    for (name, scopes) in [("a", json!(["z:read", "a:read"])), ("b", json!(["a:read", "a:write"]))] {
        let mut manifest = support::manifest(name);
        manifest["scopes"] = scopes;
        support::tool(catalog.path(), name, &manifest);
    }
    catalog
}

#[tokio::test]
async fn gateway_and_front_are_one_origin_and_know_of_each_other_and_of_the_provider() {
    let catalog = catalog();
    let dev = start(catalog.path(), &[]).await;
    let origin = format!("http://{}", dev.address);
    let gateway = dev.environment("/mcp").await;
    assert_eq!(gateway["AWS_LAMBDA_FUNCTION_NAME"], "penstock-gateway");
    assert_eq!(gateway["PENSTOCK_AUTH"], "oauth");
    assert_eq!(gateway["PENSTOCK_AUTHORIZATION_SERVERS"], origin.as_str());
    let issuers: Value = serde_json::from_str(gateway["PENSTOCK_ISSUERS"].as_str().expect("text")).expect("JSON");
    let issuer = issuers[0]["issuer"].as_str().expect("an issuer");
    assert!(issuer.starts_with("http://127.0.0.1:") && issuer.ends_with("/development-only"), "{issuer}");
    for path in [
        "/.well-known/oauth-authorization-server",
        "/authorize",
        "/consent",
        "/callback",
        "/token",
        "/revoke",
        "/register",
    ] {
        let front = dev.environment(path).await;
        assert_eq!(front["AWS_LAMBDA_FUNCTION_NAME"], "penstock-oauth", "{path}");
        assert_eq!(front["PENSTOCK_OAUTH_ISSUER"], origin.as_str());
        assert_eq!(front["PENSTOCK_UPSTREAM_ISSUER"], issuer);
        for name in ["PENSTOCK_UPSTREAM_CLIENT_ID", "PENSTOCK_UPSTREAM_CLIENT_SECRET", "PENSTOCK_CLIENT_HOSTS"] {
            assert!(front[name].as_str().is_some_and(|value| !value.is_empty()), "{name}");
        }
        assert_eq!(front["PENSTOCK_UPSTREAM_SCOPES"], "openid");
        assert_ne!(front["PENSTOCK_KEYS"], gateway["PENSTOCK_KEYS"]);
        for told in [&front, &gateway] {
            assert_eq!(told["PENSTOCK_RESOURCE"], format!("{origin}/mcp"));
            assert_eq!(told["PENSTOCK_SCOPES"], "a:read a:write z:read");
            assert!(told.get("PENSTOCK_CA_BUNDLE").is_none());
        }
    }
    assert!(gateway.get("PENSTOCK_UPSTREAM_CLIENT_SECRET").is_none(), "the gateway has no use for it");
}

#[tokio::test]
async fn policies_and_authorities_are_named_by_absolute_paths() {
    let catalog = catalog();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, "").expect("a file");
    let (folder, file) = (folder.path().to_str().expect("text"), file.to_str().expect("text"));
    let dev = start(catalog.path(), &["--policies", folder, "--ca-bundle", file]).await;
    let (gateway, front) = (dev.environment("/mcp").await, dev.environment("/token").await);
    assert_eq!(gateway["PENSTOCK_POLICIES"], folder);
    assert_eq!((&gateway["PENSTOCK_CA_BUNDLE"], &front["PENSTOCK_CA_BUNDLE"]), (&json!(file), &json!(file)));
    assert!(front.get("PENSTOCK_POLICIES").is_none());
}

#[tokio::test]
async fn the_banner_says_how_to_sign_in_and_how_to_get_a_token() {
    let catalog = catalog();
    let mut dev = start(catalog.path(), &[]).await;
    let banner = dev.banner().await;
    for expected in [
        "Authentication: OAuth; sign in as alice or bob, without a password",
        "Identity provider: http://127.0.0.1:",
        &format!("cargo run -- token --user alice --url http://{}/mcp", dev.address),
    ] {
        assert!(banner.contains(expected), "{expected:?} is not in\n{banner}");
    }
}

#[tokio::test]
async fn a_token_is_printed_for_whom_and_for_what_is_said() {
    let catalog = catalog();
    let dev = start(catalog.path(), &[]).await;
    let url = format!("http://{}/mcp", dev.address);
    for (arguments, name, scope) in [
        (vec![], "alice", "a:read a:write z:read"),
        (vec!["--user", "bob", "--scope", "z:read a:read"], "bob", "z:read a:read"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_penstock"));
        let output = command.args(["token", "--url", &url]).args(arguments).output();
        let output = within("a token", output).await.expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let token = String::from_utf8(output.stdout).expect("text");
        let claims = support::claims(token.strip_suffix('\n').expect("a line"));
        assert_eq!((&claims["username"], &claims["scope"]), (&json!(name), &json!(scope)));
        assert_eq!(claims["aud"], url);
    }
    for arguments in [["--user", "mallory"], ["--scope", "admin"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_penstock"));
        command.args(["token", "--url", &url]).args(arguments);
        let (status, error) = refused(command).await;
        assert_eq!(status.code(), Some(2), "{error}");
        assert!(error.contains("the identity provider refuses"), "{error}");
    }
}

#[tokio::test]
async fn what_only_sign_in_needs_is_refused_without_it_and_a_front_that_is_not_there_is_named() {
    let catalog = catalog();
    for (arguments, said) in [
        (vec!["--ca-bundle", "ca.pem"], "--auth"),
        (vec!["--oauth-front", "front"], "--auth"),
        (vec!["--auth", "--oauth-front", "/no/such/front"], "--oauth-front /no/such/front: there is no such file"),
        (vec!["--policies", "policies"], "--auth"),
        (vec!["--auth", "--policies", "/no/such/folder"], "--policies /no/such/folder: no such folder"),
    ] {
        let mut command = dev(catalog.path(), &fixture("gateway"));
        command.args(arguments);
        let (status, error) = refused(command).await;
        assert!(!status.success());
        assert!(error.contains(said), "{said:?} is not in {error}");
    }
}

#[tokio::test]
async fn a_front_that_does_not_start_is_named_with_its_last_words() {
    let catalog = catalog();
    let mut command = dev(catalog.path(), &fixture("gateway"));
    command.arg("--auth").arg("--oauth-front").arg(fixture("worker"));
    let (status, error) = refused(command).await;
    assert!(!status.success());
    assert!(error.contains("the function penstock-oauth did not start; its last lines:"), "{error}");
}
