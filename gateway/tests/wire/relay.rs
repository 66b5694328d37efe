//! What a worker streams, as a client reads it.

use crate::support::{self, call, messages, next, one_tool, rest, scripted};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use penstock_gateway::invoke::InvokeError;
use serde_json::json;

const PROGRESS: &str = "{\"progress\":{\"progress\":1,\"total\":2.0,\"message\":\"é\"}}\n";
const RESULT: &str = "{\"result\":{\"content\":[],\"structuredContent\":{\"n\":12345678901234567890,\"f\":1.0}}}\n";

#[expect(clippy::unnecessary_wraps, reason = "a script mixes chunks with errors")]
fn ok(chunk: &str) -> support::Chunk {
    Ok(Bytes::copy_from_slice(chunk.as_bytes()))
}

/// M-4, R-1: `serverInfo` and `resultType` are added, nothing else is touched.
#[tokio::test]
async fn a_result_alone_is_one_json_object_with_everything_the_worker_wrote() {
    let response = call().send(&scripted([ok(RESULT)])).await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let server_info =
        concat!(r#"{"name":"penstock-gateway","title":"Penstock","version":""#, env!("CARGO_PKG_VERSION"), r#""}"#);
    let expected = format!(
        r#"{{"jsonrpc":"2.0","id":1,"result":{{"content":[],"structuredContent":{{"n":12345678901234567890,"f":1.0}},"_meta":{{"io.modelcontextprotocol/serverInfo":{server_info}}},"resultType":"complete"}}}}"#
    );
    assert_eq!(rest(response.into_body()).await, expected);
}

/// H-8, M-6, T-1, T-2: events as they happen, the token verbatim, nothing after the response.
#[tokio::test]
async fn progress_reaches_the_client_before_the_worker_goes_on() {
    let (gateway, worker) = one_tool();
    let draft = call();
    let answer = tokio::spawn(async move { draft.send(&gateway).await });
    worker.says(PROGRESS).await;
    let response = answer.await.expect("answered");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    let mut body = response.into_body();
    let event = r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":7,"progress":1,"total":2.0,"message":"é"}}"#;
    assert_eq!(next(&mut body).await, Some(format!("data: {event}\n\n")));
    worker.says(RESULT).await;
    let last = next(&mut body).await.expect("the response");
    assert_eq!(messages(&last)[0]["result"]["resultType"], "complete");
    assert_eq!(next(&mut body).await, None, "nothing follows the response");
}

#[tokio::test]
async fn the_answer_is_the_same_wherever_the_stream_is_cut() {
    let stream = format!("{PROGRESS}{{\"log\":{{\"level\":\"info\",\"data\":1}}}}\n{RESULT}");
    let whole = messages(&rest(call().send(&scripted([ok(&stream)])).await.into_body()).await);
    assert_eq!(whole.len(), 2, "no log level was asked for: {whole:?}");
    for at in 1..stream.len() {
        let (one, two) = stream.as_bytes().split_at(at);
        let chunks = [one, two].map(|part| Ok(Bytes::copy_from_slice(part)));
        let body = rest(call().send(&scripted(chunks)).await.into_body()).await;
        assert_eq!(messages(&body), whole, "cut at {at}");
    }
    let bytes: Vec<_> = stream.bytes().map(|byte| Ok(Bytes::copy_from_slice(&[byte]))).collect();
    assert_eq!(messages(&rest(call().send(&scripted(bytes)).await.into_body()).await), whole);
}

/// T-3: progress grows, under the client's token.
#[tokio::test]
async fn progress_that_does_not_grow_or_brings_its_own_token_is_dropped() {
    let frames = [1.0, 1.0, 0.5, 2.0].map(|progress| ok(&format!("{{\"progress\":{{\"progress\":{progress}}}}}\n")));
    let forged = ok("{\"progress\":{\"progress\":9,\"progressToken\":\"other\"}}\n");
    let chunks = frames.into_iter().chain([forged, ok(RESULT)]);
    let body = rest(call().send(&scripted(chunks)).await.into_body()).await;
    let seen: Vec<_> = messages(&body).iter().map(|message| message["params"]["progress"].clone()).collect();
    assert_eq!(seen, [json!(1), json!(2), json!(null)]);
}

/// M-5: only where asked for, from the level up.
#[tokio::test]
async fn log_messages_from_the_wanted_level_up_are_relayed() {
    let mut meta = support::meta();
    meta["io.modelcontextprotocol/logLevel"] = json!("warning");
    let call = support::request("tools/call", json!({ "name": "tool", "_meta": meta }));
    let log = |level: &str| ok(&format!("{{\"log\":{{\"level\":\"{level}\",\"data\":\"x\"}}}}\n"));
    let body = rest(call.send(&scripted([log("info"), log("error"), ok(RESULT)])).await.into_body()).await;
    let messages = messages(&body);
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["method"], "notifications/message");
    assert_eq!(messages[0]["params"]["level"], "error");
}

