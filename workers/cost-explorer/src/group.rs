//! What costs are split by.

use penstock_kit::ToolError;
use schemars::JsonSchema;
use serde::Deserialize;

/// How many keys the API groups by.
pub(crate) const MAX_GROUP_BY: usize = 2;

/// A key to split costs by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupBy {
    /// What the key is.
    #[serde(rename = "type")]
    pub(crate) kind: GroupKind,
    /// For DIMENSION one of SERVICE, REGION, `LINKED_ACCOUNT`, `USAGE_TYPE`, OPERATION, `INSTANCE_TYPE`, `PURCHASE_TYPE`,
    /// `RECORD_TYPE`, AZ, PLATFORM, TENANCY, `DATABASE_ENGINE`, `LEGAL_ENTITY_NAME`, `INVOICING_ENTITY`; else the tag's key
    /// or the cost category's name.
    #[schemars(length(min = 1))]
    pub(crate) key: String,
}

/// What kind of key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum GroupKind {
    Dimension,
    Tag,
    CostCategory,
}

/// Checks what a schema cannot be trusted to have been asked.
pub(crate) fn check(group_by: Vec<GroupBy>) -> Result<Vec<GroupBy>, ToolError> {
    if group_by.len() > MAX_GROUP_BY {
        let problem = format!("`group_by` has {} keys; send at most {MAX_GROUP_BY}.", group_by.len());
        return Err(ToolError::Failed(problem));
    }
    Ok(group_by)
}

/// The keys, in their order.
pub(crate) fn keys(group_by: &[GroupBy]) -> Vec<String> {
    group_by.iter().map(|group| group.key.clone()).collect()
}
