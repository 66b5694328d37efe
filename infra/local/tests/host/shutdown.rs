use serde_json::json;

use super::support::{self, steps};

#[tokio::test]
async fn nothing_is_left_after_a_shutdown() {
    let fixture = support::start().await;
    let _busy = fixture.stream(steps(&json!([["write", "one"], ["poke", "hold"]]))).await;
    let mut busy = fixture.worker().await;
    busy.reaches("hold").await;
    fixture.pid().await;
    let idle = fixture.worker().await;
    let support::Fixture { host, .. } = fixture;
    support::within("the shutdown", host.shut_down()).await;
    busy.gone().await;
    idle.gone().await;
}

#[tokio::test]
async fn nothing_is_left_after_the_host_is_dropped() {
    let fixture = support::start().await;
    fixture.pid().await;
    let worker = fixture.worker().await;
    drop(fixture);
    worker.gone().await;
}
