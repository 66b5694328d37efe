//! Where the token comes from, and where it goes.

use penstock_kit::testing::{Answer, Peer, Worker};
use serde_json::{Value, json};

use crate::support::{SEARCH, found, refusal, search, start};

/// A worker whose token is the secret `github` of `secrets`.
fn with_secret(github: &Peer, secrets: &Peer) -> Worker {
    let environment = [
        ("PENSTOCK_GITHUB_SECRET", "github"),
        ("GITHUB_TOKEN", "not this one"),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.url()),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_MAX_ATTEMPTS", "1"),
    ];
    start(SEARCH, github, &environment)
}

fn secret(text: &str) -> Answer {
    Answer::json(200, &json!({ "Name": "github", "SecretString": text, "VersionStages": ["AWSCURRENT"] }))
}

/// The tokens GitHub was sent.
fn sent(github: &Peer) -> Vec<String> {
    github.requests().iter().map(|request| request.headers["authorization"].clone()).collect()
}

#[test]
fn a_token_of_the_environment_is_sent() {
    let github = Peer::answering([found(&[])]);
    search(&start(SEARCH, &github, &[("GITHUB_TOKEN", "ghp_abc\n")]), json!({ "query": "x" }));
    assert_eq!(sent(&github), ["Bearer ghp_abc"]);
}

#[test]
fn a_secret_is_read_once_at_the_first_call() {
    let (github, secrets) = (Peer::answering([found(&[])]), Peer::answering([secret(r#"{"token":"ghp_abc"}"#)]));
    let worker = with_secret(&github, &secrets);
    for _ in 0..2 {
        search(&worker, json!({ "query": "x" }));
    }
    assert_eq!(sent(&github), ["Bearer ghp_abc", "Bearer ghp_abc"]);
    let requests = secrets.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].headers["x-amz-target"], "secretsmanager.GetSecretValue");
    assert_eq!(serde_json::from_str::<Value>(&requests[0].body).expect("JSON"), json!({ "SecretId": "github" }));
}

#[test]
fn a_secret_that_was_rotated_is_read_again() {
    let secrets = Peer::answering([secret("old"), secret("new")]);
    let github = Peer::start(|request| match request.headers["authorization"].as_str() {
        "Bearer new" => found(&[]),
        _ => Answer::json(401, &json!({ "message": "Bad credentials" })),
    });
    let worker = with_secret(&github, &secrets);
    assert_eq!(search(&worker, json!({ "query": "x" }))["structuredContent"]["total"], 0);
    assert_eq!(sent(&github), ["Bearer old", "Bearer new"]);
}

#[test]
fn a_token_that_is_refused_and_not_replaced_is_tried_once_a_call() {
    let secrets = Peer::answering([secret("old")]);
    let github = Peer::answering([Answer::json(401, &json!({ "message": "Bad credentials" }))]);
    let text = refusal(&with_secret(&github, &secrets), json!({ "query": "x" }));
    assert!(text.contains("does not accept the token of this tool"), "{text}");
    assert_eq!((sent(&github).len(), secrets.requests().len()), (1, 2));
}

#[test]
fn a_secret_that_cannot_be_had_is_explained_and_github_is_not_asked() {
    let error =
        |code: &str| Answer::json(400, &json!({ "__type": code, "message": "arn:aws:iam::1:role/secret-role" }));
    let github = Peer::answering([found(&[])]);
    let secrets = Peer::answering([
        error("AccessDeniedException"),
        error("ResourceNotFoundException"),
        error("ThrottlingException"),
        secret("two words"),
        secret("ghp_abc"),
    ]);
    let worker = with_secret(&github, &secrets);
    for said in ["secretsmanager:GetSecretValue", "does not exist", "Wait a minute", "holds none"] {
        let text = refusal(&worker, json!({ "query": "x" }));
        assert!(text.contains(said) && !text.contains("secret-role") && !text.contains("two words"), "{text}");
    }
    assert!(github.requests().is_empty());
    search(&worker, json!({ "query": "x" }));
    assert_eq!(sent(&github), ["Bearer ghp_abc"]);
}

#[test]
fn a_redirect_to_another_origin_does_not_get_the_token() {
    let other = Peer::answering([found(&[])]);
    let github = Peer::answering([Answer::text(302, "").with_header("location", &format!("{}/x", other.url()))]);
    let text = refusal(&start(SEARCH, &github, &[("GITHUB_TOKEN", "ghp_abc")]), json!({ "query": "x" }));
    assert!(text.contains("has moved away"), "{text}");
    assert!(other.requests().is_empty());
}

#[test]
fn what_is_no_token_fails_the_start_and_no_log_holds_one() {
    let github = Peer::answering([Answer::text(500, "")]);
    let exit = start(SEARCH, &github, &[("GITHUB_TOKEN", "two words")]).exit();
    let message = exit.init_error.expect("posted to /runtime/init/error")["errorMessage"].to_string();
    assert!(message.contains("GITHUB_TOKEN holds no token") && !message.contains("two words"), "{message}");

    let mut worker = start(SEARCH, &github, &[("GITHUB_TOKEN", "ghp_abc"), ("AWS_LAMBDA_LOG_LEVEL", "TRACE")]);
    refusal(&worker, json!({ "query": "hunter2" }));
    refusal(&worker, json!({ "query": "hunter2" }));
    worker.kill();
    let log = worker.exit().log;
    assert!(log.contains("\"outcome\":\"failed\""), "{log}");
    assert!(!log.contains("ghp_abc") && !log.contains("hunter2"), "{log}");
}
