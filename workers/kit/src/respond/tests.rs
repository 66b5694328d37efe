mod streamed;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::json;
use tokio::sync::oneshot;

use super::{AHEAD, Invocation, respond};
use crate::deployed::{Deployed, Handlers, Identity};
use crate::{Call, testing};

fn invocation() -> Invocation {
    Invocation {
        event: serde_json::value::to_raw_value(&testing::event("endless", json!({}))).expect("a value is JSON"),
        deadline: SystemTime::now() + Duration::from_mins(1),
        request_id: "test".to_owned(),
    }
}

/// A tool that reports progress for ever, counts how often, and lives as long as its future.
fn endless(count: Arc<AtomicU64>) -> (Arc<Deployed>, oneshot::Receiver<()>) {
    let (alive, gone) = oneshot::channel::<()>();
    let alive = std::sync::Mutex::new(Some(alive));
    let call = move |call: Call, _| {
        let (count, alive) = (Arc::clone(&count), alive.lock().expect("no panic holds it").take());
        async move {
            let _alive = alive;
            loop {
                let step = count.fetch_add(1, Ordering::Relaxed) + 1;
                call.progress(step, None, "still here").await;
            }
        }
        .boxed()
    };
    let identity = Identity::read(r#"{ "definition": { "name": "endless" } }"#).expect("a manifest");
    (Arc::new(Deployed::new(identity, Handlers { call: Box::new(call), complete: None, list: None })), gone)
}

#[tokio::test]
async fn a_tool_whose_reader_leaves_is_dropped() {
    let (tool, gone) = endless(Arc::default());
    let mut frames = respond(tool, invocation());
    frames.recv().await.expect("progress");
    drop(frames);
    gone.await.expect_err("the future is dropped, not finished");
}

#[tokio::test(start_paused = true)]
async fn a_tool_is_never_further_ahead_of_its_reader_than_the_channel_is_long() {
    let count = Arc::new(AtomicU64::new(0));
    let (tool, _gone) = endless(Arc::clone(&count));
    let _unread = respond(tool, invocation());
    // Paused time moves only when every task waits: the tool has run into its reader by then.
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(count.load(Ordering::Relaxed), AHEAD as u64 + 1);
}

#[tokio::test]
async fn a_tool_that_only_computes_is_stopped_where_it_would_report_progress() {
    let (tool, gone) = endless(Arc::default());
    let mut invocation = invocation();
    let mut event = testing::event("endless", json!({}));
    event["context"]["progress"] = json!(false);
    invocation.event = serde_json::value::to_raw_value(&event).expect("a value is JSON");
    invocation.deadline = SystemTime::now() + super::MARGIN + Duration::from_millis(50);
    let mut frames = respond(tool, invocation);
    let end = frames.recv().await.expect("a terminal frame");
    assert!(end.starts_with(b"{\"result\""), "{end:?}");
    gone.await.expect_err("the future is dropped, not finished");
}

/// A tool that hands `work` the call's end and then waits for ever.
fn delegating(work: impl FnOnce(BoxFuture<'static, ()>) + Send + 'static) -> Arc<Deployed> {
    let work = std::sync::Mutex::new(Some(work));
    let call = move |call: Call, _| {
        let work = work.lock().expect("no panic holds it").take().expect("called once");
        work(call.cancelled().boxed());
        async move {
            call.progress(1, None, "work is under way").await;
            std::future::pending().await
        }
        .boxed()
    };
    let identity = Identity::read(r#"{ "definition": { "name": "endless" } }"#).expect("a manifest");
    Arc::new(Deployed::new(identity, Handlers { call: Box::new(call), complete: None, list: None }))
}

#[tokio::test]
async fn work_on_a_thread_of_its_own_can_see_that_its_call_has_ended() {
    let (stopped, has_stopped) = oneshot::channel();
    let mut frames = respond(
        delegating(|mut cancelled| {
            tokio::task::spawn_blocking(move || {
                while (&mut cancelled).now_or_never().is_none() {
                    std::thread::yield_now();
                }
                stopped.send(()).expect("the test waits");
            });
        }),
        invocation(),
    );
    frames.recv().await.expect("progress");
    drop(frames);
    has_stopped.await.expect("the work ends with the call");
}

#[tokio::test(start_paused = true)]
async fn a_task_waits_for_the_end_of_its_call_and_no_longer() {
    let (stopped, mut has_stopped) = oneshot::channel();
    let mut frames = respond(
        delegating(|cancelled| drop(tokio::spawn(cancelled.map(|()| stopped.send(()).expect("the test waits"))))),
        invocation(),
    );
    frames.recv().await.expect("progress");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(has_stopped.try_recv().is_err(), "the call goes on, and so does the work");
    frames.recv().await.expect("out of time");
    has_stopped.await.expect("the work ends with the call");
}
