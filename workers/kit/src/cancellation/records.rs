use std::env;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use penstock_store::{DynamoStore, Store};
use tokio::sync::OnceCell;
use tokio::time::sleep;

use crate::serve::STORE_TABLE;

/// How often a running call's record is looked for. A shorter call costs no request and no client.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The records of cancelled calls, in the table the environment names.
///
/// The client is made once a process, when it is first needed: a cold start does not wait for it.
#[derive(Default)]
pub(crate) struct Records {
    /// `None` inside: there is no store to look into.
    store: OnceCell<Option<Arc<dyn Store>>>,
}

/// Completes once the record under `key` is there; never without a key or a store.
pub(crate) async fn cancelled(records: &Records, key: Option<&str>) {
    match key {
        Some(key) => records.appeared(key).await,
        None => pending().await,
    }
}

impl Records {
    /// The records of a store that is there already.
    #[cfg(test)]
    pub(super) fn of(store: Arc<dyn Store>) -> Self {
        Self { store: OnceCell::new_with(Some(Some(store))) }
    }

    async fn appeared(&self, key: &str) {
        let mut is_reported = false;
        loop {
            sleep(LOOK_EVERY).await;
            let Some(store) = self.store.get_or_init(open).await else { return pending().await };
            match store.get(key).await {
                Ok(Some(_)) => return,
                Ok(None) => {}
                Err(error) => {
                    // Once a call: it would be repeated every second for as long as the store is away.
                    if !is_reported {
                        tracing::warn!(%error, "cannot see whether the call is still wanted");
                    }
                    is_reported = true;
                }
            }
        }
    }
}

async fn open() -> Option<Arc<dyn Store>> {
    let table = env::var(STORE_TABLE).ok().filter(|table| !table.is_empty())?;
    match penstock_aws::config().await {
        Ok(aws) => Some(Arc::new(DynamoStore::new(&aws, table))),
        Err(error) => {
            tracing::warn!(%error, "cancelled calls will run to their end");
            None
        }
    }
}
