use serde_json::json;

use super::support::{self, Event, steps};

#[tokio::test]
async fn chunks_arrive_while_the_function_writes() {
    let fixture = support::start().await;
    let event = steps(&json!([["write", "one"], ["poke", "between"], ["write", "two"]]));
    let mut stream = fixture.stream(event).await;
    let mut worker = fixture.worker().await;
    assert_eq!(stream.chunk().await, "one");
    worker.reaches("between").await;
    worker.go("between").await;
    assert_eq!(stream.chunk().await, "two");
    assert_eq!(stream.next().await, Event::Complete(json!({})));
}

#[tokio::test]
async fn a_buffered_response_is_one_chunk_of_a_stream() {
    let fixture = support::start().await;
    let mut stream = fixture.stream(steps(&json!([["reply", { "a": 1 }]]))).await;
    assert_eq!(stream.chunk().await, r#"{"a":1}"#);
    assert_eq!(stream.next().await, Event::Complete(json!({})));
}

#[tokio::test]
async fn a_streamed_response_is_whole_for_a_buffered_caller() {
    let fixture = support::start().await;
    let answer = fixture.call(steps(&json!([["write", "[1,"], ["write", "2]"]]))).await;
    assert_eq!(answer.body, json!([1, 2]));
}

#[tokio::test]
async fn a_function_that_writes_waits_for_its_reader() {
    const WRITTEN: usize = 96;
    // What sockets and channels between function and caller may hold, generously.
    const BUFFERS: usize = 48;
    let fixture = support::start().await;
    let mut stream = fixture.stream(steps(&json!([["fill", WRITTEN]]))).await;
    let mut worker = fixture.worker().await;
    assert!(stream.chunk().await.starts_with('x'));
    // Meanwhile another process gets done far more than writing the rest would take.
    for _ in 0..50 {
        fixture.pid().await;
    }
    let said = worker.said_so_far().await;
    assert!(said.len() < BUFFERS, "{} of {WRITTEN} MiB were taken from a function nobody reads", said.len());
    let (_, end) = stream.rest().await;
    assert_eq!(end, json!({}));
}

#[tokio::test]
async fn sixty_four_streams_at_once_each_keep_their_own_order() {
    let fixture = support::start_with(|function, _| {
        function.requests_per_environment = 64.try_into().expect("not zero");
    })
    .await;
    let mut streams = Vec::new();
    for index in 0..64 {
        let event = steps(&json!([
            ["write", format!("{index} a")],
            ["poke", index.to_string()],
            ["write", format!("{index} b")]
        ]));
        streams.push(fixture.stream(event).await);
    }
    let mut worker = fixture.worker().await;
    for _ in 0..64 {
        let line = worker.line().await;
        assert!(line.starts_with("poke "), "{line}");
    }
    for (index, stream) in streams.iter_mut().enumerate() {
        assert_eq!(stream.chunk().await, format!("{index} a"));
    }
    for (index, stream) in streams.iter_mut().enumerate().rev() {
        worker.go(&index.to_string()).await;
        assert_eq!(stream.chunk().await, format!("{index} b"));
        assert_eq!(stream.next().await, Event::Complete(json!({})));
    }
    assert_eq!(fixture.host.environments("worker").expect("the worker"), 1);
}
