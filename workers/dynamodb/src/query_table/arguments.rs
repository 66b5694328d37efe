//! What the tool takes.

use penstock_kit::ToolError;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::key_value::{Key, KeyValue};

/// Items one call may answer.
const MAX_ITEMS: usize = 1000;

/// What `query_table` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The table. Its operator decides which ones may be queried.
    #[schemars(length(min = 1))]
    pub(super) table_name: String,
    /// Which items: those of one partition and, of these, the ones whose sort key fits. Names and values, e.g.
    /// `{"partition_key": {"name": "customer", "value": "c1"}, "sort_key": {"name": "date", "operator": "begins_with",
    /// "value": "2026-11"}}`.
    key_condition: KeyCondition,
    /// A secondary index to query in place of the table. `key_condition` names the index's keys then.
    #[serde(default)]
    index_name: Option<String>,
    /// Whether the item with the greatest sort key comes first.
    #[serde(default)]
    descending: bool,
    /// The most items to answer.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = MAX_ITEMS))]
    limit: usize,
    /// To go on where an answer ended: its `next_key`, unchanged.
    #[serde(default)]
    start_key: Option<Key>,
}

const fn default_limit() -> usize {
    100
}

/// A condition on the keys of a table or index.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyCondition {
    /// The one partition whose items are wanted.
    partition_key: PartitionKey,
    /// Which sort keys fit; without it, all of them.
    #[serde(default)]
    sort_key: Option<SortKey>,
}

/// A partition key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartitionKey {
    /// The name of the partition key attribute.
    #[schemars(length(min = 1))]
    pub(crate) name: String,
    /// What it equals.
    pub(crate) value: KeyValue,
}

/// What the sort key is compared to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SortKey {
    /// The name of the sort key attribute.
    #[schemars(length(min = 1))]
    name: String,
    operator: Operator,
    /// What to compare with; not with between.
    #[serde(default)]
    value: Option<KeyValue>,
    /// With between only: the least and the greatest value, both included.
    #[serde(default)]
    values: Vec<KeyValue>,
}

/// How a sort key is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operator {
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = "<=")]
    LessOrEqual,
    #[serde(rename = ">")]
    Greater,
    #[serde(rename = ">=")]
    GreaterOrEqual,
    Between,
    BeginsWith,
}

/// A checked condition on the sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SortCondition {
    pub(crate) name: String,
    pub(crate) operator: Operator,
    pub(crate) operand: KeyValue,
    /// Only with [`Operator::Between`].
    pub(crate) greatest: Option<KeyValue>,
}

/// Checked arguments.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) table: String,
    pub(crate) index: Option<String>,
    pub(crate) partition: PartitionKey,
    pub(crate) sort: Option<SortCondition>,
    pub(crate) descending: bool,
    pub(crate) limit: usize,
    pub(crate) start: Option<Key>,
}

impl Arguments {
    /// Checks what a schema cannot.
    pub(super) fn check(self) -> Result<Query, ToolError> {
        let KeyCondition { partition_key, sort_key } = self.key_condition;
        if !(1..=MAX_ITEMS).contains(&self.limit) {
            return Err(ToolError::failed(format!("`limit` is {}; use 1 to {MAX_ITEMS}.", self.limit)));
        }
        Ok(Query {
            table: self.table_name,
            index: self.index_name,
            partition: partition_key,
            sort: sort_key.map(SortKey::check).transpose()?,
            descending: self.descending,
            limit: self.limit,
            start: self.start_key,
        })
    }
}

impl SortKey {
    fn check(self) -> Result<SortCondition, ToolError> {
        let Self { name, operator, value, values } = self;
        let (operand, greatest) = match (operator, value, <[KeyValue; 2]>::try_from(values)) {
            (Operator::Between, None, Ok([least, greatest])) => (least, Some(greatest)),
            (Operator::Between, ..) => {
                return Err(ToolError::failed(
                    "`key_condition.sort_key`: between takes no `value` but `values`, the least and the greatest.",
                ));
            }
            (_, Some(value), Err(none)) if none.is_empty() => (value, None),
            _ => {
                return Err(ToolError::failed(
                    "`key_condition.sort_key`: send one `value` to compare with; `values` goes with between only.",
                ));
            }
        };
        Ok(SortCondition { name, operator, operand, greatest })
    }
}
