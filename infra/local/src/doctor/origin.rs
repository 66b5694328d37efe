//! What pages in a browser may do (rules S-1 and S-3).

use reqwest::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN,
};
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::case::Case;
use super::finding::{Finding, quote};
use super::mcp::{self, Dialect};
use super::probe::{Ask, Reply};

/// A page nobody has allowed (RFC 2606).
const FOREIGN: &str = "https://doctor.invalid";

/// Where the MCP Inspector's page comes from.
const INSPECTOR: &str = "http://localhost:6274";

/// What the Inspector sends from its page.
const HEADERS: &str = "authorization,content-type,mcp-method,mcp-name,mcp-protocol-version";

/// Calls as a foreign page would, then asks as the Inspector's page does.
pub(super) async fn judge(case: &Case) -> Vec<Finding> {
    vec![foreign(case).await, preflight(case).await]
}

async fn foreign(case: &Case) -> Finding {
    const CHECK: &str = "browser.origin";
    let ask = Dialect::stateless().request(case, "server/discover", json!({}));
    let ask = mcp::authorized(case, ask).header(ORIGIN, HeaderValue::from_static(FOREIGN));
    let mend = "refuse requests whose Origin is not one of PENSTOCK_ALLOWED_ORIGINS with 403 (rule S-1)";
    match case.probe.send(ask).await {
        Ok(reply) if reply.status == StatusCode::FORBIDDEN => Finding::ok(CHECK, "a foreign page is refused: HTTP 403"),
        Ok(reply) if reply.status == StatusCode::UNAUTHORIZED && case.token.is_none() => {
            Finding::skipped(CHECK, "whether a foreign page is refused shows with a token only; pass one with --token")
        }
        Ok(reply) => {
            let text = format!("a foreign page is let in: HTTP {}, not 403", reply.status.as_u16());
            Finding::wrong(CHECK, text, mend)
        }
        Err(silence) => Finding::wrong(CHECK, format!("a foreign page: {silence}"), mend),
    }
}

async fn preflight(case: &Case) -> Finding {
    const CHECK: &str = "browser.cors";
    let ask = Ask::new(Method::OPTIONS, case.url.clone())
        .header(ORIGIN, HeaderValue::from_static(INSPECTOR))
        .header(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("POST"))
        .header(ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue::from_static(HEADERS));
    let refusal = match case.probe.send(ask).await {
        Ok(reply) => refusal(&reply),
        Err(silence) => Some(silence.to_string()),
    };
    match refusal {
        None => Finding::ok(CHECK, format!("pages of {INSPECTOR}, where the Inspector runs, may call")),
        Some(reason) => {
            let text =
                format!("pages of {INSPECTOR} may not call ({reason}): the Inspector works through its proxy only");
            Finding::warning(
                CHECK,
                text,
                format!("if browsers are to call, add {INSPECTOR} to PENSTOCK_ALLOWED_ORIGINS"),
            )
        }
    }
}

/// Why a browser would not send the request after this answer (Fetch standard, section 4.8).
fn refusal(reply: &Reply) -> Option<String> {
    if !reply.status.is_success() {
        return Some(format!("HTTP {}", reply.status.as_u16()));
    }
    let origin = reply.header(ACCESS_CONTROL_ALLOW_ORIGIN.as_str()).unwrap_or_default();
    if origin != INSPECTOR && origin != "*" {
        return Some(format!("Access-Control-Allow-Origin is {}", quote(origin)));
    }
    let allowed = reply.header(ACCESS_CONTROL_ALLOW_HEADERS.as_str()).unwrap_or_default().to_ascii_lowercase();
    let allowed: Vec<&str> = allowed.split(',').map(str::trim).collect();
    // The star does not stand for Authorization.
    let admits = |name: &&str| allowed.contains(name) || (allowed.contains(&"*") && *name != "authorization");
    let missing = HEADERS.split(',').find(|name| !admits(name))?;
    Some(format!("{missing} is not in Access-Control-Allow-Headers"))
}
