//! What a search asks and answers.

use penstock_kit::testing::{Answer, Peer};
use serde_json::{Value, json};

use crate::support::{SEARCH, found, refusal, repository, search, worker};

#[test]
fn repositories_are_answered_with_what_matters_of_them() {
    let mut bare = repository("bare");
    for member in ["description", "language", "license"] {
        bare[member] = Value::Null;
    }
    let peer = Peer::answering([found(&[repository("hello"), bare])]);
    let result = search(&worker(SEARCH, &peer), json!({ "query": "hello world" }));
    let output = &result["structuredContent"];
    assert_eq!((&output["total"], &output["incomplete"]), (&json!(2), &json!(false)));
    let hello = json!({
        "full_name": "octocat/hello", "description": "My first repository", "url": "https://github.com/octocat/hello",
        "stars": 80, "forks": 9, "open_issues": 2, "language": "Rust", "topics": ["octocat", "api"], "license": "MIT",
        "default_branch": "main", "archived": false, "pushed_at": "2026-01-26T19:06:43Z",
    });
    assert_eq!(output["repositories"][0], hello);
    assert_eq!(
        result["content"][0]["text"],
        "2 of 2 repositories:\n- octocat/hello (80 stars, Rust, MIT) https://github.com/octocat/hello\n  \
         My first repository\n- octocat/bare (80 stars) https://github.com/octocat/bare"
    );
    let request = peer.requests().remove(0);
    assert_eq!(request.target, "/search/repositories?q=hello+world&per_page=10");
    assert_eq!(request.headers["x-github-api-version"], "2022-11-28");
    assert_eq!(request.headers["accept"], "application/vnd.github+json");
    assert!(request.headers["user-agent"].starts_with("penstock/"), "{:?}", request.headers);
    assert!(!request.headers.contains_key("authorization"));
}

#[test]
fn language_order_and_limit_reach_github_in_its_own_terms() {
    let peer = Peer::answering([found(&[])]);
    let worker = worker(SEARCH, &peer);
    for (sort, parameter) in
        [("best_match", ""), ("stars", "&sort=stars"), ("forks", "&sort=forks"), ("updated", "&sort=updated")]
    {
        let arguments = json!({ "query": "topic:cli", "language": "Jupyter Notebook", "sort": sort, "limit": 100 });
        search(&worker, arguments);
        let asked = "/search/repositories?q=topic%3Acli+language%3A%22Jupyter+Notebook%22&per_page=100";
        assert_eq!(peer.requests()[0].target, format!("{asked}{parameter}"));
    }
}

#[test]
fn nothing_found_and_a_search_cut_short_are_said() {
    let cut = json!({ "total_count": 5, "incomplete_results": true, "items": [repository("hello")] });
    let peer = Peer::answering([found(&[]), Answer::json(200, &cut)]);
    let worker = worker(SEARCH, &peer);
    let text = |result: Value| result["content"][0]["text"].as_str().expect("a text").to_owned();
    assert!(text(search(&worker, json!({ "query": "x" }))).starts_with("No repository matches. Try fewer"));
    assert!(text(search(&worker, json!({ "query": "x" }))).contains("GitHub ran out of time"));
}

#[test]
fn bad_arguments_are_refused_before_anything_is_asked() {
    let peer = Peer::answering([found(&[])]);
    let worker = worker(SEARCH, &peer);
    for (arguments, said) in [
        (json!({}), "missing field `query`"),
        (json!({ "query": " " }), "`query` is empty"),
        (json!({ "query": "x".repeat(250), "language": "Rust" }), "GitHub takes 256"),
        (json!({ "query": "x", "language": "a\" user:b" }), "quotation mark"),
        (json!({ "query": "x", "limit": 101 }), "use 1 to 100"),
        (json!({ "query": "x", "limit": 0 }), "use 1 to 100"),
        (json!({ "query": "x", "sort": "name" }), "unknown variant `name`"),
    ] {
        let text = refusal(&worker, arguments);
        assert!(text.contains(said), "{said:?} is not in {text:?}");
    }
    assert!(peer.requests().is_empty());
}
