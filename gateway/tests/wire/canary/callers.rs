//! Who is served which version.

use penstock_gateway::auth::Auth;
use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

use super::{Functions, bucket, call, gateway, gateway_with, in_part, listed, listed_version, named, nth, version};
use crate::auth::{Issuer, RESOURCE, Signer, auth, claims, with};
use crate::client::{Client, initialize};
use crate::support::{Draft, request};

/// A gateway that serves 30 % of those with a token of this issuer version 8, and all others version 7.
fn of(issuer: &Issuer) -> (Gateway, Functions) {
    let auth = auth(&[("PENSTOCK_ISSUERS", &issuer.settings().to_string())]);
    gateway_with(&[version(7, None), version(8, Some(30))], |services| Services { auth, ..services })
}

async fn body(gateway: &Gateway, draft: Draft, token: &str) -> Value {
    let host = RESOURCE.split('/').nth(2).expect("a host");
    let draft = draft.header("host", host).header("authorization", format!("Bearer {token}"));
    draft.json(gateway).await.1["result"].clone()
}

#[tokio::test]
async fn every_caller_calls_the_version_it_is_listed() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let ((gateway, functions), (another, _)) = (of(&issuer), of(&issuer));
    for number in 0..200 {
        let subject = format!("caller {number}");
        let token = signer.token(&with(claims(&issuer), "sub", json!(subject)));
        let expected = if bucket(&issuer.url, &subject) < 30 { "8" } else { "7" };
        for gateway in [&gateway, &another] {
            let list = body(gateway, request("tools/list", json!({})), &token).await;
            assert_eq!(list["tools"][0]["description"], expected, "{subject}");
        }
        let answer = body(&gateway, call(expected), &token).await;
        assert_eq!(answer["structuredContent"]["version"], expected, "{subject}: {answer}");
        assert_eq!(functions.called(), [format!("tool:{expected}")]);
    }
}

/// The very callers are named here, so that no later version deals them out anew.
#[tokio::test]
async fn a_percentage_is_of_callers_and_always_the_same_ones() {
    let (gateway, _) = gateway(&[version(7, None), version(8, Some(10))]);
    let mut served = Vec::new();
    for number in 0..1000 {
        if listed_version(&gateway, Some(&nth(number))).await == "8" {
            served.push(number);
        }
    }
    assert_eq!(served.len(), 97);
    assert_eq!(served[..5], [6, 12, 14, 22, 26]);
}

#[tokio::test]
async fn who_is_served_a_canary_is_served_it_when_it_is_for_more_callers() {
    for (percent, parts) in [(1, 0..1), (40, 0..40), (99, 0..99)] {
        let (gateway, _) = gateway(&[version(7, None), version(8, Some(percent))]);
        for part in [0, 1, 39, 40, 98, 99] {
            let expected = if parts.contains(&part) { "8" } else { "7" };
            assert_eq!(listed_version(&gateway, Some(&in_part(part))).await, expected, "{part} of {percent} %");
        }
    }
}

#[tokio::test]
async fn a_client_and_scopes_of_its_own_make_nobody_another_caller() {
    let (gateway, _) = gateway(&[version(7, None), version(8, Some(50))]);
    for part in [49, 50] {
        let one = in_part(part);
        let mut other = one.clone();
        (other.client_id, other.scopes) = (None, vec!["tools:read".to_owned()]);
        assert_eq!(listed(&gateway, Some(&one)).await, listed(&gateway, Some(&other)).await);
    }
}

#[tokio::test]
async fn a_session_is_served_the_version_of_its_caller() {
    let (gateway, functions) = gateway(&[version(7, None), version(8, Some(50))]);
    for (part, expected) in [(49, "8"), (50, "7")] {
        let caller = in_part(part);
        let opened = initialize("2025-11-25", &json!({})).extension(caller.clone()).send(&gateway).await;
        let session = opened.headers()["mcp-session-id"].to_str().expect("text").to_owned();
        let client = Client::again(session, "2025-11-25");
        let arguments = json!({ "name": "tool", "arguments": { "for": expected } });
        let call = client.request(&json!(1), "tools/call", &arguments).extension(caller);
        assert_eq!(call.json(&gateway).await.1["result"]["structuredContent"]["version"], expected);
        assert_eq!(functions.called(), [format!("tool:{expected}")]);
    }
}

#[tokio::test]
async fn without_callers_to_tell_apart_there_are_no_canaries() {
    let entries = [version(7, None), version(8, Some(99))];
    let (gateway, functions) = gateway_with(&entries, |services| Services { auth: Auth::None, ..services });
    assert_eq!(listed_version(&gateway, None).await, "7");
    let (_, body) = call("7").json(&gateway).await;
    assert_eq!(body["result"]["structuredContent"]["version"], "7");
    assert_eq!(functions.called(), ["tool:7"]);
}

/// a list that is not every caller's is nobody else's to keep; R-6: nor are its cursors.
#[tokio::test]
async fn a_list_is_private_while_there_is_a_canary_and_shared_otherwise() {
    let scope = async |entries: &[Value], part| {
        let (gateway, _) = gateway(entries);
        super::result(&gateway, request("tools/list", json!({})), Some(&in_part(part))).await["cacheScope"].clone()
    };
    let pair = [version(7, None), version(8, Some(50))];
    assert_eq!([scope(&pair, 49).await, scope(&pair, 50).await], ["private", "private"]);
    assert_eq!(scope(&pair[..1], 49).await, "public");
    assert_eq!(scope(&pair[1..], 49).await, "public", "alone it is for everybody");
    assert_eq!(scope(&[version(7, None), version(8, Some(0))], 49).await, "public", "for nobody");
}

#[tokio::test]
async fn canaries_of_several_tools_have_percentages_of_their_own() {
    let tools = [("a", 10_u8), ("b", 40), ("c", 10), ("d", 70)];
    let pairs = tools.map(|(name, percent)| [named(name, version(7, None)), named(name, version(8, Some(percent)))]);
    let (gateway, _) = gateway(&pairs.concat());
    for part in [0, 9, 10, 39, 40, 69, 70, 99] {
        let expected = tools.map(|(name, percent)| {
            let number = if part < u64::from(percent) { "8" } else { "7" };
            (name.to_owned(), number.to_owned())
        });
        assert_eq!(listed(&gateway, Some(&in_part(part))).await, expected, "{part}");
    }
}
