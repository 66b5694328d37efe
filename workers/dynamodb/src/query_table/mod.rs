//! `query_table`: which items does a table have under a key?

mod arguments;
mod output;

use penstock_aws::TrustError;
use penstock_kit::{Call, Content, Reply, Tool, ToolError};

pub(crate) use arguments::{Arguments, Operator, Query};
pub(crate) use output::Output;

use crate::aws::DynamoDb;
use crate::permitted::Permitted;

/// Items asked for at once: little enough that the first are there soon.
const PAGE_ITEMS: usize = 100;

/// Bytes of items after which no further page is fetched. DynamoDB's pages have 1 MB at most, so no answer has much
/// more than that and the page that passes it.
const ENOUGH_BYTES: usize = 512 * 1024;

/// Pages one call may fetch; DynamoDB may cut each as short as it likes.
const MAX_PAGES: u32 = 100;

/// The tool.
pub(crate) struct QueryTable {
    permitted: Permitted,
    dynamodb: DynamoDb,
}

impl QueryTable {
    /// Builds the API client. Connects to nothing yet.
    ///
    /// # Errors
    /// If the certificate authorities to trust cannot be read.
    pub(crate) async fn connect() -> Result<Self, TrustError> {
        Ok(Self { permitted: Permitted::from_env(), dynamodb: DynamoDb::from_env().await? })
    }
}

impl Tool for QueryTable {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        self.permitted.check(&arguments.table_name)?;
        let mut query = arguments.check()?;
        let (mut items, mut bytes) = (Vec::new(), 0);
        let mut next = query.start.take();
        for number in 1..=MAX_PAGES {
            let wanted = PAGE_ITEMS.min(query.limit - items.len());
            let page = self.dynamodb.query(&query, wanted, next).await?;
            let came = page.items.len();
            bytes += page.items.iter().map(|item| item.get().len()).sum::<usize>();
            items.extend(page.items);
            next = page.next;
            let is_last = next.is_none() || items.len() >= query.limit || bytes >= ENOUGH_BYTES;
            let message = format!("page {number}: {came} more, {} in all", items.len());
            call.progress(number.into(), is_last.then_some(number.into()), message).await;
            if is_last {
                break;
            }
        }
        let (count, truncated) = (items.len(), next.is_some());
        let output = Output { table_name: query.table, count, items, truncated, next_key: next };
        let text = Content::text(output.to_string());
        Ok(Reply::from(output).with_content(text))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::QueryTable;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<QueryTable>();
    }
}
