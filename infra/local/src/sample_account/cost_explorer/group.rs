//! `GroupDefinition`: what rows are grouped by, and how a group is named.

use serde::Deserialize;
use serde_json::{Value, json};

use super::row::{DIMENSIONS, Row};
use crate::sample_account::error::ApiError;

/// How many keys a request may group by.
const MAX_GROUP_BY: usize = 2;

/// `GroupDefinition`, as sent.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GroupBy {
    #[serde(rename = "Type")]
    kind: GroupKind,
    /// Dimension, tag or cost category.
    pub(super) key: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum GroupKind {
    Dimension,
    Tag,
    CostCategory,
}

/// Checks all of a request.
///
/// # Errors
/// `ValidationException` for too many definitions and unknown dimensions.
pub(super) fn check(group_by: &[GroupBy]) -> Result<(), ApiError> {
    if group_by.len() > MAX_GROUP_BY {
        return Err(ApiError::validation(format!("GroupBy must have at most {MAX_GROUP_BY} definitions")));
    }
    let unknown =
        |group: &&GroupBy| group.kind == GroupKind::Dimension && DIMENSIONS.iter().all(|(key, _)| *key != group.key);
    match group_by.iter().find(unknown) {
        Some(group) => Err(ApiError::validation(format!("Group Definition dimension {:?} is invalid", group.key))),
        None => Ok(()),
    }
}

impl GroupBy {
    /// Groups by a dimension.
    pub(super) fn dimension(key: &str) -> Self {
        Self { kind: GroupKind::Dimension, key: key.to_owned() }
    }

    /// The row's value; a tag or cost category it does not have is empty.
    pub(super) fn value_of(&self, row: &Row) -> String {
        match self.kind {
            GroupKind::Dimension => row.dimension_or_none(&self.key).into_owned(),
            GroupKind::Tag => row.tag(&self.key).unwrap_or_default().to_owned(),
            GroupKind::CostCategory => row.cost_category(&self.key).unwrap_or_default().to_owned(),
        }
    }

    /// The row's key among groups: a dimension's value as it stands, a tag or cost category as `Name$value`.
    pub(super) fn key_of(&self, row: &Row) -> String {
        match self.kind {
            GroupKind::Dimension => self.value_of(row),
            GroupKind::Tag | GroupKind::CostCategory => format!("{}${}", self.key, self.value_of(row)),
        }
    }

    /// The API's `GroupDefinition`.
    pub(super) fn to_json(&self) -> Value {
        let kind = match self.kind {
            GroupKind::Dimension => "DIMENSION",
            GroupKind::Tag => "TAG",
            GroupKind::CostCategory => "COST_CATEGORY",
        };
        json!({ "Type": kind, "Key": self.key })
    }

    /// The `Expression` that selects the rows of a value.
    fn selector(&self, value: &str) -> Value {
        let member = match self.kind {
            GroupKind::Dimension => "Dimensions",
            GroupKind::Tag => "Tags",
            GroupKind::CostCategory => "CostCategories",
        };
        json!({ member: { "Key": self.key, "Values": [value] } })
    }
}

/// The `Expression` that selects the rows of a group, given as one value a definition.
pub(super) fn selector(group_by: &[&GroupBy], values: &[String]) -> Value {
    let mut all: Vec<_> = group_by.iter().zip(values).map(|(group, value)| group.selector(value)).collect();
    if all.len() == 1 { all.remove(0) } else { json!({ "And": all }) }
}
