//! `get_tag_values`: which values does a cost allocation tag have?

use jiff::civil::Date;
use penstock_kit::{Call, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::CostExplorer;
use crate::dates::{self, Period};
use crate::pages;
use crate::table::Table;

/// The tool.
pub(crate) struct GetTagValues(pub(crate) CostExplorer);

/// What `get_tag_values` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The tag's key, such as Team. AWS's own begin with aws:, as in aws:createdBy.
    #[schemars(length(min = 1, max = 1024))]
    tag_key: String,
    /// First day to look at, included: YYYY-MM-DD. 30 days before the end if left out.
    start_date: Option<String>,
    /// The day after the last, not included: YYYY-MM-DD. Today if left out.
    end_date: Option<String>,
    /// Only values that contain this.
    #[schemars(length(max = 1024))]
    search_string: Option<String>,
}

/// Checked arguments.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) tag_key: String,
    pub(crate) period: Period,
    pub(crate) search: Option<String>,
}

impl Arguments {
    fn check(self, today: Date) -> Result<Query, ToolError> {
        let Self { tag_key, start_date, end_date, search_string } = self;
        if tag_key.is_empty() {
            return Err(ToolError::failed("`tag_key` is empty; send the key of a tag, such as Team."));
        }
        let period = Period::recent(start_date.as_deref(), end_date.as_deref(), today).map_err(ToolError::Failed)?;
        Ok(Query { tag_key, period, search: search_string.filter(|search| !search.is_empty()) })
    }
}

/// What `get_tag_values` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The tag's key.
    tag_key: String,
    /// First day looked at.
    start_date: String,
    /// Where the period ends, not included.
    end_date: String,
    /// The values; an empty one stands for costs without the tag.
    values: Vec<String>,
    /// Whether there are more values than fit.
    truncated: bool,
}

impl Output {
    fn to_text(&self) -> String {
        let shown = |value: &String| if value.is_empty() { "(without the tag)".to_owned() } else { value.clone() };
        let table = Table {
            title: format!("Values of the tag {} from {} to {}", self.tag_key, self.start_date, self.end_date),
            if_empty: "none. The key is case-sensitive, and has to be activated as a cost allocation tag; costs bear it \
                       from a day later on.",
            heading: vec!["value".to_owned()],
            words: 1,
            lines: self.values.iter().map(|value| vec![shown(value)]).collect(),
            truncated: self.truncated.then_some("Narrow them down with search_string."),
            ..Table::default()
        };
        table.to_string()
    }
}

impl Tool for GetTagValues {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let query = arguments.check(dates::today())?;
        let mut values = Vec::new();
        let take = |page: Vec<String>| {
            values.extend(page);
            values.len()
        };
        let fetched = pages::fetch(call, |next| self.0.tag_values(&query, next), take).await?;
        let Query { tag_key, period: Period { start: start_date, end: end_date }, .. } = query;
        let output = Output { tag_key, start_date, end_date, values, truncated: fetched.truncated };
        let text = output.to_text();
        Ok(fetched.reply(output, text))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::GetTagValues;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<GetTagValues>();
    }
}
