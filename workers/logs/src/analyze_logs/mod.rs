//! `analyze_logs`: which lines of a log match, and what do they say?

mod output;
mod query;

use jiff::Timestamp;
use penstock_aws::TrustError;
use penstock_kit::{Call, Reply, Tool, ToolError};

pub(crate) use query::Query;

use crate::aws::CloudWatchLogs;
use crate::search::Search;
use output::Output;
use query::Arguments;

/// The tool.
pub(crate) struct AnalyzeLogs {
    logs: CloudWatchLogs,
}

impl AnalyzeLogs {
    /// Builds the API client. Connects to nothing yet.
    ///
    /// # Errors
    /// If the certificate authorities to trust cannot be read.
    pub(crate) async fn connect() -> Result<Self, TrustError> {
        Ok(Self { logs: CloudWatchLogs::from_env().await? })
    }
}

impl Tool for AnalyzeLogs {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        let query = arguments.check(Timestamp::now()).map_err(ToolError::Failed)?;
        let search = Search::run(&self.logs, &query, call).await?;
        let output = Output::new(&query, &search);
        let text = search.matches.after(output.head());
        let text = text.map_err(|_| ToolError::failed("What was found could not be read again. Try once more."))?;
        Ok(Reply::from(output).with_streamed_text(text))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::AnalyzeLogs;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<AnalyzeLogs>();
    }
}
