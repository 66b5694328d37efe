//! `get_dimension_values`: which services, accounts, regions… are there costs of?

mod output;
mod query;

use penstock_kit::{Call, Reply, Tool, ToolError};

pub(crate) use output::{Output, Value};
pub(crate) use query::{Arguments, Context, Query};

use crate::aws::CostExplorer;
use crate::{dates, pages};

/// The tool.
pub(crate) struct GetDimensionValues(pub(crate) CostExplorer);

impl Tool for GetDimensionValues {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let query = arguments.check(dates::today())?;
        let mut output = Output::new(&query);
        let fetched =
            pages::fetch(call, |next| self.0.dimension_values(&query, next), |page| output.extend(page)).await?;
        output.truncated = fetched.truncated;
        let text = output.to_text();
        Ok(fetched.reply(output, text))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::GetDimensionValues;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<GetDimensionValues>();
    }
}
