use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::support::{self, Answer, steps};

#[tokio::test]
async fn a_function_finds_the_environment_of_lambda_and_nothing_of_the_host() {
    let fixture = support::start_with(|function, options| {
        function.memory_megabytes = 256;
        options.region = "eu-central-1".to_owned();
    })
    .await;
    let answer = fixture.call(steps(&json!([["describe"]]))).await;
    let env = &answer.body["env"];
    assert_eq!(env["AWS_LAMBDA_FUNCTION_NAME"], "worker");
    assert_eq!(env["AWS_LAMBDA_FUNCTION_VERSION"], "$LATEST");
    assert_eq!(env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], "256");
    assert_eq!(env["AWS_LAMBDA_LOG_GROUP_NAME"], "/aws/lambda/worker");
    assert_eq!(env["AWS_REGION"], "eu-central-1");
    assert_eq!(env["AWS_DEFAULT_REGION"], "eu-central-1");
    assert_eq!(env["_HANDLER"], "bootstrap");
    assert!(env["LAMBDA_TASK_ROOT"].as_str().expect("a folder").ends_with("fixtures/worker"));
    for absent in ["AWS_LAMBDA_MAX_CONCURRENCY", "CARGO_MANIFEST_DIR", "AWS_ACCESS_KEY_ID"] {
        assert!(env.get(absent).is_none(), "{absent} is set");
    }
}

#[tokio::test]
async fn a_concurrent_function_is_told_how_many_calls_it_takes() {
    let fixture = support::start_with(|function, _| {
        function.requests_per_environment = 4.try_into().expect("not zero");
    })
    .await;
    let answer = fixture.call(steps(&json!([["describe"]]))).await;
    assert_eq!(answer.body["env"]["AWS_LAMBDA_MAX_CONCURRENCY"], "4");
}

#[tokio::test]
async fn a_call_comes_with_the_headers_of_the_runtime_api() {
    let fixture = support::start_with(|function, _| function.timeout = Duration::from_mins(2)).await;
    let headers = [
        ("x-amz-client-context", "ewogICJjdXN0b20iOiB7ImsiOiAidiJ9Cn0="),
        ("x-amzn-trace-id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"),
    ];
    let event = steps(&json!([["describe"]])).to_string();
    let before = SystemTime::now();
    let answer = Answer::read(fixture.post("/2015-03-31/functions/worker/invocations", &headers, event).await).await;
    let after = SystemTime::now();
    let sent = &answer.body["headers"];
    assert_eq!(sent["lambda-runtime-client-context"], r#"{"custom":{"k":"v"}}"#);
    assert_eq!(sent["lambda-runtime-trace-id"], headers[1].1);
    assert_eq!(sent["lambda-runtime-invoked-function-arn"], "arn:aws:lambda:us-east-1:000000000000:function:worker");
    assert_eq!(sent["lambda-runtime-invocation-id"], sent["lambda-runtime-aws-request-id"]);
    let deadline = sent["lambda-runtime-deadline-ms"].as_str().expect("a deadline").parse().expect("milliseconds");
    let deadline = UNIX_EPOCH + Duration::from_millis(deadline);
    let timeout = Duration::from_mins(2);
    assert!(deadline + Duration::from_millis(1) >= before + timeout && deadline <= after + timeout);
}

#[tokio::test]
async fn a_call_without_a_payload_is_an_empty_object() {
    let fixture = support::start().await;
    let answer = Answer::read(fixture.post("/2015-03-31/functions/worker/invocations", &[], "").await).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.is_null());
}

#[tokio::test]
async fn an_answer_to_no_call_is_refused() {
    let fixture = support::start().await;
    let event = steps(&json!([["respond_to", "00000000-0000-0000-0000-000000000000"], ["reply", "fine"]]));
    assert_eq!(fixture.call(event).await.body, json!("fine"));
    fixture.worker().await.says("status 400").await;
}

#[tokio::test]
async fn a_second_answer_to_a_call_is_refused() {
    let fixture = support::start().await;
    let event = steps(&json!([["reply", "first"], ["respond_again"]]));
    assert_eq!(fixture.call(event).await.body, json!("first"));
    fixture.worker().await.says("status 400").await;
}

#[tokio::test]
async fn an_answer_that_comes_after_the_timeout_is_refused() {
    let fixture = support::start_with(|function, _| {
        function.timeout = Duration::from_secs(1);
        function.requests_per_environment = 2.try_into().expect("not zero");
    })
    .await;
    let answer = fixture.call(steps(&json!([["poke", "late"], ["respond_again"]]))).await;
    assert_eq!(answer.error_type(), "Sandbox.Timedout");
    let mut worker = fixture.worker().await;
    worker.reaches("late").await;
    worker.go("late").await;
    worker.says("status 410").await;
}
