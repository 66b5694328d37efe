//! `Expression`: the recursive filter of a request.

use serde::Deserialize;

use super::row::{DIMENSIONS, Row, none_of};
use crate::sample_account::error::ApiError;

/// Operators inside one another before a filter is refused.
const MAX_DEPTH: usize = 16;

/// `Expression`, as sent: exactly one member may be present.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Expression {
    and: Option<Vec<Expression>>,
    or: Option<Vec<Expression>>,
    not: Option<Box<Expression>>,
    dimensions: Option<KeyValues>,
    tags: Option<KeyValues>,
    cost_categories: Option<KeyValues>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyValues {
    key: String,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    match_options: Vec<String>,
}

/// A checked filter.
#[derive(Debug)]
pub(super) enum Filter {
    /// All of them.
    And(Vec<Filter>),
    /// At least one of them.
    Or(Vec<Filter>),
    /// Not it.
    Not(Box<Filter>),
    /// The row's value of a key.
    Is(Source, Matcher),
}

/// Where a filter looks a key up.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// A dimension of the bill.
    Dimension,
    /// A cost allocation tag.
    Tag,
    /// A cost category.
    CostCategory,
}

/// What a value is compared to.
#[derive(Debug)]
pub(super) struct Matcher {
    key: String,
    values: Vec<String>,
    compare: fn(&str, &str) -> bool,
    ignore_case: bool,
    absent: bool,
}

impl Expression {
    /// Checks the filter.
    ///
    /// # Errors
    /// `ValidationException` for no or several members in one expression, unknown dimensions or options.
    pub(super) fn check(self) -> Result<Filter, ApiError> {
        self.check_at(0)
    }

    fn check_at(self, depth: usize) -> Result<Filter, ApiError> {
        if depth > MAX_DEPTH {
            return Err(ApiError::validation(format!("Expression nests deeper than {MAX_DEPTH} levels")));
        }
        let operands = |operator: &str, operands: Vec<Self>| {
            if operands.len() < 2 {
                return Err(ApiError::validation(format!("{operator} needs at least two operands")));
            }
            operands.into_iter().map(|operand| operand.check_at(depth + 1)).collect::<Result<Vec<_>, _>>()
        };
        match self {
            Self { and: Some(all), or: None, not: None, dimensions: None, tags: None, cost_categories: None } => {
                operands("And", all).map(Filter::And)
            }
            Self { and: None, or: Some(any), not: None, dimensions: None, tags: None, cost_categories: None } => {
                operands("Or", any).map(Filter::Or)
            }
            Self { and: None, or: None, not: Some(not), dimensions: None, tags: None, cost_categories: None } => {
                Ok(Filter::Not(Box::new(not.check_at(depth + 1)?)))
            }
            Self { and: None, or: None, not: None, dimensions: Some(leaf), tags: None, cost_categories: None } => {
                leaf.check(Source::Dimension)
            }
            Self { and: None, or: None, not: None, dimensions: None, tags: Some(leaf), cost_categories: None } => {
                leaf.check(Source::Tag)
            }
            Self { and: None, or: None, not: None, dimensions: None, tags: None, cost_categories: Some(leaf) } => {
                leaf.check(Source::CostCategory)
            }
            _ => Err(ApiError::validation(
                "Expression must have exactly one root: And, Or, Not, Dimensions, Tags or CostCategories",
            )),
        }
    }
}

impl KeyValues {
    fn check(self, source: Source) -> Result<Filter, ApiError> {
        if matches!(source, Source::Dimension) && DIMENSIONS.iter().all(|(key, _)| *key != self.key) {
            return Err(ApiError::validation(format!("Filter dimension {:?} is invalid", self.key)));
        }
        let mut matcher = Matcher {
            key: self.key,
            values: self.values,
            compare: |value, wanted| value == wanted,
            ignore_case: false,
            absent: false,
        };
        for option in self.match_options {
            match option.as_str() {
                "EQUALS" => matcher.compare = |value, wanted| value == wanted,
                "STARTS_WITH" => matcher.compare = |value, wanted| value.starts_with(wanted),
                "ENDS_WITH" => matcher.compare = |value, wanted| value.ends_with(wanted),
                "CONTAINS" => matcher.compare = |value, wanted| value.contains(wanted),
                "CASE_SENSITIVE" => matcher.ignore_case = false,
                "CASE_INSENSITIVE" => matcher.ignore_case = true,
                "ABSENT" => matcher.absent = true,
                _ => return Err(ApiError::validation(format!("Match option {option:?} is not supported"))),
            }
        }
        if matcher.values.is_empty() != matcher.absent {
            return Err(ApiError::validation("Values must be present, or MatchOptions be ABSENT, and not both"));
        }
        if matcher.ignore_case {
            matcher.values.iter_mut().for_each(|value| *value = value.to_lowercase());
        }
        Ok(Filter::Is(source, matcher))
    }
}

impl Filter {
    /// The first dimension it looks at, at any depth, that `allowed` does not name.
    pub(super) fn dimension_beyond(&self, allowed: &[&str]) -> Option<&str> {
        match self {
            Self::And(inner) | Self::Or(inner) => inner.iter().find_map(|filter| filter.dimension_beyond(allowed)),
            Self::Not(inner) => inner.dimension_beyond(allowed),
            Self::Is(Source::Dimension, matcher) => Some(&*matcher.key).filter(|key| !allowed.contains(key)),
            Self::Is(Source::Tag | Source::CostCategory, _) => None,
        }
    }

    /// Whether a row passes.
    pub(super) fn matches(&self, row: &Row) -> bool {
        match self {
            Self::And(all) => all.iter().all(|filter| filter.matches(row)),
            Self::Or(any) => any.iter().any(|filter| filter.matches(row)),
            Self::Not(not) => !not.matches(row),
            Self::Is(Source::Dimension, matcher) => {
                matcher.matches(row.dimension(&matcher.key).as_deref(), none_of(&matcher.key))
            }
            Self::Is(Source::Tag, matcher) => matcher.matches(row.tag(&matcher.key), ""),
            Self::Is(Source::CostCategory, matcher) => matcher.matches(row.cost_category(&matcher.key), ""),
        }
    }
}

impl Matcher {
    /// `none` is how a request spells "no value".
    fn matches(&self, value: Option<&str>, none: &str) -> bool {
        if self.absent {
            return value.is_none();
        }
        let value = value.unwrap_or(none);
        let lower = self.ignore_case.then(|| value.to_lowercase());
        let value = lower.as_deref().unwrap_or(value);
        self.values.iter().any(|wanted| (self.compare)(value, wanted))
    }
}
