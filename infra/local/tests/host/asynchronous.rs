use http::StatusCode;
use serde_json::json;

use super::support::{self, Answer, Fixture, steps};

const INVOKE: &str = "/2015-03-31/functions/worker/invocations";

async fn event(fixture: &Fixture, body: String) -> Answer {
    let headers = [("x-amz-invocation-type", "Event"), ("x-amz-client-context", "e30=")];
    Answer::read(fixture.post(INVOKE, &headers, body).await).await
}

#[tokio::test]
async fn an_asynchronous_call_runs_to_its_end_and_its_process_is_used_again() {
    let fixture = support::start_with(|function, _| function.reserved_concurrency = Some(1)).await;
    let body = steps(&json!([["poke", "accepted"], ["fill", 32], ["poke", "written"]])).to_string();
    assert_eq!(event(&fixture, body).await.status, StatusCode::ACCEPTED);
    let mut worker = fixture.worker().await;
    worker.reaches("accepted").await;
    worker.go("accepted").await;
    // All of it is taken, although nobody reads it.
    for megabytes in 1..=32 {
        worker.says(&format!("wrote {megabytes}")).await;
    }
    worker.reaches("written").await;
    // The next call waits for its turn: this one counts until it is over.
    let body = steps(&json!([["poke", "next"]])).to_string();
    assert_eq!(event(&fixture, body).await.status, StatusCode::ACCEPTED);
    worker.go("written").await;
    worker.reaches("next").await;
    assert_eq!(fixture.host.environments("worker").expect("the worker"), 1);
}

#[tokio::test]
async fn an_asynchronous_call_waits_where_a_synchronous_one_is_throttled() {
    let fixture = support::start_with(|function, _| function.reserved_concurrency = Some(1)).await;
    let mut first = fixture.stream(steps(&json!([["poke", "first"], ["write", "done"]]))).await;
    let mut worker = fixture.worker().await;
    worker.reaches("first").await;
    assert_eq!(fixture.call(steps(&json!([]))).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(event(&fixture, steps(&json!([["poke", "second"]])).to_string()).await.status, StatusCode::ACCEPTED);
    worker.go("first").await;
    assert_eq!(first.rest().await, (4, json!({})));
    worker.reaches("second").await;
}

#[tokio::test]
async fn a_failed_asynchronous_call_frees_its_place() {
    let fixture = support::start_with(|function, _| function.reserved_concurrency = Some(1)).await;
    for _ in 0..2 {
        assert_eq!(event(&fixture, steps(&json!([["exit", 3]])).to_string()).await.status, StatusCode::ACCEPTED);
        fixture.worker().await.gone().await;
    }
}

#[tokio::test]
async fn an_asynchronous_payload_has_at_most_one_megabyte() {
    let fixture = support::start().await;
    let sized = |size: usize| {
        let empty = json!({ "steps": [["poke", "made"]], "pad": "" }).to_string();
        json!({ "steps": [["poke", "made"]], "pad": "x".repeat(size - empty.len()) }).to_string()
    };
    let refused = event(&fixture, sized(1024 * 1024 + 1)).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(refused.headers["x-amzn-errortype"], "RequestTooLargeException");
    assert_eq!(fixture.host.environments("worker").expect("the worker"), 0);
    assert_eq!(event(&fixture, sized(1024 * 1024)).await.status, StatusCode::ACCEPTED);
    fixture.worker().await.reaches("made").await;
}
