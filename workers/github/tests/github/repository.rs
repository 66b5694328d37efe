//! `repository://{owner}/{name}`.

use penstock_kit::testing::{Answer, Peer, completion_event, resource_event};
use serde_json::{Value, json};

use crate::support::{TEMPLATE, answer, found, repository, start, worker};

const URI: &str = "repository://octocat/hello";

fn read(github: &Peer) -> Value {
    answer(&worker(TEMPLATE, github), &resource_event(URI, json!({ "owner": "octocat", "name": "hello" })))
}

/// GitHub with one repository, whose README is `readme`.
fn github(readme: Answer) -> Peer {
    Peer::start(move |request| match request.target.as_str() {
        "/repos/octocat/hello" => Answer::json(200, &repository("hello")),
        "/repos/octocat/hello/readme" if request.headers["accept"] == "application/vnd.github.raw+json" => {
            readme.clone()
        }
        _ => Answer::json(404, &json!({ "message": "Not Found" })),
    })
}

/// The document in a result.
fn document(frame: &Value) -> Value {
    let contents = &frame["result"]["contents"][0];
    assert_eq!((&contents["uri"], &contents["mimeType"]), (&json!(URI), &json!("application/json")), "{frame}");
    serde_json::from_str(contents["text"].as_str().expect("a text")).expect("JSON")
}

#[test]
fn a_repository_is_described_with_its_readme() {
    let document = document(&read(&github(Answer::text(200, "# Hello\n"))));
    let expected = json!({
        "full_name": "octocat/hello", "description": "My first repository", "url": "https://github.com/octocat/hello",
        "stars": 80, "forks": 9, "open_issues": 2, "language": "Rust", "topics": ["octocat", "api"], "license": "MIT",
        "default_branch": "main", "archived": false, "pushed_at": "2026-01-26T19:06:43Z",
        "readme": { "text": "# Hello\n", "truncated": false },
    });
    assert_eq!(document, expected);
}

#[test]
fn a_long_readme_is_cut_and_a_missing_one_is_null() {
    let long = document(&read(&github(Answer::text(200, "x".repeat(200_000)))));
    assert_eq!(long["readme"]["text"].as_str().map(str::len), Some(100 * 1024));
    assert_eq!(long["readme"]["truncated"], true);
    let none = document(&read(&github(Answer::json(404, &json!({ "message": "Not Found" })))));
    assert_eq!(none["readme"], Value::Null);
}

#[test]
fn a_renamed_repository_is_found_where_it_is_now() {
    let github = Peer::start(|request| match request.target.as_str() {
        "/repos/octocat/hello" => Answer::text(301, "").with_header("location", "/repositories/1296269"),
        "/repos/octocat/hello/readme" => Answer::text(301, "").with_header("location", "/repositories/1296269/readme"),
        "/repositories/1296269" => Answer::json(200, &repository("renamed")),
        _ => Answer::text(200, "# Renamed"),
    });
    assert_eq!(document(&read(&github))["full_name"], "octocat/renamed");
}

/// a resource that is not there.
#[test]
fn an_unknown_repository_is_no_resource_and_a_name_that_cannot_be_one_is_not_asked_for() {
    let github = Peer::answering([Answer::json(404, &json!({ "message": "Not Found" }))]);
    let missing = json!({ "code": -32602, "message": "there is no such resource", "data": { "uri": URI } });
    assert_eq!(read(&github)["error"], missing);
    assert_eq!(github.requests().len(), 2);
    let worker = worker(TEMPLATE, &github);
    for (owner, name) in [("octocat", ".."), ("..", "user"), ("octo/cat", "x"), ("octocat", "a?b")] {
        let frame = answer(&worker, &resource_event(URI, json!({ "owner": owner, "name": name })));
        assert_eq!(frame["error"]["code"], -32602, "{frame}");
    }
    assert!(github.requests().is_empty());
}

#[test]
fn a_limit_is_an_error_that_says_when_to_try_again() {
    let github = Peer::answering([Answer::text(429, "").with_header("retry-after", "30")]);
    let message = read(&github)["error"]["message"].to_string();
    assert!(message.contains("Try again in 30 seconds"), "{message}");
}

/// suggestions go on from what was typed.
#[test]
fn owners_and_names_complete_from_what_github_finds() {
    let github = Peer::start(|request| {
        if request.target.starts_with("/search/users?q=octo+in%3Alogin&") {
            found(&[json!({ "login": "octocat" }), json!({ "login": "not-octo" }), json!({ "login": "Octokit" })])
        } else if request.target.starts_with("/search/repositories?q=he+in%3Aname+user%3Aoctocat&") {
            found(&[repository("hello"), repository("the-other")])
        } else {
            Answer::text(500, "")
        }
    });
    let worker = start(TEMPLATE, &github, &[]);
    let complete = |argument: &str, value: &str, known: Value| {
        let reference = json!({ "type": "ref/resource", "uri": "repository://{owner}/{name}" });
        let mut event = completion_event(reference, argument, value);
        event["params"]["context"] = json!({ "arguments": known });
        answer(&worker, &event)["result"]["completion"]["values"].clone()
    };
    assert_eq!(complete("owner", "octo", json!({})), json!(["octocat", "Octokit"]));
    assert_eq!(complete("name", "he", json!({ "owner": "octocat" })), json!(["hello"]));
    github.requests();
    // Nothing to look for, and an owner that is not known.
    assert_eq!(complete("owner", "", json!({})), json!([]));
    assert_eq!(complete("name", "he", json!({})), json!([]));
    assert!(github.requests().is_empty());
    // GitHub's trouble is no reason to disturb whoever types.
    assert_eq!(complete("owner", "x", json!({})), json!([]));
}
