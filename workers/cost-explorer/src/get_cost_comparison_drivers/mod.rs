//! `get_cost_comparison_drivers`: why do the costs of two months differ?

mod output;

use penstock_kit::{Call, Reply, Tool, ToolError};

pub(crate) use output::{Driver, Output, Row};

use crate::aws::CostExplorer;
use crate::comparison::Arguments;
use crate::{dates, pages};

/// The tool.
pub(crate) struct GetCostComparisonDrivers(pub(crate) CostExplorer);

impl Tool for GetCostComparisonDrivers {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let query = arguments.check(dates::today())?;
        let mut output = Output::new(&query);
        let fetched =
            pages::fetch(call, |next| self.0.comparison_drivers(&query, next), |page| output.extend(page)).await?;
        output.truncated = fetched.truncated;
        let text = output.sort(query.metric).to_text(&query);
        Ok(fetched.reply(output, text))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::GetCostComparisonDrivers;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<GetCostComparisonDrivers>();
    }
}
