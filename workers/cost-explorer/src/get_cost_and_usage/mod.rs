//! `get_cost_and_usage`: what did it cost, when, and whose was it?

mod output;
mod query;

use penstock_aws::TrustError;
use penstock_kit::{Call, Content, Reply, Tool, ToolError};

pub(crate) use output::{Amount, Output, Row};
pub(crate) use query::{Arguments, GroupKind, Metric, Query};

use crate::aws::CostExplorer;
use crate::{dates, table};

/// Pages one call may fetch: each costs money and the reader has to take them all in.
const MAX_PAGES: u32 = 50;

/// What AWS charges for a page, in hundredths of a dollar (Cost Explorer pricing, "API").
const CENTS_PER_PAGE: u32 = 1;

/// The member of a result's `_meta` that tells what the call has cost, in US dollars.
const COST: &str = "penstock/costUsd";

/// The tool.
pub(crate) struct GetCostAndUsage {
    cost_explorer: CostExplorer,
}

impl GetCostAndUsage {
    /// Builds the API client. Connects to nothing yet.
    ///
    /// # Errors
    /// If the certificate authorities to trust cannot be read.
    pub(crate) async fn connect() -> Result<Self, TrustError> {
        Ok(Self { cost_explorer: CostExplorer::from_env().await? })
    }
}

impl Tool for GetCostAndUsage {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let query = arguments.check(dates::today())?;
        let mut output = Output::new(&query);
        let mut next = None;
        let mut pages = 0;
        while pages < MAX_PAGES {
            let mut page = self.cost_explorer.cost_and_usage(&query, next.take()).await?;
            pages += 1;
            next = page.next.take();
            output.extend(page);
            // The API does not tell how many pages there are until the last.
            let total = next.is_none().then_some(pages.into());
            call.progress(pages.into(), total, format!("page {pages}: {} rows so far", output.rows.len())).await;
            if next.is_none() {
                break;
            }
        }
        output.truncated = next.is_some();
        output.add_up(&query.metrics);
        let text = table::of(&output, &query.metrics);
        let cost = f64::from(pages * CENTS_PER_PAGE) / 100.0;
        Ok(Reply::from(output).with_content(Content::text(text)).with_meta(COST, cost))
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
