use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{Service, ServiceError, in_words};
use crate::{FetchError, Roots};

/// A server on this machine that gives its answers in turn; what it was sent, in lower case.
async fn answering(answers: Vec<String>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/api", listener.local_addr().expect("an address"));
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&heads);
    tokio::spawn(async move {
        for answer in answers {
            let (mut client, _) = listener.accept().await.expect("a client");
            let mut head = vec![0; 4096];
            let length = client.read(&mut head).await.unwrap_or_default();
            seen.lock().expect("no panic").push(String::from_utf8_lossy(&head[..length]).to_lowercase());
            let _ = client.write_all(answer.as_bytes()).await;
        }
    });
    (url, heads)
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} Status\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

fn service(url: &str) -> Service {
    Service::new("EXAMPLE_URL", url, &Roots::default()).expect("a service")
}

#[tokio::test]
async fn a_request_stays_below_the_base_url_whatever_its_segments_hold() {
    let (url, heads) = answering(vec![answer(200, "", "{\"a\":1}")]).await;
    let service = service(&url);
    let get = service.get("v1/search").segment("../x?y").query("name", "São & co").query("count", 5);
    assert_eq!(get.json::<Value>().await.expect("a document"), json!({ "a": 1 }));
    let head = heads.lock().expect("no panic")[0].clone();
    assert!(head.starts_with("get /api/v1/search/..%2fx%3fy?name=s%c3%a3o+%26+co&count=5 http/1.1"), "{head}");
}

#[tokio::test]
async fn a_redirect_is_followed_at_its_own_origin_and_nowhere_else() {
    let (url, heads) = answering(vec![
        answer(301, "location: /api/moved\r\n", ""),
        answer(200, "", "{}"),
        answer(302, "location: http://127.0.0.1:1/\r\n", ""),
    ])
    .await;
    let service = service(&url);
    let get = || service.get("old").header(AUTHORIZATION, HeaderValue::from_static("Bearer secret"));
    get().json::<Value>().await.expect("a document");
    assert!(heads.lock().expect("no panic")[1].starts_with("get /api/moved http/1.1"));
    match get().json::<Value>().await {
        Err(ServiceError::Refused(answer)) => assert_eq!(answer.status, StatusCode::FOUND),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn redirects_without_end_are_given_up() {
    let (url, heads) = answering(vec![answer(302, "location: /api/round\r\n", ""); 10]).await;
    assert!(matches!(service(&url).get("round").json::<Value>().await, Err(ServiceError::Incomprehensible)));
    assert_eq!(heads.lock().expect("no panic").len(), 4);
}

#[tokio::test]
async fn a_text_is_cut_at_the_bound_and_never_inside_a_character() {
    let (url, _) = answering(vec![answer(200, "", "aé€z"), answer(200, "", "aé€z")]).await;
    let service = service(&url);
    let cut = service.get("text").text(5).await.expect("a text");
    assert_eq!((&*cut.text, cut.is_cut), ("aé", true));
    let whole = service.get("text").text(7).await.expect("a text");
    assert_eq!((&*whole.text, whole.is_cut), ("aé€z", false));
}

#[tokio::test]
async fn failures_are_explained_without_what_the_service_said() {
    let huge = format!("\"{}\"", " ".repeat(super::MAX_JSON));
    let (url, _) = answering(vec![
        answer(429, "retry-after: 40\r\n", "secret"),
        answer(503, "", "secret"),
        answer(400, "", "secret"),
        answer(301, "location: https://secret.example/\r\n", ""),
        answer(200, "", "[\"secret\"]"),
        answer(200, "", &huge),
    ])
    .await;
    let service = service(&url);
    for said in [
        "takes no more requests for now. Try again in 40 seconds.",
        "has a fault of its own (HTTP 503)",
        "refused the request (HTTP 400)",
        "has moved away",
        "could not be understood",
        "too large",
    ] {
        let error = service.get("x").json::<std::collections::BTreeMap<String, String>>().await.expect_err("a failure");
        let text = error.explain("Example");
        assert!(text.contains(said) && !text.contains("secret"), "{text}");
    }
    // Nobody listens any more.
    let error = service.get("x").json::<Value>().await.expect_err("no answer");
    assert_eq!(error.explain("Example"), "The connection to Example failed. Try again in a minute.");
    assert!(ServiceError::from(FetchError::Timeout).explain("Example").contains("in time"));
}

#[test]
fn a_base_url_that_cannot_be_one_is_refused_by_the_variables_name() {
    for (url, reason) in [
        ("", "EXAMPLE_URL: not set"),
        ("http://example.com", "EXAMPLE_URL: not a URL that may be fetched: only https, or http on this machine"),
        ("https://example.com/?key=1", "EXAMPLE_URL: a base URL has no query"),
    ] {
        let error = Service::new("EXAMPLE_URL", url, &Roots::default()).expect_err("refused");
        assert_eq!(error.to_string(), reason);
    }
}

#[test]
fn times_to_wait_are_said_in_the_unit_people_use() {
    for (seconds, words) in [
        (0, "1 second"),
        (1, "1 second"),
        (90, "90 seconds"),
        (91, "2 minutes"),
        (3600, "60 minutes"),
        (7300, "3 hours"),
    ] {
        assert_eq!(in_words(Duration::from_secs(seconds)), words);
    }
}
