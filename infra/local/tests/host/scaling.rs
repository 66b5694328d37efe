use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::support::{self, Answer, steps};

#[tokio::test]
async fn one_call_after_another_is_served_by_one_process() {
    let fixture = support::start().await;
    let first = fixture.pid().await;
    for _ in 0..20 {
        assert_eq!(fixture.pid().await, first);
    }
    assert_eq!(fixture.host.environments("worker").expect("the worker"), 1);
}

#[tokio::test]
async fn each_call_at_the_same_time_has_a_process_of_its_own() {
    let fixture = support::start().await;
    let mut streams = Vec::new();
    let mut workers = Vec::new();
    for _ in 0..3 {
        streams.push(fixture.stream(steps(&json!([["write", "one"], ["poke", "hold"]]))).await);
        let mut worker = fixture.worker().await;
        worker.reaches("hold").await;
        workers.push(worker);
    }
    let mut pids: Vec<u64> = workers.iter().map(|worker| worker.pid).collect();
    pids.dedup();
    assert_eq!(pids.len(), 3);
    for (stream, worker) in streams.iter_mut().zip(&mut workers) {
        worker.go("hold").await;
        stream.rest().await;
    }
    // The one used last is used first, so that the others can grow old.
    assert!(pids.contains(&fixture.pid().await));
    assert_eq!(fixture.host.environments("worker").expect("the worker"), 3);
}

#[tokio::test]
async fn a_call_beyond_the_reserved_concurrency_is_throttled_as_on_lambda() {
    let fixture = support::start_with(|function, _| function.reserved_concurrency = Some(1)).await;
    let mut stream = fixture.stream(steps(&json!([["write", "one"], ["poke", "hold"]]))).await;
    let mut worker = fixture.worker().await;
    worker.reaches("hold").await;
    for path in
        ["/2015-03-31/functions/worker/invocations", "/2021-11-15/functions/worker/response-streaming-invocations"]
    {
        let answer = Answer::read(fixture.post(path, &[], "{}").await).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers["x-amzn-errortype"], "TooManyRequestsException");
        assert_eq!(answer.headers["retry-after"], "1");
        assert_eq!(answer.body["Reason"], "ReservedFunctionConcurrentInvocationLimitExceeded");
    }
    worker.go("hold").await;
    stream.rest().await;
    assert_eq!(fixture.pid().await, worker.pid);
}

#[tokio::test]
async fn a_function_without_reserved_concurrency_has_as_many_processes_as_the_host_allows() {
    let fixture = support::start_with(|_, options| options.max_environments = 1).await;
    let _stream = fixture.stream(steps(&json!([["write", "one"], ["poke", "hold"]]))).await;
    assert_eq!(fixture.call(steps(&json!([]))).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_process_that_is_not_called_is_stopped() {
    let fixture = support::start_with(|_, options| options.idle = Duration::from_millis(200)).await;
    let first = fixture.pid().await;
    let worker = fixture.worker().await;
    assert_eq!(worker.pid, first);
    worker.gone().await;
    assert_ne!(fixture.pid().await, first);
}

#[tokio::test]
async fn a_process_that_is_busy_is_not_taken_for_idle() {
    let fixture = support::start_with(|_, options| options.idle = Duration::from_millis(1)).await;
    let mut stream = fixture.stream(steps(&json!([["write", "one"], ["poke", "hold"], ["write", "two"]]))).await;
    let mut worker = fixture.worker().await;
    worker.reaches("hold").await;
    // Long enough for the limit to pass many times: another process is started, used and stopped.
    fixture.pid().await;
    fixture.worker().await.gone().await;
    worker.go("hold").await;
    let (_, end) = stream.rest().await;
    assert_eq!(end, json!({}));
}

#[tokio::test]
async fn a_concurrent_process_takes_its_share_and_then_another_starts() {
    let fixture = support::start_with(|function, _| {
        function.requests_per_environment = 2.try_into().expect("not zero");
    })
    .await;
    let hold = |name: &str| steps(&json!([["write", "one"], ["poke", name]]));
    let _streams = [fixture.stream(hold("a")).await, fixture.stream(hold("b")).await];
    let mut first = fixture.worker().await;
    let mut reached = [first.line().await, first.line().await];
    reached.sort();
    assert_eq!(reached, ["poke a", "poke b"]);
    let _third = fixture.stream(hold("c")).await;
    let mut second = fixture.worker().await;
    second.reaches("c").await;
    assert_ne!(first.pid, second.pid);
}
