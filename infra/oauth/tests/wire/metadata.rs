//! What the front says about itself, and to whom.

use hyper::Method;
use serde_json::json;

use crate::support::World;

/// RFC 8414 metadata with what MCP clients look for.
#[tokio::test]
async fn metadata_offers_what_mcp_clients_need_and_no_more() {
    let mut world = World::start().await;
    let url = world.url("/.well-known/oauth-authorization-server");
    let answer = world.browser.get(&url).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let at = |path: &str| format!("{}{path}", world.front);
    let expected = json!({
        "issuer": world.front,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "revocation_endpoint": at("/revoke"),
        "registration_endpoint": at("/register"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "client_id_metadata_document_supported": true,
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": ["tools:read", "tools:write"],
    });
    assert_eq!(answer.json(), expected);
}

/// The front issues no ID tokens, so it is no OpenID provider.
#[tokio::test]
async fn there_is_no_openid_document() {
    let mut world = World::start().await;
    let url = world.url("/.well-known/openid-configuration");
    assert_eq!(world.browser.get(&url).await.status, 404);
}

/// S-3: clients in web pages read metadata and tokens; pages elsewhere read no page of the front's.
#[tokio::test]
async fn web_pages_may_call_the_endpoints_for_clients_and_no_others() {
    let mut world = World::start().await;
    let headers = [("origin", "https://app.example"), ("access-control-request-method", "POST")];
    for path in ["/.well-known/oauth-authorization-server", "/token", "/revoke", "/register"] {
        let answer = world.browser.send(Method::OPTIONS, &world.url(path), &headers, String::new()).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, "*"), "{path}");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
    for path in ["/authorize", "/consent", "/callback"] {
        let answer = world.browser.send(Method::OPTIONS, &world.url(path), &headers, String::new()).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{path}");
    }
}

#[tokio::test]
async fn what_has_not_come_through_the_front_door_is_refused_everywhere() {
    let (old, new) = ("o".repeat(32), "n".repeat(32));
    let mut world = World::start_with(&[("PENSTOCK_ORIGIN_SECRETS", &format!("{new},{old}"))]).await;
    let url = world.url("/.well-known/oauth-authorization-server");
    for path in ["/.well-known/oauth-authorization-server", "/authorize", "/callback", "/elsewhere"] {
        let url = world.url(path);
        assert_eq!(world.browser.get(&url).await.status, 403, "{path}");
    }
    let mut get =
        async |headers: &[(&str, &str)]| world.browser.send(Method::GET, &url, headers, String::new()).await.status;
    assert_eq!(get(&[("x-penstock-origin", &old)]).await, 200);
    assert_eq!(get(&[("x-penstock-origin", &new)]).await, 200);
    assert_eq!(get(&[("x-penstock-origin", &"x".repeat(32))]).await, 403);
    assert_eq!(get(&[("x-penstock-origin", &old), ("x-penstock-origin", &new)]).await, 403);
}
