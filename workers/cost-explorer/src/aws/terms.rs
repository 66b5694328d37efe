//! What tools ask for, in the terms of the SDK.

use aws_sdk_costexplorer::types::{
    self, CostCategoryValues, DateInterval, Dimension, DimensionValues, GroupDefinition, GroupDefinitionType, TagValues,
};
use penstock_kit::ToolError;

use crate::dates::{Granularity, Period};
use crate::filter::{Condition, Expression, MatchOption};
use crate::group::{GroupBy, GroupKind};

pub(super) fn interval(period: &Period) -> Result<DateInterval, ToolError> {
    DateInterval::builder().start(&period.start).end(&period.end).build().map_err(ToolError::failed)
}

/// The API takes a list left out for "none", not an empty one.
pub(super) fn group_by(group_by: &[GroupBy]) -> Option<Vec<GroupDefinition>> {
    let definition = |group: &GroupBy| {
        let kind = match group.kind {
            GroupKind::Dimension => GroupDefinitionType::Dimension,
            GroupKind::Tag => GroupDefinitionType::Tag,
            GroupKind::CostCategory => GroupDefinitionType::CostCategory,
        };
        GroupDefinition::builder().r#type(kind).key(&group.key).build()
    };
    Some(group_by.iter().map(definition).collect()).filter(|group_by: &Vec<_>| !group_by.is_empty())
}

pub(super) fn granularity(granularity: Granularity) -> types::Granularity {
    match granularity {
        Granularity::Daily => types::Granularity::Daily,
        Granularity::Monthly => types::Granularity::Monthly,
        Granularity::Hourly => types::Granularity::Hourly,
    }
}

pub(super) fn expression(filter: &Expression) -> types::Expression {
    let builder = types::Expression::builder();
    let all = |filters: &[Expression]| Some(filters.iter().map(expression).collect());
    match filter {
        Expression::And(filters) => builder.set_and(all(filters)),
        Expression::Or(filters) => builder.set_or(all(filters)),
        Expression::Not(filter) => builder.not(expression(filter)),
        Expression::Dimensions(condition) => builder.dimensions(
            DimensionValues::builder()
                .key(Dimension::from(&*condition.key))
                .set_values(values(condition))
                .set_match_options(match_options(condition))
                .build(),
        ),
        Expression::Tags(condition) => builder.tags(
            TagValues::builder()
                .key(&condition.key)
                .set_values(values(condition))
                .set_match_options(match_options(condition))
                .build(),
        ),
        Expression::CostCategories(condition) => builder.cost_categories(
            CostCategoryValues::builder()
                .key(&condition.key)
                .set_values(values(condition))
                .set_match_options(match_options(condition))
                .build(),
        ),
    }
    .build()
}

/// The API takes a list left out for "none", not an empty one.
fn values(condition: &Condition) -> Option<Vec<String>> {
    Some(condition.values.clone()).filter(|values| !values.is_empty())
}

fn match_options(condition: &Condition) -> Option<Vec<types::MatchOption>> {
    let options = condition.match_options.iter().map(|option| match option {
        MatchOption::Equals => types::MatchOption::Equals,
        MatchOption::Absent => types::MatchOption::Absent,
        MatchOption::StartsWith => types::MatchOption::StartsWith,
        MatchOption::EndsWith => types::MatchOption::EndsWith,
        MatchOption::Contains => types::MatchOption::Contains,
        MatchOption::CaseSensitive => types::MatchOption::CaseSensitive,
        MatchOption::CaseInsensitive => types::MatchOption::CaseInsensitive,
        MatchOption::GreaterThanOrEqual => types::MatchOption::GreaterThanOrEqual,
    });
    Some(options.collect()).filter(|options: &Vec<_>| !options.is_empty())
}
