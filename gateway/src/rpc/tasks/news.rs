//! News of tasks on a `subscriptions/listen` stream (rule U-1 and the extension's status notifications).

use penstock_protocol::call::Caller;
use penstock_protocol::jsonrpc::Id;

use super::create::undeclared;
use super::id::TaskId;
use super::methods::{kept, own};
use super::record::Task;
use super::view;
use crate::gateway::Gateway;
use crate::rpc::exchange::Exchange;
use crate::rpc::failure::Failure;

/// Tasks one subscription follows; the acknowledgement leaves further ones out.
const MAX_TASKS: usize = 64;

/// Those of `wanted` that are the caller's.
pub(in crate::rpc) async fn watched(
    gateway: &Gateway,
    exchange: &Exchange<'_>,
    caller: Option<&Caller>,
    wanted: &[TaskId],
) -> Result<Vec<TaskId>, Failure> {
    if !wanted.is_empty() && !super::is_declared(exchange) {
        return Err(undeclared());
    }
    let mut watched: Vec<TaskId> = Vec::new();
    for id in wanted.iter().take(MAX_TASKS) {
        if !watched.contains(id) && own(gateway, id.as_str(), caller).await?.is_some() {
            watched.push(id.clone());
        }
    }
    Ok(watched)
}

/// What `tasks/get` would answer now, as a message of a subscription; `None` if it cannot be read.
pub(in crate::rpc) async fn notification(gateway: &Gateway, id: &TaskId, subscription: &Id) -> Option<Vec<u8>> {
    let read = async {
        let Some(task) = Task::open(gateway, id.clone()).await? else { return Ok(None) };
        let kept = kept(&task).await?;
        Ok::<_, Failure>(Some(view::notification(&task, kept.as_deref(), subscription)))
    };
    read.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "news of a task could not be told");
        None
    })
}
