//! `get_cost_and_usage_comparisons`: how do the costs of two months differ?

mod output;

use penstock_kit::{Call, Reply, Tool, ToolError};

pub(crate) use output::{Output, Row};

use crate::aws::CostExplorer;
use crate::comparison::Arguments;
use crate::{dates, pages};

/// The tool.
pub(crate) struct GetCostAndUsageComparisons(pub(crate) CostExplorer);

impl Tool for GetCostAndUsageComparisons {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let query = arguments.check(dates::today())?;
        let mut output = Output::new(&query);
        let fetched = pages::fetch(call, |next| self.0.comparisons(&query, next), |page| output.extend(page)).await?;
        output.truncated = fetched.truncated;
        let text = output.sort(query.metric).to_text(&query);
        Ok(fetched.reply(output, text))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::GetCostAndUsageComparisons;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<GetCostAndUsageComparisons>();
    }
}
