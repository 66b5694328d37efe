use penstock::doctor::Level;
use serde_json::json;

use super::server::{Answer, Asked};
use super::{Row, assert_found, mcp};

fn is_call(asked: &Asked) -> bool {
    asked.body["method"] == "tools/call"
}

const ROWS: &[Row] = &[
    (
        "a proxy that holds everything back",
        |site| {
            site.speak = |asked| {
                if !is_call(asked) {
                    return mcp::speak(asked);
                }
                let all: String = (1..=4).map(mcp::progress).collect();
                mcp::stream().header("via", "1.1 proxy").part(1200, all + &mcp::done())
            }
        },
        "stream.events",
        Level::Wrong,
        "buffers",
    ),
    (
        "one body for a stream",
        |site| {
            site.speak =
                |asked| if is_call(asked) { mcp::result(&json!({ "content": [] })) } else { mcp::speak(asked) };
        },
        "stream.events",
        Level::Warning,
        "one JSON object",
    ),
    (
        "a quick call",
        |site| site.speak = |asked| if is_call(asked) { mcp::call(0) } else { mcp::speak(asked) },
        "stream.events",
        Level::Skipped,
        "too few or too fast",
    ),
    (
        "a stream that is cut",
        |site| {
            site.speak =
                |asked| if is_call(asked) { mcp::stream().part(0, mcp::progress(1)) } else { mcp::speak(asked) };
        },
        "stream.events",
        Level::Wrong,
        "ended after 1 event without a response",
    ),
    (
        "a call that is refused",
        |site| site.speak = |asked| if is_call(asked) { Answer::new(403) } else { mcp::speak(asked) },
        "stream.events",
        Level::Wrong,
        "HTTP 403",
    ),
    (
        "a call that fails",
        |site| site.speak = |asked| if is_call(asked) { mcp::error(200, -32603, "no") } else { mcp::speak(asked) },
        "stream.events",
        Level::Wrong,
        "error -32603 “no”",
    ),
    (
        "a stream proxies may change",
        |site| {
            site.speak = |asked| {
                if !is_call(asked) {
                    return mcp::speak(asked);
                }
                Answer::new(200).header("content-type", "text/event-stream").part(0, mcp::done())
            }
        },
        "stream.headers",
        Level::Warning,
        "X-Accel-Buffering: no and Cache-Control",
    ),
    (
        "no such tool",
        |site| {
            site.speak = |asked| {
                let mut list = mcp::list();
                list["tools"] = json!([]);
                if asked.body["method"] == "tools/list" { mcp::result(&list) } else { mcp::speak(asked) }
            }
        },
        "stream.events",
        Level::Skipped,
        "no tool called “long_operation”",
    ),
];

#[tokio::test]
async fn a_streamed_call_is_judged_by_when_its_events_arrive() {
    assert_found(ROWS).await;
}
