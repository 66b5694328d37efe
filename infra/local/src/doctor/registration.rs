//! Dynamic client registration (RFC 7591), tried once.

use reqwest::StatusCode;
use reqwest::Url;
use serde_json::{Value, json};

use super::case::Case;
use super::finding::{Finding, quote};
use super::issuer::Issuer;
use super::probe::{Ask, Reply};

const CHECK: &str = "registration.dynamic";

/// Where the doctor would be sent back to. Nobody listens there, and nothing is sent.
pub(super) const REDIRECT_URI: &str = "http://127.0.0.1:33418/callback";

/// Registers as an application on this machine would. Answers the client id, if there is one.
pub(super) async fn register(case: &Case, issuer: &Issuer) -> (Option<String>, Vec<Finding>) {
    let Some(endpoint) = issuer.endpoint(case, "registration_endpoint") else {
        return (None, vec![Finding::skipped(CHECK, "the authorization server offers no registration")]);
    };
    if let Some(id) = &case.client_id {
        return (Some(id.clone()), vec![Finding::skipped(CHECK, "a client id was given")]);
    }
    let metadata = json!({
        "client_name": "Penstock doctor",
        "redirect_uris": [REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
    });
    match case.probe.send(Ask::post(endpoint.clone(), &metadata)).await {
        Ok(reply) => judge(&endpoint, &reply),
        Err(silence) => {
            let mend = "look into the log of the authorization server";
            (None, vec![Finding::wrong(CHECK, format!("{endpoint}: {silence}"), mend)])
        }
    }
}

fn judge(endpoint: &Url, reply: &Reply) -> (Option<String>, Vec<Finding>) {
    let answer = reply.object().unwrap_or_default();
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    let status = reply.status.as_u16();
    let finding = match reply.status {
        StatusCode::OK | StatusCode::CREATED => match text("client_id") {
            Some(id) => return (Some(id.to_owned()), registered(&answer)),
            None => {
                Finding::wrong(CHECK, "registered, but without a client_id", "answer as RFC 7591 section 3.2.1 says")
            }
        },
        StatusCode::TOO_MANY_REQUESTS => {
            let wait = reply.header("retry-after").map(|wait| format!("; wait {}", quote(wait))).unwrap_or_default();
            Finding::skipped(CHECK, format!("registration is throttled, which is as it should be{wait}"))
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            let text = format!("{endpoint} asks for credentials (HTTP {status}): clients that only register cannot");
            Finding::warning(CHECK, text, "open registration for clients without a secret, or do not offer it")
        }
        _ => {
            let reason = text("error").map(|error| format!(", {}", quote(error))).unwrap_or_default();
            let text = format!("{endpoint} refuses a client of this machine: HTTP {status}{reason}");
            Finding::wrong(
                CHECK,
                text,
                "allow loopback redirect URIs (RFC 8252 section 7.3) and clients without a secret",
            )
        }
    };
    (None, vec![finding])
}

fn registered(answer: &serde_json::Map<String, Value>) -> Vec<Finding> {
    let method = answer.get("token_endpoint_auth_method").and_then(Value::as_str);
    if method.is_some_and(|method| method != "none") || answer.contains_key("client_secret") {
        let text = "registered, but with a secret that was not asked for: clients on people's machines cannot keep it";
        return vec![Finding::warning(CHECK, text, "answer token_endpoint_auth_method none where none is asked for")];
    }
    vec![Finding::ok(CHECK, "a client of this machine can register")]
}
