use http::StatusCode;
use penstock::host::HostError;
use serde_json::json;

use super::support::{self, Answer, Fixture, steps};

const PATH: &str = "/2015-03-31/functions/worker/invocations";

fn deploy(fixture: &Fixture, version: &str) {
    let mut function = fixture.function.clone();
    function.environment.insert("VERSION".to_owned(), version.into());
    fixture.host.deploy(function);
}

async fn version(fixture: &Fixture) -> String {
    let answer = fixture.call(steps(&json!([["describe"]]))).await;
    answer.body["env"]["VERSION"].as_str().unwrap_or("none").to_owned()
}

#[tokio::test]
async fn a_running_call_ends_on_the_version_it_began_with_and_the_next_gets_the_new_one() {
    let fixture = support::start().await;
    let mut stream = fixture.stream(steps(&json!([["write", "one"], ["poke", "hold"], ["write", "two"]]))).await;
    let mut old = fixture.worker().await;
    old.reaches("hold").await;
    deploy(&fixture, "2");
    assert_eq!(version(&fixture).await, "2");
    let new = fixture.worker().await;
    old.go("hold").await;
    assert_eq!(stream.rest().await, (6, json!({})));
    old.gone().await;
    assert_eq!(fixture.pid().await, new.pid);
}

#[tokio::test]
async fn a_process_without_a_call_goes_when_its_version_does() {
    let fixture = support::start().await;
    assert_eq!(version(&fixture).await, "none");
    let old = fixture.worker().await;
    deploy(&fixture, "2");
    old.gone().await;
    assert_eq!(version(&fixture).await, "2");
}

#[tokio::test]
async fn an_asynchronous_call_that_waits_is_run_by_the_version_that_took_it() {
    let fixture = support::start_with(|function, _| function.reserved_concurrency = Some(1)).await;
    let mut stream = fixture.stream(steps(&json!([["write", "one"], ["poke", "hold"]]))).await;
    let mut old = fixture.worker().await;
    old.reaches("hold").await;
    let waiting = steps(&json!([["poke", "waited"]])).to_string();
    let accepted = fixture.post(PATH, &[("x-amz-invocation-type", "Event")], waiting).await;
    assert_eq!(accepted.status(), StatusCode::ACCEPTED);
    fixture.host.remove("worker").expect("the worker");
    old.go("hold").await;
    stream.rest().await;
    old.gone().await;
    let mut last = fixture.worker().await;
    last.reaches("waited").await;
    last.go("waited").await;
    last.gone().await;
}

#[tokio::test]
async fn a_function_that_is_removed_is_not_found_and_can_be_added_again() {
    let fixture = support::start().await;
    fixture.pid().await;
    let old = fixture.worker().await;
    fixture.host.remove("worker").expect("the worker");
    old.gone().await;
    let answer = Answer::read(fixture.post(PATH, &[], "{}").await).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(matches!(fixture.host.remove("worker"), Err(HostError::Unknown(name)) if name == "worker"));
    deploy(&fixture, "3");
    assert_eq!(version(&fixture).await, "3");
}

#[tokio::test]
async fn a_host_that_stops_waits_for_replaced_versions_too() {
    let fixture = support::start().await;
    let _stream = fixture.stream(steps(&json!([["write", "one"], ["poke", "hold"]]))).await;
    let mut old = fixture.worker().await;
    old.reaches("hold").await;
    deploy(&fixture, "2");
    fixture.host.shut_down().await;
    old.gone().await;
}