#[tokio::test]
async fn a_client_that_takes_json_only_gets_one_object_however_the_worker_streams() {
    let large = "x".repeat(200_000);
    let result = format!("{{\"result\":{{\"content\":[{{\"type\":\"text\",\"text\":\"{large}\"}}]}}}}\n");
    let draft = call().header("accept", "application/json");
    let (status, body) = draft.json(&scripted([ok(PROGRESS), ok(&result)])).await;
    assert_eq!(status, 200);
    assert_eq!(body["result"]["content"][0]["text"].as_str().map(str::len), Some(large.len()));
}

#[tokio::test]
async fn a_client_that_takes_events_only_gets_events() {
    let draft = call().header("accept", "text/event-stream");
    let response = draft.send(&scripted([ok(RESULT)])).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(messages(&rest(response.into_body()).await).len(), 1);
}

#[tokio::test]
async fn a_large_result_leaves_while_it_is_still_being_written() {
    let (gateway, worker) = one_tool();
    let draft = call();
    let answer = tokio::spawn(async move { draft.send(&gateway).await });
    worker.says("{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"").await;
    worker.says("x".repeat(100_000)).await;
    let mut body = answer.await.expect("answered").into_body();
    let mut seen = next(&mut body).await.expect("what there is");
    assert!(seen.len() > 100_000);
    worker.says("y\"}]}}\n").await;
    drop(worker);
    seen.push_str(&rest(body).await);
    assert_eq!(messages(&seen).len(), 1);
}

#[tokio::test]
async fn a_result_cut_off_after_part_of_it_left_is_taken_back_and_becomes_an_error() {
    let (gateway, worker) = one_tool();
    let draft = call();
    let answer = tokio::spawn(async move { draft.send(&gateway).await });
    worker.says(format!("{{\"result\":{{\"content\":\"{}", "x".repeat(100_000))).await;
    let mut body = answer.await.expect("answered").into_body();
    let mut seen = next(&mut body).await.expect("what there is");
    worker.fails(InvokeError::Function { code: "Runtime.ExitError".to_owned(), details: "secret".to_owned() }).await;
    seen.push_str(&rest(body).await);
    let messages = messages(&seen);
    assert_eq!(messages.len(), 1, "the half is no message");
    assert_eq!(messages[0]["error"]["data"]["reason"], "crashed");
    assert!(!seen.contains("secret"), "what Lambda says stays inside");
}

#[tokio::test]
async fn a_json_body_cut_off_after_part_of_it_left_ends_as_a_broken_body() {
    let (gateway, worker) = one_tool();
    let draft = call().header("accept", "application/json");
    let answer = tokio::spawn(async move { draft.send(&gateway).await });
    worker.says(format!("{{\"result\":{{\"content\":\"{}", "x".repeat(100_000))).await;
    let mut body = answer.await.expect("answered").into_body();
    next(&mut body).await.expect("what there is");
    worker.fails(InvokeError::Truncated).await;
    assert!(body.frame().await.expect("an end").is_err(), "must not look complete");
}

#[tokio::test]
async fn a_worker_that_dies_after_progress_becomes_an_error_on_the_open_stream() {
    for (end, reason) in [
        (InvokeError::Function { code: "Runtime.ExitError".to_owned(), details: String::new() }, "crashed"),
        (InvokeError::Function { code: "Sandbox.Timedout".to_owned(), details: String::new() }, "deadline"),
        (InvokeError::Truncated, "truncated"),
        (InvokeError::Service("connection reset".to_owned()), "unreachable"),
    ] {
        let body = rest(call().send(&scripted([ok(PROGRESS), Err(end)])).await.into_body()).await;
        let messages = messages(&body);
        assert_eq!((messages.len(), &messages[1]["error"]["code"]), (2, &json!(-32603)), "{reason}");
        assert_eq!(messages[1]["error"]["data"]["reason"], reason);
    }
}

#[tokio::test]
async fn a_worker_that_never_started_becomes_a_json_error() {
    let throttled = InvokeError::Throttled { reason: "Reserved".to_owned(), retry_after: Some("3".to_owned()) };
    let (status, body) = call().json(&scripted([Err(throttled)])).await;
    assert_eq!(status, 200);
    assert_eq!(body["error"]["data"], json!({ "reason": "throttled", "retryAfterMs": 3000 }));
}

#[tokio::test]
async fn streams_that_are_no_frames_become_an_error() {
    for (stream, reason) in [
        ("", "truncated"),
        (PROGRESS, "truncated"),
        ("hello\n", "contract"),
        ("{\"result\":5}\n", "contract"),
        ("{\"result\":{\"a\":tru}}\n", "contract"),
        ("{\"result\":{},\"more\":1}\n", "contract"),
        ("{\"result\":{\"resultType\":\"input_required\"}}\n", "contract"),
        ("{\"result\":{\"_meta\":1}}\n", "contract"),
        ("{\"result\":{\"content\":[}}\n", "contract"),
    ] {
        let body =
            rest(call().header("accept", "text/event-stream").send(&scripted([ok(stream)])).await.into_body()).await;
        let last = messages(&body).pop().unwrap_or_else(|| panic!("{stream} gave {body}"));
        assert_eq!(last["error"]["data"]["reason"], reason, "{stream}");
    }
}

#[tokio::test]
async fn text_that_is_no_utf_8_becomes_an_error_wherever_it_is_cut() {
    for text in [&b"\xff"[..], b"\xc3(", b"\xe2\x82", b"\xf0\x9f\x9a("] {
        let stream = [b"{\"result\":{\"text\":\"", text, b"\"}}\n"].concat();
        for at in 1..stream.len() {
            let chunks = [&stream[..at], &stream[at..]].map(|part| Ok(Bytes::copy_from_slice(part)));
            let (_, body) = call().json(&scripted(chunks)).await;
            assert_eq!(body["error"]["data"]["reason"], "contract", "{text:?} cut at {at}");
        }
    }
}

/// T-4, T-8: one `data:` line an event, no event ids.
#[tokio::test]
async fn carriage_returns_between_tokens_do_not_end_an_event() {
    let stream =
        "{\"progress\":{\"progress\":1,\r\"message\":\"a\\r\"}}\n{\"result\":{\"content\":\r[\r],\r\"x\":1}}\r\n";
    let body = rest(call().send(&scripted([ok(stream)])).await.into_body()).await;
    assert!(!body.contains('\r'), "{body:?}");
    let messages = messages(&body);
    assert_eq!(messages[0]["params"]["message"], "a\r");
    assert_eq!((&messages[1]["result"]["content"], &messages[1]["result"]["x"]), (&json!([]), &json!(1)));
}

/// E-2: no reserved code but the specification's own.
#[tokio::test]
async fn a_workers_own_error_keeps_its_code_where_it_may() {
    for (said, told, status) in [(-32602, -32602, 200), (-32021, -32021, 400), (-32001, -32603, 200), (42, 42, 200)] {
        let frame = format!(
            "{{\"error\":{{\"code\":{said},\"message\":\"no\",\"data\":{{\"requiredCapabilities\":{{}}}}}}}}\n"
        );
        assert_eq!(call().refusal(&scripted([ok(&frame)])).await, (status, told), "{said}");
        let events_only = call().header("accept", "text/event-stream").send(&scripted([ok(&frame)])).await;
        assert_eq!(events_only.status().as_u16(), status, "{said}");
    }
}

/// E-3: -32021 says which capabilities are missing.
#[tokio::test]
async fn a_missing_capability_nobody_can_name_is_an_internal_error() {
    for data in ["", ",\"data\":{\"k\":1.0}", ",\"data\":{\"requiredCapabilities\":[\"sampling\"]}"] {
        let frame = format!("{{\"error\":{{\"code\":-32021,\"message\":\"no\"{data}}}}}\n");
        assert_eq!(call().refusal(&scripted([ok(&frame)])).await, (200, -32603), "{data}");
    }
}

#[tokio::test]
async fn the_workers_meta_stays_and_gains_the_gateways_name() {
    let result = r#"{"result":{"_meta":{"a/b":1.0,"io.modelcontextprotocol/serverInfo":{"name":"forged"}},"resultType":"complete","content":[]}}"#;
    let body = rest(call().send(&scripted([ok(result)])).await.into_body()).await;
    assert!(
        body.contains(r#""_meta":{"a/b":1.0,"io.modelcontextprotocol/serverInfo":{"name":"penstock-gateway""#),
        "{body}"
    );
    assert!(!body.contains("forged"));
    assert_eq!(body.matches("resultType").count(), 1);
}

/// T-7, T-9: comments keep the stream open; the deadline ends it with an error.
#[tokio::test(start_paused = true)]
async fn a_quiet_worker_is_covered_by_comments_and_then_by_the_deadline() {
    let (gateway, worker) = one_tool();
    let response = call().send(&gateway).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream", "decided without the worker");
    let body = rest(response.into_body()).await;
    assert!(body.matches(":\n\n").count() >= 4, "60 s of silence: {body:?}");
    let messages = messages(&body);
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["error"]["data"]["reason"], "deadline");
    assert!(worker.chunks.is_closed(), "the call is given up");
}

/// T-5: closing the stream cancels.
#[tokio::test]
async fn a_client_that_leaves_takes_the_relay_with_it() {
    let (gateway, worker) = one_tool();
    let draft = call();
    let answer = tokio::spawn(async move { draft.send(&gateway).await });
    worker.says(PROGRESS).await;
    let response = answer.await.expect("answered");
    assert!(!worker.chunks.is_closed());
    drop(response);
    worker.chunks.closed().await;
}
