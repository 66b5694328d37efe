use http::StatusCode;
use serde_json::json;

use super::support::{self, steps};

#[tokio::test]
async fn a_function_goes_on_when_its_caller_leaves_and_is_used_again() {
    let fixture = support::start_with(|function, _| function.reserved_concurrency = Some(1)).await;
    let event = steps(&json!([["write", "one"], ["poke", "left"], ["fill", 32], ["poke", "written"]]));
    let mut stream = fixture.stream(event).await;
    let mut worker = fixture.worker().await;
    assert_eq!(stream.chunk().await, "one");
    worker.reaches("left").await;
    drop(stream);
    worker.go("left").await;
    // All of it is taken, although nobody reads it.
    for megabytes in 1..=32 {
        worker.says(&format!("wrote {megabytes}")).await;
    }
    worker.reaches("written").await;
    worker.go("written").await;
    // The call counts against the concurrency until the function is done with it.
    let next = support::within("the process to be free", async {
        loop {
            let answer = fixture.call(steps(&json!([["describe"]]))).await;
            if answer.status != StatusCode::TOO_MANY_REQUESTS {
                return answer;
            }
        }
    });
    assert_eq!(next.await.body["pid"], worker.pid);
}

#[tokio::test]
async fn a_caller_that_leaves_before_the_answer_does_not_end_the_function() {
    let fixture = support::start().await;
    let event = steps(&json!([["poke", "before"], ["write", "one"], ["poke", "after"]]));
    let stream = fixture.stream(event).await;
    let mut worker = fixture.worker().await;
    worker.reaches("before").await;
    drop(stream);
    worker.go("before").await;
    worker.reaches("after").await;
}
