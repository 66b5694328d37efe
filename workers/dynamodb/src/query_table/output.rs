//! What the tool answers.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::key_value::Key;

/// What `query_table` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The table.
    pub(super) table_name: String,
    /// How many items are here.
    pub(super) count: usize,
    /// The items, in the order of their sort keys: numbers with all their digits, bytes in base64, sets as arrays.
    #[schemars(with = "Vec<Map<String, Value>>")]
    pub(super) items: Vec<Box<RawValue>>,
    /// Whether more items may match than are here.
    pub(super) truncated: bool,
    /// Where to go on: the `start_key` of the next call. Present if there may be more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_key: Option<Key>,
}

/// One item a line.
impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = &self.table_name;
        match self.count {
            0 => write!(f, "No item of {table} matches. Strings must match in upper and lower case, too.")?,
            1 => write!(f, "1 item of {table}:")?,
            count => write!(f, "{count} items of {table}:")?,
        }
        for item in &self.items {
            write!(f, "\n{item}")?;
        }
        if let Some(key) = &self.next_key {
            let key = serde_json::to_string(key).map_err(|_| fmt::Error)?;
            write!(f, "\nThere may be more: send the same again with start_key {key}.")?;
        }
        Ok(())
    }
}
