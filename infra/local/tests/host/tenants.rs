//! Functions whose instances serve one tenant each, as Lambda's tenant isolation mode has it.

use std::collections::HashSet;
use std::time::Duration;

use http::StatusCode;
use penstock::host::{Function, HostError};
use serde_json::{Value, json};

use super::support::{self, Answer, Fixture, steps};

const INVOKE: &str = "/2015-03-31/functions/worker/invocations";
const STREAM: &str = "/2021-11-15/functions/worker/response-streaming-invocations";

fn per_tenant(function: &mut Function) {
    function.per_tenant = true;
}

async fn start() -> Fixture {
    support::start_with(|function, _| per_tenant(function)).await
}

async fn describe(fixture: &Fixture, tenant: &str) -> Value {
    let event = steps(&json!([["describe"]])).to_string();
    let answer = Answer::read(fixture.post(INVOKE, &[("x-amz-tenant-id", tenant)], event).await).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

async fn pid(fixture: &Fixture, tenant: &str) -> u64 {
    describe(fixture, tenant).await["pid"].as_u64().expect("a process id")
}

#[tokio::test]
async fn a_process_serves_one_tenant_for_as_long_as_it_lives() {
    let fixture = start().await;
    let (blue, green) = (pid(&fixture, "blue").await, pid(&fixture, "green").await);
    assert_ne!(blue, green);
    for _ in 0..3 {
        assert_eq!((pid(&fixture, "green").await, pid(&fixture, "blue").await), (green, blue));
    }
    assert_eq!(fixture.host.environments("worker").expect("the worker"), 2);
}

#[tokio::test]
async fn each_of_several_calls_at_once_has_a_process_whosever_it_is() {
    let fixture = start().await;
    let mut begun = Vec::new();
    for (tenant, name) in [("blue", "a"), ("green", "b"), ("blue", "c")] {
        let hold = steps(&json!([["write", name], ["poke", name]]));
        let stream = fixture.stream_with(&[("x-amz-tenant-id", tenant)], hold).await;
        let mut worker = fixture.worker().await;
        worker.reaches(name).await;
        begun.push((tenant, name, stream, worker));
    }
    for (_, name, stream, worker) in &mut begun {
        worker.go(name).await;
        stream.rest().await;
    }
    let of = |wanted| begun.iter().filter(|(tenant, ..)| *tenant == wanted).map(|(.., worker)| worker.pid).collect();
    let (blue, green): (HashSet<u64>, HashSet<u64>) = (of("blue"), of("green"));
    assert_eq!((blue.len(), green.len(), blue.is_disjoint(&green)), (2, 1, true));
    assert!(blue.contains(&pid(&fixture, "blue").await) && green.contains(&pid(&fixture, "green").await));
}

#[tokio::test]
async fn the_function_is_told_the_tenant_of_each_call() {
    let fixture = start().await;
    let longest = "a-Z0_9.:/=+ @".repeat(19) + "123456789";
    for tenant in ["blue", &longest] {
        assert_eq!(describe(&fixture, tenant).await["headers"]["lambda-runtime-aws-tenant-id"], tenant);
    }
    let plain = support::start().await.call(steps(&json!([["describe"]]))).await;
    assert_eq!(plain.body["headers"].get("lambda-runtime-aws-tenant-id"), None);
}

#[tokio::test]
async fn a_call_that_does_not_fit_the_functions_tenancy_is_refused_as_on_lambda() {
    let (isolated, shared) = (start().await, support::start().await);
    let long = "a".repeat(257);
    let refused: [(&Fixture, &[(&str, &str)]); 6] = [
        (&isolated, &[]),
        (&isolated, &[("x-amz-tenant-id", "")]),
        (&isolated, &[("x-amz-tenant-id", "blue;green")]),
        (&isolated, &[("x-amz-tenant-id", "zürich")]),
        (&isolated, &[("x-amz-tenant-id", &long)]),
        (&shared, &[("x-amz-tenant-id", "blue")]),
    ];
    for (fixture, headers) in refused {
        for (path, kind) in [(INVOKE, None), (INVOKE, Some("Event")), (INVOKE, Some("DryRun")), (STREAM, None)] {
            let kind = kind.map(|kind| ("x-amz-invocation-type", kind));
            let headers: Vec<_> = headers.iter().copied().chain(kind).collect();
            let answer = Answer::read(fixture.post(path, &headers, "{}").await).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{headers:?}");
            assert_eq!(answer.headers["x-amzn-errortype"], "InvalidParameterValueException");
        }
    }
    for fixture in [isolated, shared] {
        assert_eq!(fixture.host.environments("worker").expect("the worker"), 0);
    }
}

#[tokio::test]
async fn an_asynchronous_call_is_its_tenants() {
    let fixture = start().await;
    let blue = pid(&fixture, "blue").await;
    let mut first = fixture.worker().await;
    assert_eq!(first.pid, blue);
    let call = async |tenant: &str, name: &str| {
        let headers = [("x-amz-tenant-id", tenant), ("x-amz-invocation-type", "Event")];
        let event = steps(&json!([["poke", name]])).to_string();
        assert_eq!(fixture.post(INVOKE, &headers, event).await.status(), StatusCode::ACCEPTED);
    };
    call("green", "other").await;
    let mut second = fixture.worker().await;
    second.reaches("other").await;
    call("blue", "same").await;
    first.reaches("same").await;
}

#[tokio::test]
async fn the_reserved_concurrency_counts_the_calls_of_all_tenants() {
    let fixture = support::start_with(|function, _| {
        per_tenant(function);
        function.reserved_concurrency = Some(1);
    })
    .await;
    let hold = steps(&json!([["write", "one"], ["poke", "hold"]]));
    let mut stream = fixture.stream_with(&[("x-amz-tenant-id", "blue")], hold).await;
    let mut worker = fixture.worker().await;
    worker.reaches("hold").await;
    let answer = fixture.post(INVOKE, &[("x-amz-tenant-id", "green")], "{}").await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    worker.go("hold").await;
    stream.rest().await;
    assert_ne!(pid(&fixture, "green").await, worker.pid, "an idle process of another tenant is no help");
}

#[tokio::test]
async fn an_idle_process_makes_room_for_a_tenant_that_has_none() {
    let fixture = support::start_with(|function, options| {
        per_tenant(function);
        options.max_environments = 2;
    })
    .await;
    let first = pid(&fixture, "blue").await;
    let worker = fixture.worker().await;
    assert_eq!(worker.pid, first);
    let second = pid(&fixture, "green").await;
    pid(&fixture, "red").await;
    worker.gone().await;
    assert_eq!(pid(&fixture, "green").await, second, "the one that was used last stays");
    assert_ne!(pid(&fixture, "blue").await, first);
}

#[tokio::test]
async fn a_tenants_process_that_is_not_called_is_stopped() {
    let fixture = support::start_with(|function, options| {
        per_tenant(function);
        options.idle = Duration::from_millis(200);
    })
    .await;
    let first = pid(&fixture, "blue").await;
    fixture.worker().await.gone().await;
    assert_ne!(pid(&fixture, "blue").await, first);
}

/// A request to a function URL names no tenant, so Lambda gives such a function none.
#[tokio::test]
async fn no_url_leads_to_a_function_that_keeps_tenants_apart() {
    let mut fixture = start().await;
    let listener = support::loopback().await;
    let refused = fixture.host.front("worker", listener).expect_err("no URL");
    assert!(matches!(refused, HostError::PerTenant(name) if name == "worker"));
}
