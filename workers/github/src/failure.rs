//! What GitHub's refusals mean, in words a model can act on or pass on
//! (<https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api>).

use std::time::{Duration, SystemTime};

use penstock_aws::failure::Failure;
use penstock_fetch::{Fetched, ServiceError, in_words};
use penstock_kit::ToolError;
use serde::Deserialize;

use crate::github::GitHubError;
use crate::token::TokenError;

/// Characters of GitHub's reason that are passed on.
const MAX_REASON: usize = 300;

/// As long as GitHub asks to wait where it does not say how long.
const A_WHILE: Duration = Duration::from_mins(1);

impl From<GitHubError> for ToolError {
    fn from(error: GitHubError) -> Self {
        Self::Failed(match error {
            GitHubError::Token(error) => token(&error),
            GitHubError::Service { error: ServiceError::Refused(answer), with_token } => refusal(*answer, with_token),
            GitHubError::Service { error, .. } => error.explain("GitHub"),
        })
    }
}

fn token(error: &TokenError) -> String {
    match error {
        TokenError::Secret(Failure::Refused { code, .. }) if code == "ResourceNotFoundException" => {
            "The secret that should hold this tool's GitHub token does not exist. Only the operator can change that."
                .to_owned()
        }
        TokenError::Secret(failure) => failure.explain("Secrets Manager", "secretsmanager:GetSecretValue"),
        TokenError::Malformed => {
            "The secret that should hold this tool's GitHub token holds none. Only the operator can change that."
                .to_owned()
        }
    }
}

fn refusal(answer: Fetched, with_token: bool) -> String {
    match answer.status.as_u16() {
        401 => "GitHub does not accept the token of this tool: it has expired or was revoked. Only the operator can \
                replace it."
            .to_owned(),
        403 | 429 => match limit(&answer, with_token) {
            Some(text) => text,
            None => {
                "GitHub denies this: the token of this tool lacks a permission, or the repository is blocked. Only \
                     the operator can change the token."
                    .to_owned()
            }
        },
        404 => "GitHub's API has no such thing, or does not show it to this tool's token.".to_owned(),
        422 => match reasons(&answer.body) {
            Some(reasons) => format!("GitHub refuses the search: {reasons}"),
            None => "GitHub refuses the search. Send words, and qualifiers such as topic:cli or stars:>100.".to_owned(),
        },
        451 => "GitHub does not show this for legal reasons.".to_owned(),
        _ => ServiceError::Refused(Box::new(answer)).explain("GitHub"),
    }
}

/// Says that a limit is reached and when to try again; `None` if none is.
fn limit(answer: &Fetched, with_token: bool) -> Option<String> {
    let number = |name: &str| answer.headers.get(name)?.to_str().ok()?.parse::<u64>().ok();
    if let Some(wait) = answer.retry_after() {
        return Some(throttled(wait));
    }
    if number("x-ratelimit-remaining") == Some(0) {
        let reset = number("x-ratelimit-reset").map(|at| SystemTime::UNIX_EPOCH + Duration::from_secs(at));
        let wait = reset.map_or(A_WHILE, |at| at.duration_since(SystemTime::now()).unwrap_or_default());
        let hint = if with_token { "" } else { " The operator can raise the limit with a token." };
        return Some(format!("GitHub's limit of requests is used up. Try again in {}.{hint}", in_words(wait)));
    }
    let said = String::from_utf8_lossy(&answer.body);
    let is_limit = answer.status == 429 || said.contains("rate limit") || said.contains("abuse");
    is_limit.then(|| throttled(A_WHILE))
}

fn throttled(wait: Duration) -> String {
    format!("GitHub takes no more requests from this tool for now. Try again in {}.", in_words(wait))
}

/// What is wrong with a query. GitHub's words on it speak of the query alone.
fn reasons(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Invalid {
        errors: Vec<Reason>,
    }
    #[derive(Deserialize)]
    struct Reason {
        message: String,
    }
    let invalid: Invalid = serde_json::from_slice(body).ok()?;
    let messages: Vec<_> = invalid.errors.into_iter().map(|reason| reason.message).collect();
    Some(messages.join(" ").chars().take(MAX_REASON).collect()).filter(|text: &String| !text.is_empty())
}
