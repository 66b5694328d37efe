//! Functions that return one JSON value instead of frames.

use crate::support::{Chunk, call, entry, gateway};
use penstock_gateway::invoke::InvokeError;
use serde_json::{Value, json};

async fn answer(chunks: Vec<Chunk>) -> Value {
    let mut plain = entry("tool");
    plain["contract"] = json!("event");
    let (gateway, worker) = gateway(&[plain]);
    tokio::spawn(async move {
        for chunk in chunks {
            worker.chunks.send(chunk).await.expect("the relay reads on");
        }
    });
    call().json(&gateway).await.1
}

#[tokio::test]
async fn a_call_tool_result_is_passed_on() {
    let chunks =
        vec![Ok("{\"content\":[{\"type\":\"text\",".into()), Ok("\"text\":\"a\"}],\n\"isError\":true}".into())];
    let body = answer(chunks).await;
    assert_eq!(body["result"]["content"], json!([{ "type": "text", "text": "a" }]));
    assert_eq!((&body["result"]["isError"], &body["result"]["resultType"]), (&json!(true), &json!("complete")));
}

/// R-9: structured content is also there as text.
#[tokio::test]
async fn anything_else_becomes_structured_content_and_text() {
    for value in ["{\"a\":1.0}", "[1,2]", "\"text\"", "null", "12345678901234567890"] {
        let body = answer(vec![Ok(value.into())]).await;
        assert_eq!(body["result"]["content"][0]["text"], value);
        assert_eq!(body["result"]["structuredContent"], serde_json::from_str::<Value>(value).expect("JSON"));
    }
}

#[tokio::test]
async fn a_function_that_threw_is_a_tool_error_the_model_can_read() {
    let thrown = r#"{"errorMessage":"no such table","errorType":"KeyError","stackTrace":["secret"]}"#;
    let error = |details: &str| InvokeError::Function { code: "KeyError".to_owned(), details: details.to_owned() };
    for chunks in [vec![Ok(thrown.into()), Err(error(""))], vec![Err(error(thrown))]] {
        let body = answer(chunks).await;
        assert_eq!(body["result"]["isError"], true, "{body}");
        assert_eq!(body["result"]["content"][0]["text"], "no such table");
        assert!(!body.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn what_is_no_json_or_too_much_is_an_error() {
    let too_much = format!("\"{}\"", "x".repeat(7 * 1024 * 1024));
    for chunks in [vec![], vec![Ok("hello".into())], vec![Ok(too_much.into())]] {
        let body = answer(chunks).await;
        assert_eq!(body["error"]["data"]["reason"], "contract", "{body}");
    }
    let details = r#"{"errorMessage":"RequestId: 1 Error: Runtime exited"}"#.to_owned();
    let crashed = InvokeError::Function { code: "Runtime.ExitError".to_owned(), details };
    assert_eq!(answer(vec![Err(crashed)]).await["error"]["data"]["reason"], "crashed");
}
