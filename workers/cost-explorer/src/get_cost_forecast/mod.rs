//! `get_cost_forecast`: what will it cost?

mod output;
mod query;

use penstock_kit::{Call, Reply, Tool, ToolError};

pub(crate) use output::{Output, Row};
pub(crate) use query::{Arguments, Metric, Query};

use crate::aws::CostExplorer;
use crate::{dates, pages};

/// The tool.
pub(crate) struct GetCostForecast(pub(crate) CostExplorer);

impl Tool for GetCostForecast {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let query = arguments.check(dates::today())?;
        let mut output = Output::new(&query);
        let fetched = pages::fetch(call, |_| self.0.forecast(&query), |forecast| output.extend(forecast)).await?;
        let text = output.to_text();
        Ok(fetched.reply(output, text))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::GetCostForecast;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<GetCostForecast>();
    }
}
