//! Work that goes on when the request that began it has been answered: tasks.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

use crate::gateway::Gateway;
use crate::invoke::InvokeError;
use crate::rpc::tasks;

/// Tasks one process runs at once; further ones are refused as throttled.
const MAX_RUNNING: usize = 256;

/// Where a gateway has a round of a task run.
pub trait Background: Send + Sync + 'static {
    /// Has the round that `ticket` stands for run, and returns once that is certain to be tried. Trying
    /// twice does no harm: a round is run by whoever claims it first.
    fn start(&self, gateway: &Gateway, ticket: String) -> BoxFuture<'static, Result<(), InvokeError>>;
}

/// Runs tasks in this process, for a gateway that outlives its requests.
#[derive(Debug, Clone)]
pub struct InThisProcess {
    running: Arc<Semaphore>,
}

impl Default for InThisProcess {
    fn default() -> Self {
        Self { running: Arc::new(Semaphore::new(MAX_RUNNING)) }
    }
}

impl Background for InThisProcess {
    fn start(&self, gateway: &Gateway, ticket: String) -> BoxFuture<'static, Result<(), InvokeError>> {
        let Ok(place) = Arc::clone(&self.running).try_acquire_owned() else {
            let reason = format!("{MAX_RUNNING} tasks are running");
            return async { Err(InvokeError::Throttled { reason, retry_after: None }) }.boxed();
        };
        let gateway = gateway.clone();
        async move {
            tokio::spawn(async move {
                tasks::run(&gateway, &ticket, None).await;
                drop(place);
            });
            Ok(())
        }
        .boxed()
    }
}
