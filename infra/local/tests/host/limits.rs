use http::StatusCode;
use serde_json::json;

use super::support::{self, Answer, steps};

#[tokio::test]
async fn a_request_of_the_largest_size_is_taken_and_one_byte_more_is_not() {
    let fixture = support::start_with(|_, options| options.max_request = 1000).await;
    let path = "/2015-03-31/functions/worker/invocations";
    let event = |size: usize| {
        let empty = json!({ "steps": [["reply", "fine"]], "pad": "" }).to_string();
        json!({ "steps": [["reply", "fine"]], "pad": "x".repeat(size - empty.len()) }).to_string()
    };
    assert_eq!(Answer::read(fixture.post(path, &[], event(1000)).await).await.body, json!("fine"));
    let answer = Answer::read(fixture.post(path, &[], event(1001)).await).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.headers["x-amzn-errortype"], "RequestTooLargeException");
}

#[tokio::test]
async fn a_buffered_response_that_is_too_large_is_an_error_and_the_process_goes_on() {
    let fixture = support::start_with(|_, options| options.max_response = 1000).await;
    assert_eq!(fixture.call(steps(&json!([["big_reply", 998]]))).await.body, json!("x".repeat(998)));
    let pid = fixture.worker().await.pid;
    let answer = fixture.call(steps(&json!([["big_reply", 999]]))).await;
    assert_eq!(answer.error_type(), "Function.ResponseSizeTooLarge");
    let (bytes, end) = fixture.stream(steps(&json!([["big_reply", 999]]))).await.rest().await;
    assert_eq!((bytes, &end["ErrorCode"]), (0, &json!("Function.ResponseSizeTooLarge")));
    assert!(fixture.call(steps(&json!([["reply", "fine"]]))).await.body == json!("fine"));
    assert_eq!(fixture.host.environments("worker").expect("the worker"), 1, "the process {pid} goes on");
}

#[tokio::test]
async fn a_streamed_response_that_is_too_large_for_a_buffered_caller_is_an_error() {
    let fixture = support::start_with(|_, options| options.max_response = 10).await;
    let answer = fixture.call(steps(&json!([["write", "123456"], ["write", "789012"]]))).await;
    assert_eq!(answer.error_type(), "Function.ResponseSizeTooLarge");
}

#[tokio::test]
async fn a_stream_is_cut_at_its_limit_and_says_so() {
    let fixture = support::start_with(|_, options| options.max_stream = 10).await;
    let mut fits = fixture.stream(steps(&json!([["write", "1234567890"]]))).await;
    assert_eq!(fits.rest().await, (10, json!({})));
    let (bytes, end) = fixture.stream(steps(&json!([["write", "123456"], ["write", "789012"]]))).await.rest().await;
    assert_eq!((bytes, &end["ErrorCode"]), (10, &json!("Function.ResponseSizeTooLarge")));
}
