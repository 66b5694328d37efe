//! What is no service of the sample account.

use crate::ask::{account, post_to, send};
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde_json::{Value, json};

#[tokio::test]
async fn other_services_deny_access_and_say_what_to_do() {
    let account = account().await;
    for target in ["DynamoDB_20120810.Query", "secretsmanager.GetSecretValue", "AWSInsightsIndexServiceX.GetTags", "x"]
    {
        let (status, answer) = post_to::<Value>(&account, target, &json!({})).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("AccessDeniedException")), "{target}");
        assert_eq!(answer["message"], "the sample account has no such service; use `dev --aws`");
    }
}

/// SDKs of services with paths look for an error's name in a header.
#[tokio::test]
async fn services_with_paths_deny_access_in_a_header() {
    let account = account().await;
    for method in ["GET", "PUT", "POST"] {
        let request = Request::builder().method(method).uri(format!("{}/2015-03-31/functions", account.url()));
        let (status, error, _) = send::<Value>(request.body(Full::<Bytes>::default()).expect("a request")).await;
        assert_eq!((status, error.as_deref()), (400, Some("AccessDeniedException")), "{method}");
    }
}

#[tokio::test]
async fn other_operations_of_its_services_are_unknown() {
    let account = account().await;
    for target in ["AWSInsightsIndexService.GetUsageForecast", "Logs_20140328.PutLogEvents"] {
        let (status, answer) = post_to::<Value>(&account, target, &json!({})).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("UnknownOperationException")), "{target}");
    }
}
