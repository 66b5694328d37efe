//! Queries in the terms of the SDK.

use aws_sdk_costexplorer::Client;
use aws_sdk_costexplorer::error::BuildError;
use aws_sdk_costexplorer::operation::get_cost_and_usage::builders::GetCostAndUsageFluentBuilder;
use aws_sdk_costexplorer::types::{
    self, CostCategoryValues, DateInterval, Dimension, DimensionValues, GroupDefinition, GroupDefinitionType, TagValues,
};

use crate::dates::Granularity;
use crate::filter::{Condition, Expression, MatchOption};
use crate::get_cost_and_usage::{GroupKind, Query};

/// `GetCostAndUsage`, ready to be sent.
pub(super) fn cost_and_usage(client: &Client, query: &Query) -> Result<GetCostAndUsageFluentBuilder, BuildError> {
    let period = DateInterval::builder().start(&query.period.start).end(&query.period.end).build()?;
    let group_by = query.group_by.iter().map(|group| {
        let kind = match group.kind {
            GroupKind::Dimension => GroupDefinitionType::Dimension,
            GroupKind::Tag => GroupDefinitionType::Tag,
            GroupKind::CostCategory => GroupDefinitionType::CostCategory,
        };
        GroupDefinition::builder().r#type(kind).key(&group.key).build()
    });
    let metrics = query.metrics.iter().map(|metric| metric.as_str().to_owned());
    Ok(client
        .get_cost_and_usage()
        .time_period(period)
        .granularity(granularity(query.granularity))
        .set_metrics(Some(metrics.collect()))
        .set_group_by(Some(group_by.collect()).filter(|group_by: &Vec<_>| !group_by.is_empty()))
        .set_filter(query.filter.as_ref().map(expression)))
}

fn granularity(granularity: Granularity) -> types::Granularity {
    match granularity {
        Granularity::Daily => types::Granularity::Daily,
        Granularity::Monthly => types::Granularity::Monthly,
        Granularity::Hourly => types::Granularity::Hourly,
    }
}

fn expression(filter: &Expression) -> types::Expression {
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
