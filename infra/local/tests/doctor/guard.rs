use penstock::doctor::Level;

use super::server::Answer;
use super::site::{TOKEN, refuse_well};
use super::{Row, assert_found, mcp};

const ROWS: &[Row] = &[
    (
        "signatures nobody looks at",
        |site| site.admit = |_, asked| asked.header("authorization").starts_with("Bearer eyJ"),
        "guard.altered",
        Level::Wrong,
        "is accepted (HTTP 200)",
    ),
    (
        "tokens without a signature",
        |site| site.admit = |_, asked| asked.header("authorization").ends_with('.'),
        "guard.unsigned",
        Level::Wrong,
        "is accepted (HTTP 200)",
    ),
    (
        "a crash over a token",
        |site| site.refuse = |sent| if sent.is_empty() { refuse_well("") } else { Answer::new(500) },
        "guard.altered",
        Level::Wrong,
        "HTTP 500: clients take that for an outage",
    ),
    (
        "a refusal without a reason",
        |site| site.refuse = |_| refuse_well(""),
        "guard.altered",
        Level::Warning,
        "not as invalid_token",
    ),
    (
        "tokens in the query",
        |site| {
            site.admit = |site, asked| {
                asked.query.contains(TOKEN) || asked.header("authorization") == format!("Bearer {}", site.token)
            }
        },
        "guard.query",
        Level::Wrong,
        "a token in the query is accepted",
    ),
    (
        "a refusal that is JSON-RPC",
        |site| {
            site.admit = |site, asked| {
                asked.query.contains(TOKEN) || asked.header("authorization") == format!("Bearer {}", site.token)
            };
            site.speak = |asked| {
                let misplaced = asked.query.contains(TOKEN);
                if misplaced { mcp::error(400, 400, "send it in the header") } else { mcp::speak(asked) }
            };
        },
        "guard.query",
        Level::Ok,
        "is refused",
    ),
    (
        "any Origin",
        |site| site.checks_origin = false,
        "browser.origin",
        Level::Wrong,
        "a foreign page is let in: HTTP 200",
    ),
    ("no CORS", |site| site.preflight = || Answer::new(405), "browser.cors", Level::Warning, "HTTP 405"),
    (
        "CORS for another page",
        |site| site.preflight = || Answer::new(204).header("access-control-allow-origin", "https://other.example"),
        "browser.cors",
        Level::Warning,
        "Access-Control-Allow-Origin is “https://other.example”",
    ),
    (
        "a star, which does not stand for Authorization",
        |site| {
            site.preflight = || {
                Answer::new(204).header("access-control-allow-origin", "*").header("access-control-allow-headers", "*")
            }
        },
        "browser.cors",
        Level::Warning,
        "authorization is not in",
    ),
];

#[tokio::test]
async fn what_must_not_get_in_is_tried() {
    assert_found(ROWS).await;
}
