//! A call that becomes a task (rules K-1, K-2 and K-9).

use std::sync::Arc;
use std::time::Duration;

use http::Response;
use penstock_protocol::call::Input;
use penstock_protocol::jsonrpc::{self, ErrorObject, Id};
use penstock_protocol::manifest::TaskSupport;
use penstock_protocol::meta::TASKS_EXTENSION;
use serde_json::{Map, Value, json};

use super::id::TaskId;
use super::record::{Record, State, Task, Working};
use super::saved::SavedCall;
use super::{clock, pieces, start, view};
use crate::access::{Access, Outcome};
use crate::catalog::{Schema, Worker};
use crate::gateway::Gateway;
use crate::http::{Body, response};
use crate::permission::Permission;
use crate::relay::{Additions, Ask, Asked, Collector, Heard, ResultShape};
use crate::rpc::call::Rounds;
use crate::rpc::exchange::Exchange;
use crate::rpc::failure::{self, Failure};
use crate::rpc::input::RoundTrip;
use crate::rpc::{complete, refuse};

/// How long a worker may take for what it asks before the task: the client waits without a sign of life.
const FIRST_QUESTIONS: Duration = Duration::from_secs(20);

/// What is known of a call that becomes a task.
pub(in crate::rpc) struct TaskWanted {
    principal: String,
    /// Whether the worker is called once before.
    asks_first: bool,
    /// The version's that is called: what the catalog has of the tool may change meanwhile.
    output_schema: Option<Map<String, Value>>,
}

/// Whether a call becomes a task: if the tool's manifest says that it can, and this very request that
/// the client takes one.
pub(in crate::rpc) fn wanted(
    exchange: &Exchange<'_>,
    permission: &Permission<'_>,
    (tool, worker): (&str, &Worker),
) -> Result<Option<TaskWanted>, Failure> {
    let Some(support) = worker.task else { return Ok(None) };
    match support {
        _ if super::is_declared(exchange) => Ok(Some(TaskWanted {
            principal: permission.reader(),
            asks_first: worker.asks_first,
            output_schema: permission.catalog().output_schema(tool),
        })),
        TaskSupport::Optional => Ok(None),
        TaskSupport::Required if exchange.revision.is_stateless() => Err(undeclared()),
        TaskSupport::Required => Err(Failure::TaskOnly),
    }
}

/// -32021, naming the extension (rule E-3).
pub(super) fn undeclared() -> Failure {
    Failure::MissingCapability(json!({ "extensions": { TASKS_EXTENSION: {} } }))
}

/// A call that has passed every check and is to become a task.
pub(in crate::rpc) struct Offer {
    /// The request to answer.
    pub(in crate::rpc) id: Id,
    pub(in crate::rpc) task: TaskWanted,
    /// The catalog's name of the tool.
    pub(in crate::rpc) tool: String,
    pub(in crate::rpc) rounds: Rounds,
    /// What the client answered to an earlier round.
    pub(in crate::rpc) input: Option<Input>,
    /// What is added to a result the worker gives at once.
    pub(in crate::rpc) additions: Additions,
    /// What its structured content must conform to.
    pub(in crate::rpc) output: Option<Arc<Schema>>,
}

/// What a worker says before there is a task.
enum Before {
    /// Make it a task, with this input.
    Task(Option<Input>),
    /// The answer to the request: a result or a question.
    Answer(bytes::Bytes, Outcome),
    /// The worker's own error.
    Error(ErrorObject),
}

impl Offer {
    /// Answers the request.
    pub(in crate::rpc) async fn answer(self, gateway: &Gateway, mut access: Access) -> Response<Body> {
        let id = self.id.clone();
        let before = match self.before(gateway).await {
            Ok(before) => before,
            Err(failure) => return refuse(access, Some(&id), &failure, true),
        };
        match before {
            Before::Task(input) => match self.create(gateway, input).await {
                Ok(task) => complete(access, &id, view::created(&task)),
                Err(failure) => refuse(access, Some(&id), &failure, true),
            },
            Before::Answer(result, outcome) => {
                access.outcome(outcome);
                complete(access, &id, result)
            }
            Before::Error(error) => {
                access.outcome(Outcome::WorkerError);
                let status = failure::worker_status(&error);
                access.status(status);
                response::json(status, jsonrpc::error_response(Some(&id), &error).into())
            }
        }
    }

    /// Calls the worker once without a task, if its manifest says that it asks first. Once the client
    /// has answered, all else is the task's.
    async fn before(&self, gateway: &Gateway) -> Result<Before, Failure> {
        if !self.task.asks_first || self.input.is_some() {
            return Ok(Before::Task(self.input.clone()));
        }
        let rounds = Rounds { timeout: self.rounds.timeout.min(FIRST_QUESTIONS), ..self.rounds.clone() };
        let (upstream, deadline) = rounds.invoke(gateway, None);
        let result = ResultShape { additions: self.additions.clone(), output: self.output.clone() };
        let mut collector = Collector::new(gateway, rounds.contract, result, upstream, deadline);
        let said = loop {
            match collector.next().await {
                Heard::Progress(_) => {}
                said => break said,
            }
        };
        if matches!(said, Heard::Failed(_)) {
            drop(collector);
        } else {
            collector.release();
        }
        match said {
            // Nothing to ask: the round ends so that the next one is the task's.
            Heard::Question(question) if question.input_requests.is_empty() && question.request_state.is_some() => {
                Ok(Before::Task(Some(Input { state: question.request_state, ..Input::default() })))
            }
            Heard::Question(question) => match RoundTrip::new(gateway.clone(), rounds).ask(question)? {
                Asked::Result(result) => Ok(Before::Answer(result.into(), Outcome::InputRequired)),
                Asked::Requests { .. } => Err(Failure::NotAResult),
            },
            Heard::Result(result) => Ok(Before::Answer(result, Outcome::Completed)),
            Heard::Error(error) => Ok(Before::Error(error)),
            Heard::Failed(failure) => Err(failure),
            Heard::Progress(_) => Err(Failure::NotAResult),
        }
    }

    /// Stores the task and has it run. The client is told of it only once `tasks/get` would find it.
    async fn create(self, gateway: &Gateway, input: Option<Input>) -> Result<Task, Failure> {
        let id = TaskId::random()?;
        let mut rounds = self.rounds;
        rounds.context.input = input;
        rounds.context.task_id = Some(id.to_string());
        // Progress becomes the task's status message; there is no place for log messages.
        rounds.context.progress = true;
        rounds.context.log_level = None;
        let timeout_ms = clock::millis(rounds.timeout);
        let call = SavedCall::new(rounds, self.task.output_schema).to_json();
        if call.len() > pieces::MAX {
            return Err(Failure::InvalidParams("the parameters are too large for a task".to_owned()));
        }
        let now = clock::now_ms(gateway);
        let state = State::Working(Working::round(1, None, now));
        let (principal, tool) = (self.task.principal, self.tool);
        let record =
            Record { principal, tool, created_ms: now, updated_ms: now, message: None, timeout_ms, call: 0, state };
        let mut task = Task::new(gateway, id, record);
        task.record.call = pieces::write(task.store(), &task.call_key(), &call, task.expires()).await?;
        task.create().await?;
        start(gateway, &mut task, 1).await?;
        Ok(task)
    }
}
