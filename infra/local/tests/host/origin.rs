use std::net::SocketAddr;
use std::path::Path;

use bytes::Bytes;
use http::{HeaderMap, Request, header};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use penstock::host::{Function, Host, HostError, Options, Origin};
use serde_json::{Value, json};

use super::support::{self, Answer, within};

const REMAPPED: &str = "x-amzn-remapped-www-authenticate";

async fn send(address: SocketAddr, path: &str, body: &str) -> Answer {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let request = Request::post(format!("http://{address}{path}")).body(Full::from(body.to_owned()));
    let answer = within("an answer", client.request(request.expect("a request"))).await;
    Answer::read(answer.expect("an answer")).await
}

/// Two functions that answer with their environment, and a document.
async fn two_functions() -> (Host, SocketAddr) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gateway/bootstrap");
    let functions = ["one", "other"].map(|name| Function::new(name, &program)).to_vec();
    let mut host = Host::start(support::loopback().await, functions, &Options::default()).expect("it starts");
    let listener = support::loopback().await;
    let address = listener.local_addr().expect("bound");
    let origin = Origin {
        function: "one".to_owned(),
        paths: [("/token".to_owned(), "other".to_owned())].into(),
        documents: [("/document".to_owned(), Bytes::from_static(b"{\"a\":1}"))].into(),
    };
    host.origin(origin, listener).expect("both are there");
    (host, address)
}

#[tokio::test]
async fn a_path_that_is_named_has_its_own_function_and_every_other_spelling_has_not() {
    let (host, address) = two_functions().await;
    for (path, function) in [
        ("/token", "other"),
        ("/token?path=/mcp", "other"),
        ("/mcp", "one"),
        ("/", "one"),
        ("/token/", "one"),
        ("/tokens", "one"),
        ("/Token", "one"),
        ("/%74oken", "one"),
        ("//token", "one"),
        ("/mcp?path=/token", "one"),
        ("/mcp/../token", "one"),
    ] {
        let answer = send(address, path, "").await;
        assert_eq!(answer.body["AWS_LAMBDA_FUNCTION_NAME"], function, "{path}");
    }
    host.shut_down().await;
}

#[tokio::test]
async fn a_document_is_answered_without_a_function() {
    let (host, address) = two_functions().await;
    let answer = send(address, "/document", "").await;
    assert_eq!(answer.body, json!({ "a": 1 }));
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(host.environments("one").expect("one"), 0);
    assert_eq!(host.environments("other").expect("other"), 0);
    host.shut_down().await;
}

#[tokio::test]
async fn a_function_that_is_not_there_is_named() {
    let (mut host, _) = two_functions().await;
    for (function, path) in [("absent", "one"), ("one", "absent")] {
        let paths = [("/token".to_owned(), path.to_owned())].into();
        let origin = Origin { function: function.to_owned(), paths, ..Origin::default() };
        let error = host.origin(origin, support::loopback().await).expect_err("there is none");
        assert!(matches!(error, HostError::Unknown(name) if name == "absent"));
    }
    host.shut_down().await;
}

/// Every `WWW-Authenticate` of a function, as it arrives under each name.
fn challenges(headers: &HeaderMap) -> [Vec<&str>; 2] {
    [header::WWW_AUTHENTICATE.as_str(), REMAPPED]
        .map(|name| headers.get_all(name).iter().map(|value| value.to_str().expect("text")).collect())
}

#[tokio::test]
async fn a_function_url_renames_the_challenge_and_the_one_origin_gives_it_its_name_back() {
    let mut fixture = support::start().await;
    let (plain, one) = (support::loopback().await, support::loopback().await);
    let [plain_at, one_at] = [&plain, &one].map(|listener| listener.local_addr().expect("bound"));
    fixture.host.front("worker", plain).expect("the worker");
    let origin = Origin { function: "worker".to_owned(), ..Origin::default() };
    fixture.host.origin(origin, one).expect("the worker");
    for (sent, renamed) in [
        (json!({ "WWW-Authenticate": "Bearer a=\"1\"" }), vec!["Bearer a=\"1\""]),
        (json!({ "www-authenticate": ["Bearer", "Basic"] }), vec!["Bearer", "Basic"]),
        (json!({ "www-authenticate": "Bearer", REMAPPED: "Bearer" }), vec!["Bearer"]),
        (json!({}), vec![]),
    ] {
        let head: Value = json!({ "statusCode": 401, "headers": sent });
        let steps = json!([["write", format!("{head}\0\0\0\0\0\0\0\0")]]).to_string();
        let answer = send(plain_at, "/mcp", &steps).await;
        assert_eq!(challenges(&answer.headers), [vec![], renamed.clone()], "{sent}");
        let answer = send(one_at, "/mcp", &steps).await;
        assert_eq!(challenges(&answer.headers), [renamed, vec![]], "{sent}");
    }
}
