//! Workers without an AWS account of the user.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::support::{self, Dev, tool, within};

async fn post(url: &str, target: &str, body: &Value) -> Value {
    let request = Request::post(url).header("x-amz-target", target).body(Full::new(Bytes::from(body.to_string())));
    let response = Client::builder(TokioExecutor::new()).build_http().request(request.expect("a request"));
    let body = within("an answer", response).await.expect("an answer").into_body().collect().await;
    serde_json::from_slice(&body.expect("a whole body").to_bytes()).expect("JSON")
}

#[tokio::test]
async fn workers_talk_to_the_sample_account_whatever_they_ask_for() {
    let control = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
    let port = control.local_addr().expect("bound").port().to_string();
    let mut manifest = support::manifest("asking");
    manifest["environment"] = json!({ "CONTROL": port });
    let catalog = tempfile::tempdir().expect("a folder");
    tool(catalog.path(), "asking", &manifest);

    let mut dev = Dev::start(catalog.path()).await;
    let banner = dev.banner().await;
    let lambda = banner.lines().find_map(|line| line.strip_prefix("Lambda endpoint: ")).expect("an endpoint");
    let invoke = format!("{lambda}/2015-03-31/functions/asking/invocations");
    let environment = &post(&invoke, "", &json!({ "steps": [["describe"]] })).await["env"];

    let of = |name: &str| environment[name].as_str().unwrap_or_else(|| panic!("no {name} in {environment}"));
    let account = of("AWS_ENDPOINT_URL");
    assert_eq!(of("AWS_ENDPOINT_URL_COST_EXPLORER"), account);
    assert_eq!(of("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"), account);
    assert_ne!(of("AWS_ENDPOINT_URL_DYNAMODB"), account);
    assert_eq!(of("AWS_EC2_METADATA_DISABLED"), "true");
    assert_eq!((of("AWS_ACCESS_KEY_ID"), of("AWS_SECRET_ACCESS_KEY")), ("local", "local"));

    let now = jiff::Timestamp::now().as_millisecond();
    let search = json!({ "logGroupName": "/aws/lambda/penstock-sample", "startTime": now - 600_000 });
    let found = post(account, "Logs_20140328.FilterLogEvents", &search).await;
    assert!(found["events"].as_array().is_some_and(|events| events.len() > 200), "{found}");
    let secret = post(account, "secretsmanager.GetSecretValue", &json!({ "SecretId": "token" })).await;
    assert_eq!(secret["__type"], "AccessDeniedException");
    let table = post(of("AWS_ENDPOINT_URL_DYNAMODB"), "DynamoDB_20120810.Query", &json!({})).await;
    assert!(table["__type"].as_str().is_some_and(|kind| kind.ends_with("#AccessDeniedException")), "{table}");
}
