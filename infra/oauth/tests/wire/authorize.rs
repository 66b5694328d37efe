//! `/authorize`: who is answered where.

use crate::browser::encoded;
use crate::support::{REDIRECT_URI, Request, World, request, with};

/// until client and redirect URI are known to belong together, nobody is sent anywhere (no open redirect).
#[tokio::test]
async fn nobody_is_sent_to_a_redirect_uri_that_the_client_has_not_registered() {
    let mut world = World::start().await;
    let client = world.client_of(&[REDIRECT_URI, "https://app.example/cb"]).await;
    let strange = [
        "",
        "https://evil.example/cb",
        "https://app.example/cb/",
        "https://app.example/cb/../evil",
        "https://app.example/cb?x=1",
        "https://app.example:444/cb",
        "https://app.example@evil.example/cb",
        "https://app.example.evil.example/cb",
        "http://app.example/cb",
        "//app.example/cb",
        "javascript:alert(1)",
        "http://localhost:3000/callback",
        "http://127.0.0.1:3000/other",
        "http://127.0.0.1:3000@evil.example/callback",
        "http://127.0.0.1.evil.example:3000/callback",
        "http://127.0.0.1:3000/callback#x",
    ];
    for uri in strange {
        let answer = world.authorize(&with(&request(&client), &[("redirect_uri", uri)])).await;
        answer.is_a_refusal(400);
        assert!(!answer.text.contains("evil"), "{uri}");
    }
}

/// RFC 8252, section 7.3.
#[tokio::test]
async fn an_application_on_this_machine_may_listen_on_any_port() {
    let mut world = World::start().await;
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        let client = world.client_of(&[&format!("http://{host}:3000/callback")]).await;
        let asked = with(&request(&client), &[("redirect_uri", &format!("http://{host}:49152/callback"))]);
        assert_eq!(world.up_to_code(&asked).await.split('.').next(), Some("test"), "{host}");
    }
}

#[tokio::test]
async fn an_unknown_client_is_shown_and_sent_nowhere() {
    let mut world = World::start().await;
    let client = world.client().await;
    let tampered = format!("{}A", &client[..client.len() - 1]);
    let other = World::start().await.client().await;
    let long = "x".repeat(3000);
    for id in ["", "unknown", "test.AAAA", &tampered, &other, &long, "http://clients.example/c.json"] {
        world.authorize(&request(id)).await.is_a_refusal(400);
    }
}

/// PKCE cannot be left out or weakened (RFC 9700, section 2.1.1).
#[tokio::test]
async fn a_request_without_a_sha_256_challenge_is_refused() {
    let plain = "a-verifier-in-the-clear-0123456789-0123456789-";
    let wrong: [&[(&str, &str)]; 7] = [
        &[("code_challenge", "")],
        &[("code_challenge", ""), ("code_challenge_method", "")],
        &[("code_challenge_method", "")],
        &[("code_challenge_method", "plain"), ("code_challenge", plain)],
        &[("code_challenge_method", "s256")],
        &[("code_challenge", plain)],
        &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")],
    ];
    refused(&wrong, "invalid_request").await;
}

/// RFC 8707.
#[tokio::test]
async fn a_request_for_another_resource_is_refused() {
    let wrong: [&[(&str, &str)]; 4] = [
        &[("resource", "https://evil.example/mcp")],
        &[("resource", "https://mcp.example.com/")],
        &[("resource", "https://mcp.example.com/mcp/admin")],
        &[("resource", "mcp")],
    ];
    refused(&wrong, "invalid_target").await;
}

