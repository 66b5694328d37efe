//! Documents in a bucket.

use penstock_kit::testing::{Answer, Peer, Worker};
use serde_json::json;

use crate::support::{complete, missing, part, read, start};

fn object(body: &str) -> Answer {
    Answer::text(200, body).with_header("last-modified", "Sat, 21 Nov 2026 18:30:00 GMT").with_header("etag", "\"1\"")
}

/// A refusal as S3 spells it.
fn error(status: u16, code: &str) -> Answer {
    let role = "User: arn:aws:sts::111122223333:assumed-role/secret-role/x";
    Answer::text(status, format!("<Error><Code>{code}</Code><Message>{role}</Message></Error>"))
}

/// A worker with credentials whose S3 is `peer`.
fn worker(peer: &Peer, location: &str) -> Worker {
    let environment = [
        ("AWS_ENDPOINT_URL_S3", peer.url()),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token"),
    ];
    start(location, &environment)
}

#[test]
fn a_document_is_the_object_below_the_prefix() {
    let peer = Peer::answering([object("a,b\n1,2\n")]);
    let worker = worker(&peer, "s3://papers/shared/team a");
    assert_eq!(read(&worker, "reports/2026 q3.csv"), part("reports/2026 q3.csv", "text/csv", "text", "a,b\n1,2\n"));
    let requests = peer.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!(requests[0].target, "/papers/shared/team%20a/reports/2026%20q3.csv");
    assert!(requests[0].headers["authorization"].contains("/eu-central-1/s3/aws4_request"));
    assert_eq!(requests[0].headers["x-amz-security-token"], "token");
}

#[test]
fn an_object_that_is_not_there_is_no_resource() {
    let peer = Peer::answering([error(404, "NoSuchKey")]);
    let worker = worker(&peer, "s3://papers");
    assert_eq!(read(&worker, "none.md"), missing("none.md"));
    assert_eq!(read(&worker, "../other/a.md"), missing("../other/a.md"));
    assert_eq!(peer.requests().len(), 1, "a path that leads out is not asked for");
}

#[test]
fn refusals_are_explained_without_what_s3_said() {
    for (refusal, said) in
        [(error(403, "AccessDenied"), "lacks the permission s3:GetObject"), (error(400, "InvalidRequest"), "S3")]
    {
        let peer = Peer::answering([refusal]);
        let error = read(&worker(&peer, "s3://papers"), "a.md")["error"].take();
        assert_eq!(error["code"], -32603);
        assert!(error["message"].as_str().is_some_and(|message| message.contains(said)), "{error}");
        assert!(!error.to_string().contains("secret-role"), "{error}");
    }
}

#[test]
fn missing_credentials_are_called_missing() {
    let peer = Peer::answering([object("")]);
    let worker = start("s3://papers", &[("AWS_ENDPOINT_URL_S3", peer.url()), ("AWS_REGION", "eu-central-1")]);
    let error = read(&worker, "a.md")["error"].take();
    assert!(error["message"].as_str().is_some_and(|text| text.starts_with("There are no AWS credentials")), "{error}");
    assert!(peer.requests().is_empty());
}

#[test]
fn paths_are_completed_from_the_bucket() {
    let list = "<ListBucketResult><Contents><Key>docs/a/one.md</Key><Size>1</Size>\
                <LastModified>2026-11-21T18:30:00.000Z</LastModified><ETag>\"1\"</ETag></Contents>\
                <Contents><Key>docs/a/two.md</Key><Size>1</Size>\
                <LastModified>2026-11-21T18:30:00.000Z</LastModified></Contents></ListBucketResult>";
    let peer = Peer::answering([Answer::text(200, list)]);
    let worker = worker(&peer, "s3://papers/docs");
    assert_eq!(complete(&worker, "a/t"), json!(["a/two.md"]));
    let target = &peer.requests()[0].target;
    assert!(target.starts_with("/papers?") && target.contains("prefix=docs%2Fa%2F"), "{target}");
}
