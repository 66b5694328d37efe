//! `get_cost_and_usage`: what did it cost, when, and whose was it?

mod output;
mod query;
mod text;

use penstock_kit::{Call, Reply, Tool, ToolError};

pub(crate) use output::{Output, Row};
pub(crate) use query::{Arguments, Query};

use crate::aws::CostExplorer;
use crate::{dates, pages};

/// The tool.
pub(crate) struct GetCostAndUsage(pub(crate) CostExplorer);

impl Tool for GetCostAndUsage {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let query = arguments.check(dates::today())?;
        let mut output = Output::new(&query);
        let fetched =
            pages::fetch(call, |next| self.0.cost_and_usage(&query, next), |page| output.extend(page)).await?;
        output.truncated = fetched.truncated;
        output.add_up(&query.metrics);
        let text = text::of(&output, &query.metrics);
        Ok(fetched.reply(output, text))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::GetCostAndUsage;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<GetCostAndUsage>();
    }
}
