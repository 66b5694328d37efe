//! A task as the store keeps it, under `task/<id>`.
//!
//! Every change is a compare-and-set, and a task that has ended changes no more: the rule stands in
//! [`Task::change`] and nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_protocol::frame::InputRequest;
use penstock_protocol::jsonrpc::ErrorObject;
use penstock_store::{Store, When, Write, update};
use serde::{Deserialize, Serialize};

use super::id::TaskId;
use super::{START, TTL, clock};
use crate::gateway::Gateway;
use crate::rpc::failure::Failure;

/// What the store holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    /// Whose it is (rule K-7).
    pub(super) principal: String,
    /// The catalog's name of the tool.
    pub(super) tool: String,
    pub(super) created_ms: u64,
    pub(super) updated_ms: u64,
    /// What a person may read about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// What a round may take.
    pub(super) timeout_ms: u64,
    /// In how many pieces the call is stored.
    pub(super) call: usize,
    pub(super) state: State,
}

/// How far it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum State {
    /// A round is to be run, or is being run.
    Working(Working),
    /// The client is asked.
    InputRequired(Questions),
    /// The result is stored in so many pieces.
    Completed(usize),
    /// The call ended with this error.
    Failed(ErrorObject),
    /// The client did not want it any more.
    Cancelled,
}

/// A round.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Working {
    /// 1 for the first.
    pub(super) round: u32,
    /// Who runs it: a name drawn by lot, so that a runner knows its own claim again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) runner: Option<String>,
    /// When it must have begun, or ended once it has: milliseconds since 1970. Nobody is at work on it
    /// afterwards.
    pub(super) lease_ms: u64,
    /// What the round before asked; the answers are items of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) asked: Option<Asked>,
}

/// What a worker asked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Asked {
    /// The worker's keys.
    pub(super) keys: BTreeSet<String>,
    /// What the worker wants back, as it wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<String>,
}

/// Questions of a round.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Questions {
    pub(super) round: u32,
    /// What is not answered yet, by the keys the client sees.
    pub(super) open: BTreeMap<String, InputRequest>,
    pub(super) asked: Asked,
}

impl Working {
    /// A round that anyone may begin for a while.
    pub(super) fn round(round: u32, asked: Option<Asked>, now_ms: u64) -> Self {
        Self { round, runner: None, lease_ms: now_ms + clock::millis(START), asked }
    }

    pub(super) fn is_over(&self, now_ms: u64) -> bool {
        self.lease_ms < now_ms
    }
}

impl State {
    fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed(_) | Self::Failed(_) | Self::Cancelled)
    }

    /// The round that `runner` has claimed, if it is still on.
    pub(super) fn run_by(&self, runner: &str) -> Option<&Working> {
        match self {
            Self::Working(working) if working.runner.as_deref() == Some(runner) => Some(working),
            _ => None,
        }
    }
}

/// The key a client sees for a worker's: no two questions of a task share one (rule K-4).
pub(super) fn client_key(round: u32, key: &str) -> String {
    format!("{round}.{key}")
}

/// A task, as last seen.
pub(super) struct Task {
    gateway: Gateway,
    pub(super) id: TaskId,
    pub(super) record: Record,
}

impl Task {
    /// A task whose record is still to be stored.
    pub(super) fn new(gateway: &Gateway, id: TaskId, record: Record) -> Self {
        Self { gateway: gateway.clone(), id, record }
    }

    /// Reads a task; `None` if there is none.
    pub(super) async fn open(gateway: &Gateway, id: TaskId) -> Result<Option<Self>, Failure> {
        let item = gateway.store().get(&id.key()).await?;
        let record = item.and_then(|item| serde_json::from_slice(&item.value).ok());
        Ok(record.map(|record| Self::new(gateway, id, record)))
    }

    /// Stores a new task. Its id is nobody else's, so there is nothing to compare with.
    pub(super) async fn create(&self) -> Result<(), Failure> {
        let value = serde_json::to_vec(&self.record).unwrap_or_default().into();
        self.store().put(&self.id.key(), Write { value, when: When::Always, expires: self.expires() }).await?;
        Ok(())
    }

    /// Changes the record, and answers whether it did. `change` sees the newest one, and may see
    /// several; it says whether to store what it has made of it. One that has ended is not shown to it.
    pub(super) async fn change(&mut self, mut change: impl FnMut(&mut Record) -> bool) -> Result<bool, Failure> {
        let (key, expires) = (self.id.key(), self.expires());
        let now_ms = self.now_ms();
        let (store, seen) = (self.gateway.store(), &mut self.record);
        let changed = update(&**store, &key, expires, |value| {
            let mut record: Record = serde_json::from_slice(value?).ok()?;
            let changes = !record.state.is_terminal() && change(&mut record);
            if changes {
                record.updated_ms = now_ms.max(record.updated_ms);
            }
            let text = changes.then(|| serde_json::to_vec(&record).ok()).flatten();
            *seen = record;
            text
        });
        Ok(changed.await?)
    }

    /// Looks again.
    pub(super) async fn refresh(&mut self) -> Result<(), Failure> {
        self.change(|_| false).await.map(|_| ())
    }

    pub(super) fn store(&self) -> &dyn Store {
        &**self.gateway.store()
    }

    /// Milliseconds since 1970.
    pub(super) fn now_ms(&self) -> u64 {
        clock::now_ms(&self.gateway)
    }

    /// When everything about the task is gone.
    pub(super) fn expires(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.record.created_ms) + TTL
    }

    /// Where the pieces of the call are.
    pub(super) fn call_key(&self) -> String {
        format!("{}/call", self.id.key())
    }

    /// Where the pieces of the result are.
    pub(super) fn result_key(&self) -> String {
        format!("{}/result", self.id.key())
    }

    /// Where the answer to a question is, by the key the client sees.
    pub(super) fn answer_key(&self, question: &str) -> String {
        format!("{}/answer/{question}", self.id.key())
    }
}
