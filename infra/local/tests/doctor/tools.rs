use penstock::doctor::Level;
use serde_json::json;

use super::server::Answer;
use super::{Row, assert_found, mcp};

fn is_modern(asked: &super::server::Asked) -> bool {
    asked.header("mcp-protocol-version") == "2026-07-28"
}

const ROWS: &[Row] = &[
    (
        "a server of 2025",
        |site| site.speak = |asked| if is_modern(asked) { mcp::error(400, -32022, "no") } else { mcp::speak(asked) },
        "tools.2026-07-28",
        Level::Warning,
        "error -32022",
    ),
    (
        "a server of 2025",
        |site| site.speak = |asked| if is_modern(asked) { mcp::error(400, -32022, "no") } else { mcp::speak(asked) },
        "stream.events",
        Level::Ok,
        "5 events",
    ),
    (
        "a server of 2026",
        |site| site.speak = |asked| if is_modern(asked) { mcp::speak(asked) } else { mcp::error(404, -32601, "no") },
        "tools.2025-11-25",
        Level::Wrong,
        "error -32601",
    ),
    (
        "a handshake that settles on another revision",
        |site| {
            site.speak = |asked| match asked.body["method"].as_str() {
                Some("initialize") => mcp::result(&json!({ "protocolVersion": "2025-03-26" })),
                _ => mcp::speak(asked),
            }
        },
        "tools.2025-06-18",
        Level::Warning,
        "answers initialize with “2025-03-26”",
    ),
    (
        "a token for something else",
        |site| {
            site.speak = |_| Answer::new(403).header("www-authenticate", "Bearer error=\"insufficient_scope\"");
        },
        "tools.2026-07-28",
        Level::Wrong,
        "HTTP 403: “insufficient_scope”",
    ),
    (
        "a list without what 2026-07-28 wants",
        |site| site.speak = |_| mcp::result(&json!({ "protocolVersion": "x", "tools": [] })),
        "tools.2026-07-28",
        Level::Wrong,
        "resultType, ttlMs or cacheScope",
    ),
    (
        "a list for everyone",
        |site| {
            site.speak = |asked| match asked.body["method"].as_str() {
                Some("tools/list") if is_modern(asked) => {
                    let mut list = mcp::list();
                    list["cacheScope"] = json!("public");
                    mcp::result(&list)
                }
                _ => mcp::speak(asked),
            }
        },
        "tools.2026-07-28",
        Level::Warning,
        "cacheScope is public",
    ),
];

#[tokio::test]
async fn lists_are_read_in_every_revision() {
    assert_found(ROWS).await;
}
