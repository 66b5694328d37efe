//! The local Lambda API as the unmodified AWS SDK sees it.

use aws_sdk_lambda::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_lambda::error::ProvideErrorMetadata as _;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvokeWithResponseStreamResponseEvent as Event;
use aws_sdk_lambda::{Client, Config};
use penstock_e2e::{Access, Penstock};
use serde_json::{Value, json};

fn sdk(penstock: &Penstock) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .endpoint_url(penstock.lambda_url())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

fn event(arguments: &Value) -> Blob {
    let context = json!({ "requestId": 1, "deadlineMs": 4_102_444_800_000_u64, "protocolVersion": "2026-07-28", "progress": true });
    let event = json!({ "method": "tools/call", "params": { "name": "long_operation", "arguments": arguments }, "context": context });
    Blob::new(event.to_string())
}

#[tokio::test]
async fn a_function_is_invoked_with_a_streamed_response() -> anyhow::Result<()> {
    let penstock = Penstock::dev(Access::Open, &[]).await?;
    let call = sdk(&penstock).invoke_with_response_stream().function_name("long_operation");
    let mut output = call.payload(event(&json!({ "steps": 3, "step_ms": 50 }))).send().await?;
    let (mut payload, mut chunks, mut complete) = (Vec::new(), 0, false);
    while let Some(event) = output.event_stream.recv().await? {
        match event {
            Event::PayloadChunk(chunk) => {
                chunks += 1;
                payload.extend(chunk.payload.map(Blob::into_inner).unwrap_or_default());
            }
            Event::InvokeComplete(end) => {
                assert_eq!(end.error_code, None);
                complete = true;
            }
            other => panic!("{other:?}"),
        }
    }
    let text = String::from_utf8(payload)?;
    assert!(complete);
    assert!(chunks > 3, "each step is a chunk of its own: {chunks}");
    assert_eq!(text.matches("{\"progress\":").count(), 3 + 3, "three frames, each naming progress twice: {text}");
    assert!(text.trim_end().ends_with('}') && text.contains("{\"result\":"));
    Ok(())
}

#[tokio::test]
async fn a_function_is_invoked_with_a_buffered_response() -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(Access::Open).await?;
    let call = sdk(&penstock).invoke().function_name("plain_echo").payload(Blob::new(r#"{"a":1.0}"#));
    let output = call.send().await?;
    assert_eq!((output.status_code, output.function_error()), (200, None));
    let payload = output.payload.map(Blob::into_inner).unwrap_or_default();
    assert!(String::from_utf8(payload)?.contains(r#""a":1.0"#));
    Ok(())
}

#[tokio::test]
async fn a_function_that_does_not_exist_is_reported_as_lambda_does() -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(Access::Open).await?;
    let refused = sdk(&penstock).invoke_with_response_stream().function_name("nobody").send().await;
    let error = refused.expect_err("no such function");
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    Ok(())
}

#[tokio::test]
async fn a_crash_mid_stream_is_reported_in_the_last_event() -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(Access::Open).await?;
    let call = sdk(&penstock).invoke_with_response_stream().function_name("fault_dies_mid_stream");
    let mut output = call.payload(event(&json!({}))).send().await?;
    let mut error = None;
    while let Some(event) = output.event_stream.recv().await? {
        if let Event::InvokeComplete(end) = event {
            error = end.error_code;
        }
    }
    assert_eq!(error.as_deref(), Some("Runtime.ExitError"));
    Ok(())
}
