//! `tasks/get`, `tasks/update` and `tasks/cancel` (rules K-3 to K-7).

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::future::try_join_all;
use penstock_protocol::RawValue;
use penstock_protocol::call::Caller;
use penstock_protocol::frame::InputRequest;
use penstock_protocol::jsonrpc::{self, Request};
use penstock_store::{MAX_VALUE, When, Write};
use serde::Deserialize;

use super::create::undeclared;
use super::id::TaskId;
use super::record::{State, Task, Working};
use super::{pieces, start, view};
use crate::auth;
use crate::gateway::Gateway;
use crate::rpc::Incoming;
use crate::rpc::exchange::Exchange;
use crate::rpc::failure::Failure;
use crate::rpc::header;
use crate::rpc::input::{Kind, answers};

const NAME_HEADER: &str = "mcp-name";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TaskParams<'a> {
    #[serde(borrow)]
    task_id: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdateParams<'a> {
    #[serde(borrow)]
    input_responses: BTreeMap<Cow<'a, str>, &'a RawValue>,
}

/// Answers a method of the extension.
pub(in crate::rpc) async fn answer(
    gateway: &Gateway,
    incoming: &Incoming<'_>,
    exchange: &Exchange<'_>,
    request: &Request<'_>,
) -> Result<Bytes, Failure> {
    if !exchange.revision.is_stateless() {
        return Err(Failure::MethodNotFound(request.method.clone().into_owned()));
    }
    let TaskParams { task_id } = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
    header::matches(&incoming.parts.headers, NAME_HEADER, &task_id, true)?;
    if !super::is_declared(exchange) {
        return Err(undeclared());
    }
    let mut task = own(gateway, &task_id, incoming.caller.as_ref()).await?.ok_or(Failure::UnknownTask)?;
    match &*request.method {
        "tasks/get" => get(&mut task).await,
        "tasks/update" => update(gateway, &mut task, request).await,
        _ => cancel(&mut task).await,
    }
}

/// The caller's task of this id. Somebody else's is none (rule K-7).
pub(super) async fn own(gateway: &Gateway, id: &str, caller: Option<&Caller>) -> Result<Option<Task>, Failure> {
    let Some(id) = TaskId::parse(id) else { return Ok(None) };
    let task = Task::open(gateway, id).await?;
    Ok(task.filter(|task| task.record.principal == auth::principal(caller)))
}

async fn get(task: &mut Task) -> Result<Bytes, Failure> {
    give_up(task).await?;
    let kept = kept(task).await?;
    Ok(view::detailed(task, kept.as_deref()))
}

/// The result of a task that has completed.
pub(super) async fn kept(task: &Task) -> Result<Option<Box<RawValue>>, Failure> {
    let State::Completed(stored) = task.record.state else { return Ok(None) };
    let result = pieces::read(task.store(), &task.result_key(), stored).await?.ok_or(Failure::TaskLost)?;
    serde_json::from_slice(&result).map(Some).map_err(|_| Failure::TaskLost)
}

/// Ends a task nobody works on any more: its runner died, or never came.
async fn give_up(task: &mut Task) -> Result<(), Failure> {
    let now_ms = task.now_ms();
    let is_lost = |state: &State| matches!(state, State::Working(working) if working.is_over(now_ms));
    if is_lost(&task.record.state) {
        let error = Failure::TaskLost.to_error();
        task.change(|record| is_lost(&record.state) && record.fail(&error)).await?;
    }
    Ok(())
}

async fn update(gateway: &Gateway, task: &mut Task, request: &Request<'_>) -> Result<Bytes, Failure> {
    let UpdateParams { input_responses } = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
    let taken = match &task.record.state {
        State::InputRequired(questions) => taken(&questions.open, input_responses)?,
        _ => return Ok(view::acknowledged()),
    };
    // Of several answers to one question the first counts, whatever becomes of the rest.
    let writes = taken.iter().map(|(key, answer)| {
        let value = Bytes::copy_from_slice(answer.get().as_bytes());
        let write = Write { value, when: When::Absent, expires: task.expires() };
        let (store, key) = (task.store(), task.answer_key(key));
        async move { store.put(&key, write).await }
    });
    try_join_all(writes).await?;
    let now_ms = task.now_ms();
    task.change(|record| {
        let State::InputRequired(questions) = &mut record.state else { return false };
        questions.open.retain(|key, _| !taken.contains_key(key));
        if questions.open.is_empty() {
            record.state = State::Working(Working::round(questions.round + 1, Some(questions.asked.clone()), now_ms));
        }
        true
    })
    .await?;
    // Whoever gave the last answer has the round run; so does everyone who cannot tell.
    if let State::Working(Working { round, runner: None, .. }) = task.record.state {
        start(gateway, task, round).await?;
    }
    Ok(view::acknowledged())
}

/// The answers to open questions, checked; answers to anything else are ignored.
fn taken<'a>(
    open: &BTreeMap<String, InputRequest>,
    responses: BTreeMap<Cow<'_, str>, &'a RawValue>,
) -> Result<BTreeMap<String, &'a RawValue>, Failure> {
    let mut taken = BTreeMap::new();
    for (key, answer) in responses {
        let Some(question) = open.get(&*key) else { continue };
        let wrong = |reason: String| Failure::InvalidParams(format!("inputResponses: {key}: {reason}"));
        if answer.get().len() > MAX_VALUE {
            return Err(wrong("is too large".to_owned()));
        }
        if let Some(kind) = Kind::of(&question.method) {
            answers::check(kind, answer).map_err(wrong)?;
        }
        taken.insert(key.into_owned(), answer);
    }
    Ok(taken)
}

/// Whoever runs the task notices. One that has ended stays as it is.
async fn cancel(task: &mut Task) -> Result<Bytes, Failure> {
    task.change(|record| {
        record.state = State::Cancelled;
        record.message = Some("cancelled by the client".to_owned());
        true
    })
    .await?;
    Ok(view::acknowledged())
}
