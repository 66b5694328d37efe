use http::StatusCode;
use serde_json::json;

use super::support::{self, Answer, steps};

const INVOKE: &str = "/2015-03-31/functions/worker/invocations";

#[tokio::test]
async fn an_unknown_function_is_answered_as_on_lambda() {
    let fixture = support::start().await;
    for path in
        ["/2015-03-31/functions/other/invocations", "/2021-11-15/functions/other/response-streaming-invocations"]
    {
        let answer = Answer::read(fixture.post(path, &[], "{}").await).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.headers["x-amzn-errortype"], "ResourceNotFoundException");
        assert_eq!(answer.body["Type"], "User");
        assert!(answer.body["Message"].as_str().expect("a message").ends_with(":function:other"));
    }
}

#[tokio::test]
async fn a_function_is_found_by_its_arn_with_any_qualifier() {
    let fixture = support::start().await;
    let name = "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aworker%3A7";
    let path = format!("/2015-03-31/functions/{name}/invocations?Qualifier=7");
    let answer = Answer::read(fixture.post(&path, &[], steps(&json!([["reply", 1]])).to_string()).await).await;
    assert_eq!(answer.body, json!(1));
    assert_eq!(answer.headers["x-amz-executed-version"], "$LATEST");
}

#[tokio::test]
async fn a_dry_run_starts_nothing() {
    let fixture = support::start().await;
    let answer = Answer::read(fixture.post(INVOKE, &[("x-amz-invocation-type", "DryRun")], "{}").await).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(fixture.host.environments("worker").expect("the worker"), 0);
}

#[tokio::test]
async fn bad_input_is_refused_by_name_and_starts_nothing() {
    let fixture = support::start().await;
    let big = "A".repeat(4000);
    for (header, body, expected) in [
        (("x-amz-invocation-type", "RequestResponse"), "{", "InvalidRequestContentException"),
        (("x-amz-invocation-type", "Sometimes"), "{}", "InvalidParameterValueException"),
        (("x-amz-client-context", "???"), "{}", "InvalidParameterValueException"),
        (("x-amz-client-context", big.as_str()), "{}", "InvalidParameterValueException"),
    ] {
        let answer = Answer::read(fixture.post(INVOKE, &[header], body.to_owned()).await).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.headers["x-amzn-errortype"], expected);
    }
    let answer = Answer::read(fixture.post("/2014-11-13/functions/worker/invoke-async", &[], "{}").await).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(fixture.host.environments("worker").expect("the worker"), 0);
}
