//! What the instances of a gateway remember about a session together: `session/<id>` in the store.

use std::collections::BTreeMap;

use penstock_protocol::meta::LogLevel;
use penstock_store::{Store, StoreError, update};
use serde::{Deserialize, Serialize};

use super::token::Token;
use crate::rpc::failure::Failure;

/// The changeable part of a session. Without a record nothing was ever changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Record {
    /// The least severe log message the client wants; none before it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<LogLevel>,
    /// URIs of the resources the client wants to hear about, and what had last changed in each when
    /// it said so.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) subscriptions: BTreeMap<String, Option<u64>>,
    /// The client has ended the session.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) ended: bool,
}

impl Record {
    /// Reads the record of the session with this id.
    pub(super) async fn read(store: &dyn Store, id: &str) -> Result<Self, StoreError> {
        let item = store.get(&key(id)).await?;
        parse(item.as_ref().map(|item| &*item.value))
    }

    /// The resources the client wants to hear about, each with the last change it need not hear of.
    pub(super) fn resources(&self) -> impl Iterator<Item = (&str, Option<u64>)> {
        self.subscriptions.iter().map(|(uri, seen)| (&**uri, *seen))
    }
}

/// Changes the record of a session that has not ended, whatever other instances do at the same time.
pub(super) async fn change(store: &dyn Store, token: &Token, mut edit: impl FnMut(&mut Record)) -> Result<(), Failure> {
    let mut refused = None;
    let change = |old: Option<&[u8]>| match parse(old) {
        Ok(record) if record.ended => {
            refused = Some(Failure::UnknownSession);
            None
        }
        Ok(mut record) => {
            edit(&mut record);
            serde_json::to_vec(&record).ok()
        }
        Err(error) => {
            refused = Some(error.into());
            None
        }
    };
    update(store, &key(token.id()), token.expires(), change).await?;
    refused.map_or(Ok(()), Err)
}

fn parse(value: Option<&[u8]>) -> Result<Record, StoreError> {
    let Some(value) = value else { return Ok(Record::default()) };
    serde_json::from_slice(value).map_err(|_| StoreError::Malformed("session"))
}

fn key(id: &str) -> String {
    format!("session/{id}")
}
