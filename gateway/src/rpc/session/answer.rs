//! A client's answers to what it was asked, from whichever instance takes them to the one that waits:
//! `answer/<session>/<question>` in the store (rule L-9).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc::Response;
use penstock_store::{MAX_VALUE, Store, When, Write};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::Session;
use crate::gateway::Gateway;
use crate::rpc::failure::Failure;
use crate::seal;

/// How long a client has to answer a question.
pub(super) const PATIENCE: Duration = Duration::from_mins(5);

/// Pauses between looks into the store: they double, because a program answers at once and a person does not.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// What the client said, verbatim.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Answer<R> {
    Result(R),
    Error(R),
}

/// What the id of a question holds, sealed: only ids that were handed out in a session are ever
/// written down for it.
#[derive(Serialize, Deserialize)]
struct Question {
    #[serde(rename = "s")]
    session: String,
    /// Seconds since 1970.
    #[serde(rename = "e")]
    expires: u64,
}

/// An id nobody can guess, for a question in this session. JSON strings can hold it as it is.
pub(super) fn question_id(gateway: &Gateway, session: &Session) -> Result<String, Failure> {
    let expires = seconds(gateway.now() + PATIENCE);
    let question = Question { session: session.id().to_owned(), expires };
    Ok(gateway.keys().seal(seal::QUESTION, &serde_json::to_vec(&question).unwrap_or_default())?)
}

/// Takes a client's answer. The first one counts.
pub(in crate::rpc) async fn take(gateway: &Gateway, session: &Session, response: &Response<'_>) -> Result<(), Failure> {
    let id = serde_json::from_str::<String>(response.id.as_json()).map_err(|_| Failure::NotAsked)?;
    let question = gateway.keys().open(seal::QUESTION, &id).ok_or(Failure::NotAsked)?;
    let question: Question = serde_json::from_slice(&question).map_err(|_| Failure::NotAsked)?;
    if question.session != session.id() || question.expires <= seconds(gateway.now()) {
        return Err(Failure::NotAsked);
    }
    let answer = match response.outcome {
        Ok(result) => Answer::Result(result),
        Err(error) => Answer::Error(error),
    };
    let value = serde_json::to_vec(&answer).unwrap_or_default();
    if value.len() > MAX_VALUE {
        return Err(Failure::AnswerTooLarge);
    }
    let expires = UNIX_EPOCH + Duration::from_secs(question.expires);
    gateway.store().put(&key(session, &id), Write { value: value.into(), when: When::Absent, expires }).await?;
    Ok(())
}

/// Waits for the answer to a question; `None` if there is none in time. A store that cannot be
/// read now may be read at the next look.
pub(super) async fn wait(
    store: &dyn Store,
    session: &Session,
    question_id: &str,
    until: Instant,
) -> Option<Answer<Box<RawValue>>> {
    let key = key(session, question_id);
    let mut pause = FIRST_PAUSE;
    loop {
        if let Ok(Some(item)) = store.get(&key).await {
            return serde_json::from_slice(&item.value).ok();
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        sleep(pause.min(left)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn key(session: &Session, question_id: &str) -> String {
    format!("answer/{}/{question_id}", session.id())
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).as_ref().map_or(0, Duration::as_secs)
}
