//! The consent page.

use serde_json::json;

use crate::support::{RESOURCE, World, request, with};

/// MCP security considerations: the person sees who asks, where the answer goes and for what.
#[tokio::test]
async fn the_page_says_who_asks_for_what_and_where_the_answer_goes() {
    let mut world = World::start().await;
    let client = world.client_of(&["https://app.example/cb"]).await;
    let asked = with(&request(&client), &[("redirect_uri", "https://app.example/cb"), ("scope", "tools:write")]);
    let page = world.authorize(&asked).await.text;
    for shown in ["An editor", "nobody has checked its name", "<dd>app.example</dd>", RESOURCE, "<li>tools:write</li>"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("on this computer"), "{page}");
}

/// Anybody can listen on this machine: MCP asks for a warning.
#[tokio::test]
async fn the_page_warns_of_programs_on_this_computer() {
    let mut world = World::start().await;
    let client = world.client().await;
    let page = world.authorize(&request(&client)).await.text;
    assert!(
        page.contains("a program on this computer (127.0.0.1:3000)") && page.contains("class=\"warning\""),
        "{page}"
    );
    let client = world.client_of(&["cursor://anysphere.cursor-mcp/oauth"]).await;
    let page =
        world.authorize(&with(&request(&client), &[("redirect_uri", "cursor://anysphere.cursor-mcp/oauth")])).await;
    assert!(page.text.contains("opens “cursor:” links") && page.text.contains("class=\"warning\""), "{}", page.text);
}

#[tokio::test]
async fn the_page_can_be_read_and_used_without_a_script_a_pointer_or_eyes() {
    let mut world = World::start().await;
    let client = world.client().await;
    let page = world.authorize(&request(&client)).await.text;
    let count = |part: &str| page.matches(part).count();
    assert_eq!((count("<h1>"), count("<main>"), count("<title>"), count("<html lang=\"en\">")), (1, 1, 1, 1));
    assert_eq!((count("<button type=\"submit\""), count("<form method=\"post\"")), (2, 1));
    for scripted in ["<script", "onclick", "onsubmit", "javascript:", "tabindex", "autofocus"] {
        assert_eq!(count(scripted), 0, "{scripted}: {page}");
    }
}

/// no cross-site scripting by what a client says about itself.
#[tokio::test]
async fn what_a_client_calls_itself_is_text_and_nothing_else() {
    let mut world = World::start().await;
    for name in
        ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{ name }}", "</title><h1>x", "a\u{202e}b"]
    {
        let metadata = json!({ "client_name": name, "redirect_uris": ["http://127.0.0.1:3000/callback"] });
        let client = world.register(&metadata).await.json()["client_id"].as_str().expect("an id").to_owned();
        let page = world.authorize(&request(&client)).await.text;
        for harm in ["<script", "<img", "</title><h1>", "\u{202e}"] {
            assert!(!page.contains(harm), "{name}: {page}");
        }
        assert_eq!(page.matches("<h1>").count(), 1);
    }
}

/// The consent page cannot be framed, loads nothing and is kept by nobody.
#[tokio::test]
async fn pages_cannot_be_framed_cached_or_made_to_load_anything() {
    let mut world = World::start().await;
    let client = world.client().await;
    let consent = world.authorize(&request(&client)).await;
    let refusal = world.authorize(&request("unknown")).await;
    for page in [consent, refusal] {
        let policy = page.header("content-security-policy");
        for directive in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "style-src 'sha256-"] {
            assert!(policy.contains(directive), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    }
}

/// Nobody else can set, read or keep the cookie that a sign-in is bound to.
#[tokio::test]
async fn the_cookie_is_the_hosts_own_and_kept_to_tls() {
    let mut world = World::start_with(&[("PENSTOCK_OAUTH_ISSUER", "https://mcp.example.com")]).await;
    let client = world.client().await;
    let page = world.authorize(&request(&client)).await;
    let cookie = page.header("set-cookie");
    let (pair, attributes) = cookie.split_once("; ").expect("attributes");
    assert!(pair.starts_with("__Host-penstock-sign-in=") && pair.len() > 60, "{cookie}");
    assert_eq!(attributes, "Path=/; Max-Age=1200; HttpOnly; SameSite=Lax; Secure");
    let mut local = World::start().await;
    let client = local.client().await;
    let cookie = local.authorize(&request(&client)).await.header("set-cookie").to_owned();
    assert!(!cookie.contains("Secure") && !cookie.contains("__Host-") && cookie.contains("HttpOnly"), "{cookie}");
}

#[tokio::test]
async fn the_styles_digest_is_that_of_the_style_on_the_page() {
    use base64::Engine as _;
    let mut world = World::start().await;
    let page = world.authorize(&request("unknown")).await;
    let (_, rest) = page.text.split_once("<style>").expect("a style");
    let (style, _) = rest.split_once("</style>").expect("its end");
    let digest = ring::digest::digest(&ring::digest::SHA256, style.as_bytes());
    let digest = base64::engine::general_purpose::STANDARD.encode(digest);
    assert!(page.header("content-security-policy").contains(&format!("'sha256-{digest}'")));
}
