//! What callers are told who are not let in.

use http::HeaderValue;
use serde_json::{Value, json};

use super::{Issuer, METADATA, Signer, claims, gateway, list, seconds, with, with_token};
use crate::client::initialize;
use crate::support::{Draft, handshake, post, request};

/// where to sign in and what to ask for; nothing is wrong yet, so no error is named.
#[tokio::test]
async fn a_request_without_a_token_is_told_where_to_get_one() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let expected = format!("Bearer scope=\"tools:read tools:write\", resource_metadata=\"{METADATA}\"");
    for draft in [
        list(),
        list().header("authorization", "Basic YTpi"),
        list().header("authorization", "Bearer"),
        list().header("authorization", "Bearer "),
        list().header("authorization", ""),
    ] {
        let response = draft.send(&gateway).await;
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["www-authenticate"], expected);
        assert_eq!(response.headers()["cache-control"], "no-store");
        let (_, body) = draft.json(&gateway).await;
        let error = json!({
            "code": 401,
            "message": "an access token is needed",
            "data": { "wwwAuthenticate": expected },
        });
        assert_eq!(body, json!({ "jsonrpc": "2.0", "error": error }), "what the header says, in the body too");
    }
}

/// what is wrong with a token is said in fixed words, in header and body alike.
#[tokio::test]
async fn a_request_with_a_bad_token_is_told_what_is_wrong() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let token = signer.token(&with(claims(&issuer), "exp", json!(seconds(-3600))));
    let expected = format!(
        "Bearer error=\"invalid_token\", error_description=\"the token has expired\", \
         scope=\"tools:read tools:write\", resource_metadata=\"{METADATA}\""
    );
    assert_eq!(with_token(&token).send(&gateway).await.headers()["www-authenticate"], expected);
    let (status, body) = with_token(&token).json(&gateway).await;
    assert_eq!((status.as_u16(), &body["error"]["code"]), (401, &json!(401)));
    assert_eq!(body["error"]["message"], "the token has expired");
    assert_eq!(body["error"]["data"], json!({ "wwwAuthenticate": expected }));
}

/// one token, in the header, and nowhere else.
#[tokio::test]
async fn a_token_in_the_wrong_place_is_a_wrong_request() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let token = signer.token(&claims(&issuer));
    let in_query =
        |query: &str| Draft::new("POST", &format!("/mcp?{query}")).header("authorization", format!("Bearer {token}"));
    for draft in [
        in_query(&format!("access_token={token}")),
        in_query(&format!("a=b&access_token={token}")),
        in_query("access_token"),
        in_query("%61ccess_token=x"),
        with_token(&token).also("authorization", format!("Bearer {token}")),
        with_token(&token).also("authorization", "Basic YTpi"),
        with_token(&format!("{token},Bearer {token}")),
        with_token(&format!("{token} {token}")),
        with_token("\u{e9}"),
        with_token("a\"b"),
        with_token("="),
    ] {
        let response = draft.send(&gateway).await;
        assert_eq!(response.status(), 400, "{draft:?}");
        let challenge = response.headers()["www-authenticate"].to_str().expect("text");
        assert!(challenge.starts_with("Bearer error=\"invalid_request\", "), "{challenge}");
        assert!(!challenge.contains(&token));
    }
    for scheme in ["bearer", "BEARER", "Bearer  "] {
        let draft = list().header("authorization", format!("{scheme} {token}"));
        assert_eq!(draft.send(&gateway).await.status(), 200, "{scheme}");
    }
}

/// the token comes first, whatever the method, era and body; a session is no substitute.
#[tokio::test]
async fn nothing_of_a_request_is_read_before_its_token() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let token = format!("Bearer {}", signer.token(&claims(&issuer)));
    let response = initialize("2025-11-25", &json!({})).header("authorization", &token).send(&gateway).await;
    let session = response.headers()["mcp-session-id"].clone();
    for draft in [
        initialize("2025-11-25", &json!({})),
        request("server/discover", json!({})),
        request("subscriptions/listen", json!({})),
        request("tasks/get", json!({ "taskId": "a" })),
        handshake("2025-11-25", "tools/list", &json!({})).header("mcp-session-id", &session),
        handshake("2025-11-25", "ping", &json!({})).header("mcp-session-id", &session),
        Draft::new("GET", "/mcp").header("accept", "text/event-stream").header("mcp-session-id", &session),
        Draft::new("DELETE", "/mcp").header("mcp-session-id", &session),
        post("no JSON"),
        post("[]"),
        post("{}").header("content-type", "text/plain"),
        post(&"x".repeat(5 * 1024 * 1024)),
    ] {
        let response = draft.send(&gateway).await;
        assert_eq!(response.status(), 401, "{draft:?}");
        assert!(response.headers().contains_key("www-authenticate"));
    }
    for (method, path, status) in
        [("GET", "/", 200), ("GET", "/health", 200), ("OPTIONS", "/mcp", 204), ("PUT", "/mcp", 405), ("GET", "/x", 404)]
    {
        assert_eq!(Draft::new(method, path).send(&gateway).await.status().as_u16(), status, "{method} {path}");
    }
}

/// S-1: a page that may call can read what it is told; other pages cannot call, with a token or without.
#[tokio::test]
async fn pages_read_the_challenge_if_their_origin_is_allowed() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let response = list().header("origin", "https://app.example.com").send(&gateway).await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example.com");
    let exposed = response.headers()["access-control-expose-headers"].to_str().expect("text");
    assert!(exposed.contains("WWW-Authenticate"));
    let token = signer.token(&claims(&issuer));
    for origin in ["https://evil.example", "http://localhost:6274", "null"] {
        let response = with_token(&token).header("origin", origin).send(&gateway).await;
        assert_eq!(response.status(), 403, "{origin}");
        assert_eq!(response.headers().get("www-authenticate"), None::<&HeaderValue>);
    }
}

/// S-2: on this machine, pages of this machine may call: inspectors are such.
#[tokio::test]
async fn a_resource_on_this_machine_serves_pages_of_this_machine() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let resource = "http://127.0.0.1:3000/mcp";
    let issuers = issuer.settings().to_string();
    let variables = [("PENSTOCK_ISSUERS", &*issuers), ("PENSTOCK_RESOURCE", resource)];
    let auth = super::auth(&variables);
    let (gateway, _worker) = super::of(&issuer.settings(), |services| penstock_gateway::Services { auth, ..services });
    let claims = with(claims(&issuer), "aud", json!(resource));
    for (origin, status) in [("http://localhost:6274", 200), ("https://evil.example", 403)] {
        let response = with_token(&signer.token(&claims)).header("origin", origin).send(&gateway).await;
        assert_eq!(response.status().as_u16(), status, "{origin}");
    }
    let foreign: Value = list().json(&gateway).await.1;
    assert_eq!(
        foreign["error"]["data"]["wwwAuthenticate"],
        "Bearer resource_metadata=\"http://127.0.0.1:3000/.well-known/oauth-protected-resource/mcp\""
    );
}