/// scheme and host may be written in any case.
#[tokio::test]
async fn the_resource_may_be_written_in_capitals() {
    let mut world = World::start().await;
    let client = world.client().await;
    let answer = world.authorize(&with(&request(&client), &[("resource", "HTTPS://MCP.example.com/mcp")])).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn what_else_is_wrong_goes_back_to_the_client_with_its_state_and_the_issuer() {
    let long = "x".repeat(600);
    refused(&[&[("response_type", "token")], &[("response_type", "code id_token")]], "unsupported_response_type").await;
    let invalid: [&[(&str, &str)]; 5] = [
        &[("response_type", "")],
        &[("response_mode", "fragment")],
        &[("scope", &"x".repeat(2049))],
        &[("login_hint", &long)],
        &[("resource", &long)],
    ];
    refused(&invalid, "invalid_request").await;
    refused(&[&[("scope", "admin")], &[("scope", "tools:read  x")], &[("scope", "\"")]], "invalid_scope").await;
    refused(&[&[("prompt", "none")]], "interaction_required").await;
}

/// RFC 6749, section 3.3: what cannot be granted is left out as long as something can.
#[tokio::test]
async fn scopes_that_are_not_offered_are_left_out() {
    let mut world = World::start().await;
    let client = world.client().await;
    let page = world.authorize(&with(&request(&client), &[("scope", "openid tools:write admin")])).await;
    let onward = world.decide(&page.ticket(), "allow").await;
    assert_eq!(onward.parameters()["scope"], "tools:write");
}

/// RFC 6749, section 3.1.
#[tokio::test]
async fn a_parameter_sent_twice_is_refused_where_it_is_safe_to_say_so() {
    let mut world = World::start().await;
    let client = world.client().await;
    let asked = request(&client);
    for (name, value) in &asked {
        let second = if *name == "redirect_uri" { "https://evil.example/cb" } else { value };
        let query = format!("{}&{}", query(&asked), encoded(&[(name, second)]));
        let answer = world.authorize_with(&query).await;
        if ["client_id", "redirect_uri"].contains(name) {
            answer.is_a_refusal(400);
        } else {
            let parameters = answer.parameters();
            assert_eq!((answer.target(), &*parameters["error"]), (REDIRECT_URI, "invalid_request"), "{name}");
            assert_eq!(parameters.contains_key("state"), *name != "state");
        }
    }
}

/// RFC 9700, section 4.11.2: a link of the front's is no way to lead people to anybody's page.
#[tokio::test]
async fn a_mistake_of_a_client_nobody_vouches_for_is_shown_with_a_link() {
    let mut world = World::start().await;
    for (uri, place) in [("https://app.example/cb?k=v", "app.example"), ("com.example.app:/cb", "com.example.app:")] {
        let client = world.client_of(&[uri]).await;
        let answer = world.authorize(&with(&request(&client), &[("redirect_uri", uri), ("scope", "admin")])).await;
        answer.is_a_refusal(400);
        let (_, rest) = answer.text.split_once("<a href=\"").expect("a link");
        let link = rest.split('"').next().expect("its end").replace("&#38;", "&");
        assert!(link.starts_with(uri) && rest.contains(place), "{rest}");
        let told: Vec<_> = url::Url::parse(&link).expect("a URL").query_pairs().into_owned().collect();
        assert!(told.contains(&("error".to_owned(), "invalid_scope".to_owned())), "{told:?}");
        assert!(told.contains(&("iss".to_owned(), world.front.clone())), "{told:?}");
    }
}

#[tokio::test]
async fn a_state_or_query_beyond_its_bound_is_refused() {
    let mut world = World::start().await;
    let client = world.client().await;
    let fits = with(&request(&client), &[("state", &"s".repeat(1024))]);
    let code = world.up_to_callback(&fits).await;
    assert_eq!(world.come_back(&code).await.parameters()["state"].len(), 1024);
    for state in [&*"s".repeat(1025), "not\u{e9}ascii", "a\nb"] {
        let answer = world.authorize(&with(&request(&client), &[("state", state)])).await.parameters();
        assert_eq!((&*answer["error"], answer.contains_key("state")), ("invalid_request", false));
    }
    let too_much = [("state", &*"\"".repeat(1024)), ("login_hint", &"\u{1}".repeat(512))];
    assert_eq!(world.authorize(&with(&request(&client), &too_much)).await.parameters()["error"], "invalid_request");
    let many = format!("{}&{}", "x=1&".repeat(100), query(&request(&client)));
    world.authorize_with(&many).await.is_a_refusal(400);
}

/// Sends each changed request and expects the same error at the client's redirect URI.
async fn refused(changes: &[&[(&'static str, &str)]], error: &str) {
    let mut world = World::start().await;
    let client = world.client().await;
    for change in changes {
        let answer = world.authorize(&with(&request(&client), change)).await;
        assert_eq!(answer.target(), REDIRECT_URI);
        let parameters = answer.parameters();
        assert_eq!(parameters["error"], error, "{change:?}");
        assert_eq!(parameters["state"], "the client's state & more");
        assert_eq!(parameters["iss"], world.front);
        assert!(!parameters.contains_key("code"));
    }
}

fn query(request: &Request) -> String {
    encoded(&request.iter().map(|(name, value)| (*name, &**value)).collect::<Vec<_>>())
}
