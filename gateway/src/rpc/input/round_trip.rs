//! Questions and answers in 2026-07-28: a question is a result, the answers come in a request of
//! their own, and all that is known of the first is in the second (rules ).

use std::borrow::Cow;
use std::collections::BTreeMap;

use penstock_protocol::RawValue;
use penstock_protocol::call::Input;
use penstock_protocol::frame::{InputRequest, InputRequired};
use penstock_protocol::meta;
use serde::Serialize;
use serde_json::{Value, json};

use super::canonical::{self, Digest};
use super::state::State;
use super::{Kind, answers, capability, may_ask};
use crate::auth;
use crate::gateway::Gateway;
use crate::identity;
use crate::relay::{Ask, Asked};
use crate::rpc::call::Rounds;
use crate::rpc::exchange::Retry;
use crate::rpc::failure::Failure;

/// Makes a worker's question the result of the request.
pub(crate) struct RoundTrip {
    gateway: Gateway,
    rounds: Rounds,
}

impl RoundTrip {
    pub(crate) fn new(gateway: Gateway, rounds: Rounds) -> Self {
        Self { gateway, rounds }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InputRequiredResult<'a> {
    result_type: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    input_requests: &'a BTreeMap<String, InputRequest>,
    request_state: String,
    #[serde(rename = "_meta")]
    meta: Value,
}

impl Ask for RoundTrip {
    fn ask(&mut self, question: InputRequired) -> Result<Asked, Failure> {
        capability::check(&question, self.rounds.context.client_capabilities.as_deref())?;
        let InputRequired { input_requests, request_state } = question;
        let kinds = input_requests.iter().filter_map(|(key, request)| Some((key.clone(), Kind::of(&request.method)?)));
        let state = State { asked: kinds.collect(), worker: request_state };
        let result = InputRequiredResult {
            result_type: "input_required",
            input_requests: &input_requests,
            // Even where the worker needs none: it says which answers were asked for, and of whom.
            request_state: state.seal(self.gateway.keys(), &digest(&self.rounds), self.gateway.now())?,
            meta: json!({ meta::key::SERVER_INFO: identity::server_info() }),
        };
        Ok(Asked::Result(serde_json::to_vec(&result).unwrap_or_default()))
    }
}

fn digest(rounds: &Rounds) -> Digest {
    canonical::digest(&auth::principal(rounds.context.caller.as_ref()), &rounds.method, &rounds.params)
}

/// What the client brings along from an earlier round; `None` in the first one.
///
/// # Errors
/// [`Failure::InvalidParams`] if the state is not this request's or an answer is none to its question.
pub(crate) fn given(gateway: &Gateway, rounds: &Rounds, retry: Retry<'_>) -> Result<Option<Input>, Failure> {
    if !(retry.is_one() && rounds.context.protocol_version.is_stateless() && may_ask(&rounds.method)) {
        return Ok(None);
    }
    let given: BTreeMap<Cow<'_, str>, &RawValue> = match retry.input_responses {
        None => BTreeMap::new(),
        Some(raw) => serde_json::from_str(raw.get()).map_err(|_| wrong("inputResponses", "must be an object"))?,
    };
    let Some(state) = retry.request_state else { return unasked(given).map(Some) };
    let text = meta::as_str(state).ok_or_else(|| wrong("requestState", "must be a string"))?;
    let state = State::open(&text, gateway.keys(), gateway.now(), || digest(rounds))?;
    let mut responses = BTreeMap::new();
    for (key, kind) in state.asked {
        if let Some(&answer) = given.get(&*key) {
            answers::check(kind, answer).map_err(|reason| wrong(&format!("inputResponses.{key}"), &reason))?;
            responses.insert(key, answer.to_owned());
        }
    }
    Ok(Some(Input { responses, state: state.worker }))
}

/// Answers without state answer no question of this gateway's. A client may know what it will be
/// asked, and its answers are its own either way; what a worker must be able to trust is in its state.
fn unasked(given: BTreeMap<Cow<'_, str>, &RawValue>) -> Result<Input, Failure> {
    if given.len() > capability::MAX_QUESTIONS || given.keys().any(|key| key.len() > capability::MAX_KEY) {
        return Err(wrong("inputResponses", "has too many or too long keys"));
    }
    for (key, answer) in &given {
        if Kind::ALL.iter().all(|kind| answers::check(*kind, answer).is_err()) {
            return Err(wrong(&format!("inputResponses.{key}"), "answers nothing a client is asked"));
        }
    }
    let responses = given.into_iter().map(|(key, answer)| (key.into_owned(), answer.to_owned()));
    Ok(Input { responses: responses.collect(), state: None })
}

fn wrong(at: &str, reason: &str) -> Failure {
    Failure::InvalidParams(format!("{at}: {reason}"))
}
