//! The worker process, and what GitHub would answer it.

use std::process::Command;

use penstock_kit::testing::{Answer, Peer, Worker, event};
use serde_json::{Value, json};

pub(crate) const SEARCH: &str = "search_repositories";
pub(crate) const TEMPLATE: &str = "template:repository";

/// A worker deployed as `id` that has no token.
pub(crate) fn worker(id: &str, github: &Peer) -> Worker {
    start(id, github, &[])
}

/// A worker deployed as `id`, with more environment variables.
pub(crate) fn start(id: &str, github: &Peer, environment: &[(&str, &str)]) -> Worker {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-github"));
    command.env_clear().env("PENSTOCK_TOOL", id).env("PENSTOCK_GITHUB_URL", github.url());
    command.envs(environment.iter().copied());
    Worker::start(command)
}

/// The only frame that answers an event.
pub(crate) fn answer(worker: &Worker, event: &Value) -> Value {
    let mut frames = worker.invoke(event).frames().expect("the worker contract");
    assert_eq!(frames.len(), 1, "{frames:?}");
    frames.remove(0)
}

/// The result of a search.
pub(crate) fn search(worker: &Worker, arguments: Value) -> Value {
    answer(worker, &event(SEARCH, arguments))["result"].clone()
}

/// What the model reads of a search that must fail.
pub(crate) fn refusal(worker: &Worker, arguments: Value) -> String {
    let result = search(worker, arguments);
    assert_eq!(result["isError"], true, "{result}");
    result["content"][0]["text"].as_str().expect("a text").to_owned()
}

/// What GitHub says of a repository.
pub(crate) fn repository(name: &str) -> Value {
    json!({
        "id": 1_296_269, "name": name, "full_name": format!("octocat/{name}"), "private": false,
        "owner": { "login": "octocat", "id": 1 }, "html_url": format!("https://github.com/octocat/{name}"),
        "description": "My first repository", "fork": false, "language": "Rust", "forks_count": 9,
        "stargazers_count": 80, "watchers_count": 80, "open_issues_count": 2, "topics": ["octocat", "api"],
        "license": { "key": "mit", "name": "MIT License", "spdx_id": "MIT" }, "default_branch": "main",
        "archived": false, "pushed_at": "2026-01-26T19:06:43Z", "score": 1.0,
    })
}

/// A page of search results.
pub(crate) fn found(items: &[Value]) -> Answer {
    Answer::json(200, &json!({ "total_count": items.len(), "incomplete_results": false, "items": items }))
}
