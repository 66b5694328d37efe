//! The tasks extension `io.modelcontextprotocol/tasks` (SEP-2663, rules K-1 to K-9): calls that outlive
//! their request.
//!
//! A task is run by the gateway, so any tool can be one and no worker sees the store. The call is stored
//! first; then [`Background`](crate::background::Background) has a round of it run, here or on another
//! instance, and the client is told the task's id. What `tasks/get` answers is what the store holds.

mod clock;
mod create;
mod id;
mod methods;
mod news;
mod pieces;
mod record;
mod runner;
mod saved;
mod view;

pub(super) use create::{Offer, TaskWanted, wanted};
pub(crate) use id::TaskId;
pub(super) use methods::answer;
pub(super) use news::{notification, watched};
pub(crate) use runner::run;

use std::time::Duration;

use penstock_protocol::RawValue;
use penstock_protocol::meta::TASKS_EXTENSION;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::exchange::Exchange;
use super::failure::Failure;
use crate::gateway::Gateway;
use id::Ticket;
use record::{Record, State, Task};

/// How long a task can be read, from its creation: `ttlMs`.
const TTL: Duration = Duration::from_hours(24);

/// How often a client should ask: `pollIntervalMs`.
const POLL: Duration = Duration::from_secs(1);

/// How often a runner looks whether the task has been cancelled, and writes its progress.
const LOOK: Duration = Duration::from_secs(1);

/// How long a round may wait to be begun. Lambda keeps an asynchronous call for hours if it must;
/// nobody waits that long for a sign of life.
const START: Duration = Duration::from_mins(15);

/// What a runner gets beyond the tool's own time, to write down the result.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// How many rounds a task may have. Lambda takes a chain of 16 invocations for a loop and stops it.
const MAX_ROUNDS: u32 = 12;

/// Longest status message, in bytes.
const MAX_MESSAGE: usize = 1024;

/// Whether this request says that its client takes tasks (rule K-1).
fn is_declared(exchange: &Exchange<'_>) -> bool {
    #[derive(Deserialize)]
    struct Capabilities<'a> {
        #[serde(borrow, default)]
        extensions: BTreeMap<String, &'a RawValue>,
    }
    let declared = exchange.meta.client_capabilities.filter(|_| exchange.revision.is_stateless());
    let declared = declared.and_then(|raw| serde_json::from_str::<Capabilities<'_>>(raw.get()).ok());
    declared
        .is_some_and(|declared| declared.extensions.get(TASKS_EXTENSION).is_some_and(|raw| raw.get().starts_with('{')))
}

/// Has a round run. A task that cannot be begun has failed.
async fn start(gateway: &Gateway, task: &mut Task, round: u32) -> Result<(), Failure> {
    let ticket = Ticket::sealed(gateway, task.id.clone(), round)?;
    let Err(error) = gateway.start(ticket).await else { return Ok(()) };
    let failure = Failure::NotStarted(error);
    let error = failure.to_error();
    task.change(|record| {
        matches!(&record.state, State::Working(working) if working.round == round && working.runner.is_none())
            && record.fail(&error)
    })
    .await?;
    Err(failure)
}

impl Record {
    /// Ends the task with an error; always true.
    fn fail(&mut self, error: &penstock_protocol::jsonrpc::ErrorObject) -> bool {
        self.state = State::Failed(error.clone());
        self.message = Some(error.message.clone().into_owned());
        true
    }
}
