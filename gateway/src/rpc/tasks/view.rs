//! A task as clients read it: `Task` and `DetailedTask` of the extension's schema (rules K-2, K-3).

use std::collections::BTreeMap;

use bytes::Bytes;
use penstock_protocol::RawValue;
use penstock_protocol::frame::InputRequest;
use penstock_protocol::jsonrpc::{ErrorObject, Id};
use penstock_protocol::meta;
use serde::Serialize;
use serde_json::{Value, json};

use super::record::{State, Task};
use super::{POLL, TTL, clock};
use crate::identity;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    result_type: Option<&'static str>,
    task_id: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_message: Option<&'a str>,
    created_at: String,
    last_updated_at: String,
    ttl_ms: u64,
    poll_interval_ms: u64,
    #[serde(flatten)]
    detail: Detail<'a>,
    #[serde(rename = "_meta")]
    meta: Value,
}

/// What a status brings with it.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    input_requests: Option<&'a BTreeMap<String, InputRequest>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a ErrorObject>,
}

/// `CreateTaskResult`.
pub(super) fn created(task: &Task) -> Bytes {
    result(task, "task", Detail::default())
}

/// The result of `tasks/get`; `result` is the stored one, if the task has completed.
pub(super) fn detailed(task: &Task, kept: Option<&RawValue>) -> Bytes {
    result(task, "complete", Detail::new(task, kept))
}

/// `notifications/tasks`, for a subscription.
pub(super) fn notification(task: &Task, kept: Option<&RawValue>, subscription: &Id) -> Vec<u8> {
    #[derive(Serialize)]
    struct Notification<'a> {
        jsonrpc: &'static str,
        method: &'static str,
        params: View<'a>,
    }
    let meta = json!({ meta::key::SUBSCRIPTION_ID: subscription });
    let params = view(task, None, Detail::new(task, kept), meta);
    serde_json::to_vec(&Notification { jsonrpc: "2.0", method: "notifications/tasks", params }).unwrap_or_default()
}

impl<'a> Detail<'a> {
    fn new(task: &'a Task, result: Option<&'a RawValue>) -> Self {
        match &task.record.state {
            State::InputRequired(questions) => Self { input_requests: Some(&questions.open), ..Self::default() },
            State::Failed(error) => Self { error: Some(error), ..Self::default() },
            State::Completed(_) => Self { result, ..Self::default() },
            State::Working(_) | State::Cancelled => Self::default(),
        }
    }
}

/// The empty result that says a request has been taken.
pub(super) fn acknowledged() -> Bytes {
    json!({ "resultType": "complete", "_meta": meta() }).to_string().into()
}

fn result(task: &Task, result_type: &'static str, detail: Detail<'_>) -> Bytes {
    serde_json::to_vec(&view(task, Some(result_type), detail, meta())).unwrap_or_default().into()
}

fn view<'a>(task: &'a Task, result_type: Option<&'static str>, detail: Detail<'a>, meta: Value) -> View<'a> {
    let record = &task.record;
    View {
        result_type,
        task_id: task.id.as_str(),
        status: status(&record.state),
        status_message: record.message.as_deref(),
        created_at: clock::written(record.created_ms),
        last_updated_at: clock::written(record.updated_ms),
        ttl_ms: clock::millis(TTL),
        poll_interval_ms: clock::millis(POLL),
        detail,
        meta,
    }
}

fn meta() -> Value {
    json!({ meta::key::SERVER_INFO: identity::server_info() })
}

fn status(state: &State) -> &'static str {
    match state {
        State::Working(_) => "working",
        State::InputRequired(_) => "input_required",
        State::Completed(_) => "completed",
        State::Failed(_) => "failed",
        State::Cancelled => "cancelled",
    }
}
