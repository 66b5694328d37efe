//! `GetDimensionValues` and `GetTags`: which values costs have.

use aws_sdk_costexplorer::types;
use penstock_kit::ToolError;

use super::{CostExplorer, failure, terms};
use crate::pages::Page;
use crate::{get_dimension_values, get_tag_values};

impl CostExplorer {
    /// One page of the values of a dimension.
    ///
    /// # Errors
    /// A failure the model can read.
    pub(crate) async fn dimension_values(
        &self,
        query: &get_dimension_values::Query,
        next: Option<String>,
    ) -> Result<Page<Vec<get_dimension_values::Value>>, ToolError> {
        let context = match query.context {
            get_dimension_values::Context::CostAndUsage => types::Context::CostAndUsage,
            get_dimension_values::Context::Reservations => types::Context::Reservations,
            get_dimension_values::Context::SavingsPlans => types::Context::SavingsPlans,
        };
        let request = self.client.get_dimension_values().time_period(terms::interval(&query.period)?);
        let answer = request
            .dimension(types::Dimension::from(&*query.dimension))
            .context(context)
            .set_search_string(query.search.clone())
            .set_next_page_token(next)
            .send()
            .await
            .map_err(|error| failure::describe(&error, "ce:GetDimensionValues"))?;
        let values = answer.dimension_values.into_iter().map(|value| get_dimension_values::Value {
            value: value.value.unwrap_or_default(),
            attributes: value.attributes.unwrap_or_default().into_iter().collect(),
        });
        Ok(Page::new(values.collect(), answer.next_page_token))
    }

    /// One page of the values of a tag.
    ///
    /// # Errors
    /// A failure the model can read.
    pub(crate) async fn tag_values(
        &self,
        query: &get_tag_values::Query,
        next: Option<String>,
    ) -> Result<Page<Vec<String>>, ToolError> {
        let request = self.client.get_tags().time_period(terms::interval(&query.period)?);
        let answer = request
            .tag_key(&query.tag_key)
            .set_search_string(query.search.clone())
            .set_next_page_token(next)
            .send()
            .await
            .map_err(|error| failure::describe(&error, "ce:GetTags"))?;
        Ok(Page::new(answer.tags, answer.next_page_token))
    }
}
