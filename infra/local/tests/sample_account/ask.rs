//! Asks a sample account over HTTP, as an SDK would.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use penstock::sample_account::SampleAccount;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The day all tests take place on: a Saturday.
pub(crate) const TODAY: Date = date(2026, 11, 21);

/// The sample account of [`TODAY`].
pub(crate) async fn account() -> SampleAccount {
    penstock::sample_account::start_on(TODAY).await.expect("a loopback port can be bound")
}

/// Posts `body` to an operation of Cost Explorer; answers the status and the JSON body.
pub(crate) async fn post(account: &SampleAccount, operation: &str, body: &Value) -> (u16, Value) {
    post_to(account, &format!("AWSInsightsIndexService.{operation}"), body).await
}

/// Posts `body` to an operation of any service.
pub(crate) async fn post_to<T: DeserializeOwned>(account: &SampleAccount, target: &str, body: &Value) -> (u16, T) {
    let request = Request::post(account.url())
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .body(Full::new(Bytes::from(body.to_string())))
        .expect("a valid request");
    let (status, _, body) = send(request).await;
    (status, body)
}

/// Sends a request; answers the status, the header that names an error, and the body, of whatever JSON it is.
pub(crate) async fn send<T: DeserializeOwned>(request: Request<Full<Bytes>>) -> (u16, Option<String>, T) {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.expect("the sample account answers");
    let status = response.status().as_u16();
    let error = response.headers().get("x-amzn-errortype").and_then(|error| error.to_str().ok()).map(str::to_owned);
    let body = response.into_body().collect().await.expect("a whole body").to_bytes();
    (status, error, serde_json::from_slice(&body).expect("the body is JSON"))
}

/// A good answer of an operation of Cost Explorer.
pub(crate) async fn ask(account: &SampleAccount, operation: &str, body: &Value) -> Value {
    let (status, answer) = post(account, operation, body).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Why Cost Explorer refuses a request: the error's name and message.
pub(crate) async fn refused(account: &SampleAccount, operation: &str, body: &Value) -> (String, String) {
    let (status, answer) = post(account, operation, body).await;
    assert_eq!(status, 400, "{answer}");
    let text = |member: &str| answer[member].as_str().expect("a string").to_owned();
    (text("__type"), text("message"))
}

/// One page of costs.
pub(crate) async fn page(account: &SampleAccount, body: &Value) -> Value {
    ask(account, "GetCostAndUsage", body).await
}

/// The pages of an answer of Cost Explorer.
pub(crate) async fn pages(account: &SampleAccount, operation: &str, body: &Value) -> Vec<Value> {
    let mut body = body.clone();
    let mut pages = Vec::new();
    loop {
        let page = ask(account, operation, &body).await;
        let next = page.get("NextPageToken").cloned();
        pages.push(page);
        match next {
            Some(token) => body["NextPageToken"] = token,
            None => return pages,
        }
    }
}

/// What a list of an answer holds, over all pages.
pub(crate) fn listed(pages: &[Value], list: &str) -> Vec<Value> {
    pages.iter().flat_map(|page| page[list].as_array().expect("a list").clone()).collect()
}

/// Every row of every page: piece start, group keys, and the metrics.
pub(crate) async fn rows(account: &SampleAccount, body: &Value) -> Vec<(String, Vec<String>, Value)> {
    let mut rows = Vec::new();
    for result in listed(&pages(account, "GetCostAndUsage", body).await, "ResultsByTime") {
        let start = result["TimePeriod"]["Start"].as_str().expect("a start").to_owned();
        if result["Total"] != json!({}) {
            rows.push((start.clone(), Vec::new(), result["Total"].clone()));
        }
        for group in result["Groups"].as_array().expect("groups") {
            let keys = serde_json::from_value(group["Keys"].clone()).expect("keys are strings");
            rows.push((start.clone(), keys, group["Metrics"].clone()));
        }
    }
    rows
}

/// What a period costs, in millionths; of the rows that pass a filter, if there is one.
pub(crate) async fn cost(account: &SampleAccount, start: &str, end: &str, filter: Option<&Value>) -> i64 {
    let mut request = request(start, end, "MONTHLY");
    if let Some(filter) = filter {
        request["Filter"] = filter.clone();
    }
    sum(&rows(account, &request).await, "UnblendedCost")
}

/// The sum of a metric over rows, in millionths.
pub(crate) fn sum(rows: &[(String, Vec<String>, Value)], metric: &str) -> i64 {
    rows.iter().map(|(_, _, metrics)| millionths(&metrics[metric]["Amount"])).sum()
}

/// A decimal string of at most six places as whole millionths, without rounding.
pub(crate) fn millionths(amount: &Value) -> i64 {
    let text = amount.as_str().expect("amounts are strings");
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{rest:0<6}").parse().expect("a decimal of at most six places")
}

/// A request for a period, to which tests add members.
pub(crate) fn request(start: &str, end: &str, granularity: &str) -> Value {
    json!({
        "TimePeriod": { "Start": start, "End": end },
        "Granularity": granularity,
        "Metrics": ["UnblendedCost"],
    })
}

/// The same request with one member more.
pub(crate) fn with(mut request: Value, member: &str, value: Value) -> Value {
    request[member] = value;
    request
}

/// A search of the log of the hours before noon of [`TODAY`], to which tests add members.
pub(crate) fn search(hours: i64) -> Value {
    json!({ "logGroupName": "/aws/lambda/penstock-sample", "startTime": noon() - hours * 3_600_000 })
}

/// Noon of [`TODAY`], in milliseconds since the epoch: the present.
pub(crate) fn noon() -> i64 {
    TODAY.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).expect("a time of UTC").timestamp().as_millisecond()
}

/// Posts `body` to `FilterLogEvents`; answers the status and the JSON body.
pub(crate) async fn post_search<T: DeserializeOwned>(account: &SampleAccount, body: &Value) -> (u16, T) {
    post_to(account, "Logs_20140328.FilterLogEvents", body).await
}

/// The pages of a search, each a list of events.
pub(crate) async fn log_pages(account: &SampleAccount, body: &Value) -> Vec<Vec<Value>> {
    let mut body = body.clone();
    let mut pages = Vec::new();
    loop {
        let (status, answer) = post_search::<Value>(account, &body).await;
        assert_eq!((status, &answer["searchedLogStreams"]), (200, &json!([])), "{answer}");
        pages.push(answer["events"].as_array().expect("a list").clone());
        match answer.get("nextToken") {
            Some(token) => body["nextToken"] = token.clone(),
            None => return pages,
        }
    }
}

/// The messages of all pages.
pub(crate) async fn messages(account: &SampleAccount, body: &Value) -> Vec<String> {
    let pages = log_pages(account, body).await;
    let message = |event: &Value| event["message"].as_str().expect("a message").to_owned();
    pages.iter().flatten().map(message).collect()
}
