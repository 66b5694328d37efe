//! A worker's questions to a client of a handshake revision: requests on the open stream, whose
//! answers arrive at any instance (rule L-9).

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};
use penstock_protocol::RawValue;
use penstock_protocol::call::Input;
use penstock_protocol::frame::{InputRequest, InputRequired};
use serde::Serialize;
use tokio::time::Instant;

use super::Session;
use super::answer::{self, Answer, PATIENCE};
use super::unanswered::Unanswered;
use crate::gateway::Gateway;
use crate::relay::{Ask, Asked};
use crate::rpc::call::Rounds;
use crate::rpc::failure::Failure;
use crate::rpc::input::{Kind, answers, capability};

/// Most rounds of questions in one call.
const MAX_ROUNDS: usize = 16;

/// Asks in the session the call belongs to.
pub(crate) struct Asking {
    pub(crate) gateway: Gateway,
    pub(crate) rounds: Rounds,
    pub(crate) session: Option<Session>,
    /// Whether the client takes an event stream, which questions need.
    pub(crate) stream: bool,
    pub(crate) rounds_asked: usize,
}

/// One question on its way.
struct Pending {
    key: String,
    id: String,
    kind: Kind,
}

#[derive(Serialize)]
struct Request<'a> {
    jsonrpc: &'static str,
    id: &'a str,
    method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<&'a RawValue>,
}

impl Ask for Asking {
    fn ask(&mut self, question: InputRequired) -> Result<Asked, Failure> {
        match self.admitted(&question)? {
            Ok(session) => self.requests(session, question),
            Err(unanswered) => {
                let upstream = unanswered.told(&self.rounds);
                Ok(Asked::Requests { messages: Vec::new(), upstream, timeout: self.rounds.timeout })
            }
        }
    }
}

impl Asking {
    /// The session the client can be asked in, or why it cannot be. A question no client could be
    /// asked is the worker's failure.
    fn admitted(&mut self, question: &InputRequired) -> Result<Result<Session, Unanswered>, Failure> {
        self.rounds_asked += 1;
        match capability::check(question, self.rounds.context.client_capabilities.as_deref()) {
            Ok(()) => {}
            // Without a session nothing was ever declared.
            Err(Failure::MissingCapability(_)) if self.session.is_none() => return Ok(Err(Unanswered::NoSession)),
            Err(Failure::MissingCapability(missing)) => return Ok(Err(Unanswered::Undeclared(missing))),
            Err(failure) => return Err(failure),
        }
        Ok(match &self.session {
            None => Err(Unanswered::NoSession),
            Some(_) if !self.stream => Err(Unanswered::NoStream),
            Some(_) if self.rounds_asked > MAX_ROUNDS => Err(Unanswered::TooOften),
            Some(session) => Ok(session.clone()),
        })
    }

    fn requests(&self, session: Session, question: InputRequired) -> Result<Asked, Failure> {
        let mut messages = Vec::new();
        let mut pending = Vec::new();
        for (key, InputRequest { method, params }) in question.input_requests {
            let Some(kind) = Kind::of(&method) else { continue };
            let id = answer::question_id(&self.gateway, &session)?;
            let request = Request { jsonrpc: "2.0", id: &id, method: &method, params: params.as_deref() };
            messages.push(serde_json::to_vec(&request).unwrap_or_default());
            pending.push(Pending { key, id, kind });
        }
        let (gateway, rounds) = (self.gateway.clone(), self.rounds.clone());
        let patience = PATIENCE.min(self.rounds.left());
        let until = Instant::now() + patience;
        let next = async move {
            match collected(&gateway, &session, pending, until).await {
                Ok(responses) => rounds.call(&gateway, Some(Input { responses, state: question.request_state })),
                Err(unanswered) => unanswered.told(&rounds),
            }
        };
        let upstream = self.rounds.cancellation.over(&self.gateway, stream::once(next).flatten().boxed());
        Ok(Asked::Requests { messages, upstream, timeout: self.rounds.granted(patience) })
    }
}

/// Waits for one answer after the other: all are needed, and the last to come decides how long it takes.
async fn collected(
    gateway: &Gateway,
    session: &Session,
    pending: Vec<Pending>,
    until: Instant,
) -> Result<BTreeMap<String, Box<RawValue>>, Unanswered> {
    let mut responses = BTreeMap::new();
    for Pending { key, id, kind } in pending {
        match answer::wait(gateway.store().as_ref(), session, &id, until).await {
            Some(Answer::Result(result)) if answers::check(kind, &result).is_ok() => responses.insert(key, result),
            Some(Answer::Result(_)) => return Err(Unanswered::Malformed(key)),
            Some(Answer::Error(_)) => return Err(Unanswered::Refused(key)),
            None => return Err(Unanswered::Silent(key)),
        };
    }
    Ok(responses)
}
