use std::time::Duration;

use serde_json::{Value, json};

use super::support::{self, Event, Fixture, steps};

fn details(end: &Value) -> Value {
    serde_json::from_str(end["ErrorDetails"].as_str().expect("details")).expect("JSON")
}

async fn works(fixture: &Fixture) {
    assert_eq!(fixture.call(steps(&json!([["reply", "fine"]]))).await.body, json!("fine"));
}

#[tokio::test]
async fn a_process_that_dies_in_the_middle_of_a_stream_is_an_error_after_what_it_wrote() {
    let fixture = support::start().await;
    let mut stream = fixture.stream(steps(&json!([["write", "one"], ["write", "two"], ["exit", 3]]))).await;
    let (mut text, mut end) = (String::new(), None);
    while end.is_none() {
        match stream.next().await {
            Event::Chunk(chunk) => text.push_str(std::str::from_utf8(&chunk).expect("text")),
            Event::Complete(complete) => end = Some(complete),
        }
    }
    assert_eq!(text, "onetwo");
    let end = end.expect("the end");
    assert_eq!(end["ErrorCode"], "Runtime.ExitError");
    let message = details(&end)["errorMessage"].as_str().expect("a message").to_owned();
    assert!(message.starts_with("RequestId: "), "{message}");
    assert!(message.ends_with("Error: Runtime exited with error: exit status 3"), "{message}");
    works(&fixture).await;
}

#[tokio::test]
async fn a_process_that_exits_instead_of_answering_is_an_error() {
    let fixture = support::start().await;
    let answer = fixture.call(steps(&json!([["exit", 0]]))).await;
    assert_eq!(answer.error_type(), "Runtime.ExitError");
    assert!(answer.body["errorMessage"].as_str().expect("a message").ends_with("exited without providing a reason"));
    works(&fixture).await;
}

#[tokio::test]
async fn an_error_the_function_posts_reaches_the_caller_as_it_is() {
    let fixture = support::start().await;
    let event = steps(&json!([["error", "Worker.Oops", "no luck"]]));
    let answer = fixture.call(event.clone()).await;
    assert_eq!(answer.error_type(), "Worker.Oops");
    assert_eq!(answer.body["errorMessage"], "no luck");
    let (bytes, end) = fixture.stream(event).await.rest().await;
    assert_eq!((bytes, &end["ErrorCode"]), (0, &json!("Worker.Oops")));
    assert_eq!(details(&end)["errorMessage"], "no luck");
}

#[tokio::test]
async fn an_error_in_the_trailers_ends_the_stream_with_its_type() {
    let fixture = support::start().await;
    let event = steps(&json!([["trailers", "Worker.Late", "{\"errorMessage\":\"too late\"}"], ["write", "one"]]));
    let mut stream = fixture.stream(event).await;
    assert_eq!(stream.chunk().await, "one");
    let (_, end) = stream.rest().await;
    assert_eq!(end["ErrorCode"], "Worker.Late");
    assert_eq!(details(&end)["errorMessage"], "too late");
}

#[tokio::test]
async fn a_stream_that_breaks_off_while_the_process_lives_is_an_error() {
    let fixture = support::start().await;
    let mut stream =
        fixture.stream(steps(&json!([["write", "one"], ["poke", "read"], ["break"], ["poke", "on"]]))).await;
    let mut worker = fixture.worker().await;
    assert_eq!(stream.chunk().await, "one");
    worker.reaches("read").await;
    worker.go("read").await;
    let (_, end) = stream.rest().await;
    assert_eq!(end["ErrorCode"], "Runtime.TruncatedResponse");
}

#[tokio::test]
async fn an_initialisation_that_reports_an_error_fails_the_call_with_it() {
    let fixture =
        support::start_with(|function, _| drop(function.environment.insert("INIT".into(), "error".into()))).await;
    let answer = fixture.call(steps(&json!([]))).await;
    assert_eq!(answer.error_type(), "Worker.NoTable");
    assert_eq!(answer.body["errorMessage"], "the table is missing");
    fixture.worker().await.gone().await;
    // The next call is not stuck with the failed environment.
    let (_, end) = fixture.stream(steps(&json!([]))).await.rest().await;
    assert_eq!(end["ErrorCode"], "Worker.NoTable");
    fixture.worker().await.gone().await;
}

#[tokio::test]
async fn a_process_that_exits_before_it_asks_for_work_is_an_error() {
    let fixture =
        support::start_with(|function, _| drop(function.environment.insert("INIT".into(), "exit".into()))).await;
    let answer = fixture.call(steps(&json!([]))).await;
    assert_eq!(answer.error_type(), "Runtime.ExitError");
    assert!(answer.body["errorMessage"].as_str().expect("a message").ends_with("exit status 7"));
    assert_eq!(fixture.host.last_output("worker").expect("the worker"), ["the worker starts"]);
}

#[tokio::test]
async fn a_process_that_never_asks_for_work_is_killed() {
    let fixture = support::start_with(|function, options| {
        function.environment.insert("INIT".into(), "hang".into());
        options.init_limit = Duration::from_secs(2);
    })
    .await;
    let answer = fixture.call(steps(&json!([]))).await;
    assert_eq!(answer.error_type(), "Sandbox.Timedout");
    assert!(answer.body["errorMessage"].as_str().expect("a message").ends_with("Init timed out after 2.00 seconds"));
    fixture.worker().await.gone().await;
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_an_error() {
    let fixture = support::start_with(|function, _| function.program = "/no/such/program".into()).await;
    let answer = fixture.call(steps(&json!([]))).await;
    assert_eq!(answer.error_type(), "Runtime.InvalidEntrypoint");
}

#[tokio::test]
async fn a_call_past_its_timeout_is_answered_and_its_process_killed() {
    let fixture = support::start_with(|function, _| function.timeout = Duration::from_secs(1)).await;
    let mut stream = fixture.stream(steps(&json!([["write", "one"], ["hang"]]))).await;
    let worker = fixture.worker().await;
    assert_eq!(stream.chunk().await, "one");
    let (_, end) = stream.rest().await;
    assert_eq!(end["ErrorCode"], "Sandbox.Timedout");
    let message = details(&end)["errorMessage"].as_str().expect("a message").to_owned();
    assert!(message.ends_with("Task timed out after 1.00 seconds"), "{message}");
    worker.gone().await;
    works(&fixture).await;
}

#[tokio::test]
async fn a_timeout_leaves_the_other_calls_of_a_concurrent_process_alone() {
    let fixture = support::start_with(|function, _| {
        function.timeout = Duration::from_secs(2);
        function.requests_per_environment = 2.try_into().expect("not zero");
    })
    .await;
    let mut hanging = fixture.stream(steps(&json!([["write", "one"], ["poke", "never"]]))).await;
    let mut worker = fixture.worker().await;
    worker.reaches("never").await;
    let (_, end) = hanging.rest().await;
    assert_eq!(end["ErrorCode"], "Sandbox.Timedout");
    assert_eq!(fixture.pid().await, worker.pid);
}
