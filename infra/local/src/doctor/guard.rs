//! What must not get in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use penstock_fetch::is_loopback;
use reqwest::StatusCode;
use reqwest::header::AUTHORIZATION;
use serde_json::json;

use super::case::{Case, bearer};
use super::challenge;
use super::finding::Finding;
use super::mcp::{self, Dialect};
use super::probe::{Ask, Reply, Silence};

/// Tries tokens that are none, and a good one in the wrong place.
pub(super) async fn judge(case: &Case) -> Vec<Finding> {
    let unsigned = unsigned(case);
    let mut findings = vec![refused(case, "guard.unsigned", "an unsigned token (alg none)", &unsigned).await];
    findings.push(match case.token.as_deref().and_then(altered) {
        Some(token) => refused(case, "guard.altered", "the token with another signature", &token).await,
        None => Finding::skipped("guard.altered", "no token to alter; pass one with --token"),
    });
    findings.push(query(case).await);
    findings
}

/// Rule A-4.
async fn refused(case: &Case, check: &'static str, what: &str, token: &str) -> Finding {
    let Some(token) = bearer(token) else { return Finding::skipped(check, "the token cannot be altered") };
    let reply = case.probe.send(list(case).header(AUTHORIZATION, token)).await;
    let reply = match reply {
        Ok(reply) => reply,
        Err(silence) => return unanswered(check, what, &silence),
    };
    let status = reply.status.as_u16();
    if reply.status == StatusCode::UNAUTHORIZED {
        let error = challenge::find(&reply).and_then(|(_, challenge)| challenge.error);
        if error.as_deref() == Some("invalid_token") {
            return Finding::ok(check, format!("{what} is refused: invalid_token"));
        }
        let text = format!("{what} is refused, but not as invalid_token: clients do not know to fetch another");
        return Finding::warning(check, text, "answer 401 with WWW-Authenticate: Bearer error=\"invalid_token\"");
    }
    if reached(&reply) {
        let text = format!("{what} is accepted (HTTP {status}): anyone can write one");
        return Finding::wrong(
            check,
            text,
            "verify the signature with the issuer's keys, by algorithms you chose (rule A-4)",
        );
    }
    let text = format!("{what} is answered with HTTP {status}: clients take that for an outage");
    Finding::wrong(check, text, "answer 401 with WWW-Authenticate: Bearer error=\"invalid_token\"")
}

/// Rule A-3. Tried on this machine only: what stands in a URL ends in logs.
async fn query(case: &Case) -> Finding {
    const CHECK: &str = "guard.query";
    let Some(token) = &case.token else {
        return Finding::skipped(CHECK, "no token to send in the query; pass one with --token");
    };
    if !is_loopback(&case.url) {
        return Finding::skipped(CHECK, "not tried: a token in a URL would end in the logs of a deployment");
    }
    let mut ask = list(case);
    ask.url.query_pairs_mut().append_pair("access_token", token);
    match case.probe.send(ask).await {
        Ok(reply) if reached(&reply) => {
            let text = "a token in the query is accepted: it ends in logs and browser histories";
            Finding::wrong(CHECK, text, "take tokens from the Authorization header only (rule A-3)")
        }
        Ok(_) => Finding::ok(CHECK, "a token in the query is refused"),
        Err(silence) => unanswered(CHECK, "a token in the query", &silence),
    }
}

fn unanswered(check: &'static str, what: &str, silence: &Silence) -> Finding {
    Finding::wrong(check, format!("{what}: {silence}"), "answer with 401; look into the log of the gateway")
}

fn list(case: &Case) -> Ask {
    Dialect::stateless().request(case, "tools/list", json!({}))
}

/// Whether a request came through to MCP, whatever was made of it there. Refusals may be JSON-RPC errors too, but not
/// with a status of success.
fn reached(reply: &Reply) -> bool {
    reply.status.is_success() && matches!(mcp::result(reply), Ok(_) | Err(mcp::Trouble::Rpc { .. }))
}

/// What someone would write who hopes that nobody looks at the signature (RFC 8725 section 2.1).
fn unsigned(case: &Case) -> String {
    let encode = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = encode(json!({ "alg": "none", "typ": "JWT" }));
    let claims = json!({ "iss": case.at("/").as_str(), "sub": "doctor", "aud": case.typed, "exp": 4_102_444_800_u32 });
    format!("{header}.{}.", encode(claims))
}

/// The token with one letter changed in the middle of its last part.
fn altered(token: &str) -> Option<String> {
    let start = token.rfind('.').map_or(0, |dot| dot + 1);
    let middle = start + (token.len() - start) / 2;
    let letter = token.get(middle..=middle)?;
    let other = if letter == "A" { "B" } else { "A" };
    Some(format!("{}{other}{}", &token[..middle], &token[middle + 1..]))
}

#[cfg(test)]
mod tests {
    use super::altered;

    #[test]
    fn an_altered_token_differs_in_one_letter_of_its_signature() {
        for (token, expected) in [("a.b.cdefg", "a.b.cdAfg"), ("a.b.AAA", "a.b.ABA"), ("opaque", "opaAue"), ("x", "A")]
        {
            assert_eq!(altered(token).as_deref(), Some(expected), "{token}");
        }
        assert_eq!(altered("a.b."), None);
        assert_eq!(altered(""), None);
    }
}
