use penstock::doctor::Level;

use super::server::Answer;
use super::site::{RESOURCE, refuse_well};
use super::{Row, assert_found};

const ROWS: &[Row] = &[
    (
        "a 401 without a challenge",
        |site| site.refuse = |_| Answer::new(401),
        "entry.challenge",
        Level::Wrong,
        "has no WWW-Authenticate",
    ),
    (
        "the header of a function URL",
        |site| site.refuse = |_| Answer::new(401).header("x-amzn-remapped-www-authenticate", "Bearer scope=\"a\""),
        "entry.challenge",
        Level::Wrong,
        "x-amzn-Remapped-www-authenticate only",
    ),
    (
        "a challenge in the body only",
        |site| {
            site.refuse = |_| {
                let data = serde_json::json!({ "wwwAuthenticate": "Bearer scope=\"a\"" });
                let error = serde_json::json!({ "code": 401, "message": "a token is needed", "data": data });
                Answer::json(401, &serde_json::json!({ "jsonrpc": "2.0", "error": error }))
            }
        },
        "entry.challenge",
        Level::Wrong,
        "in the JSON-RPC error only",
    ),
    (
        "a challenge that points nowhere",
        |site| site.refuse = |_| Answer::new(401).header("www-authenticate", "Bearer"),
        "entry.challenge",
        Level::Warning,
        "names no resource_metadata",
    ),
    (
        "a challenge that points to an unprotected place",
        |site| {
            site.refuse = |_| {
                Answer::new(401).header("www-authenticate", "Bearer resource_metadata=\"http://10.0.0.1/metadata\"")
            };
        },
        "entry.challenge",
        Level::Wrong,
        "which clients will not follow",
    ),
    (
        "an error where no token was sent",
        |site| site.refuse = |_| refuse_well("anything"),
        "entry.challenge",
        Level::Warning,
        "names an error although no token was sent",
    ),
    (
        "offline_access in the challenge",
        |site| {
            site.refuse = |_| {
                let header = format!("Bearer resource_metadata=\"{{origin}}{RESOURCE}\", scope=\"a offline_access\"");
                Answer::new(401).header("www-authenticate", header)
            }
        },
        "entry.challenge",
        Level::Warning,
        "offline_access",
    ),
    (
        "an era without a guard",
        |site| {
            site.admit = |site, asked| {
                asked.body["method"] == "initialize"
                    || asked.header("authorization") == format!("Bearer {}", site.token)
            }
        },
        "entry.access",
        Level::Wrong,
        "one era is let in without a token",
    ),
    ("another page", |site| site.refuse = |_| Answer::new(404), "entry.access", Level::Wrong, "HTTP 404, not MCP"),
    ("an origin secret", |site| site.refuse = |_| Answer::new(403), "entry.access", Level::Wrong, "HTTP 403"),
    (
        "a redirect",
        |site| site.refuse = |_| Answer::new(307).header("location", "https://elsewhere.example/mcp"),
        "entry.access",
        Level::Wrong,
        "to “https://elsewhere.example/mcp”",
    ),
    ("no health", |site| site.serve("/health", Answer::new(503)), "reach.health", Level::Warning, "503"),
];

#[tokio::test]
async fn what_a_client_without_a_token_meets_is_judged() {
    assert_found(ROWS).await;
}
