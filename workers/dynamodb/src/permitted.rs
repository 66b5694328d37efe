//! The tables an operator permits.

use std::env;

use penstock_kit::ToolError;

/// Names the tables, with commas between.
const TABLES: &str = "PENSTOCK_TABLES";

/// The tables that may be queried; none unless named.
#[derive(Debug)]
pub(crate) struct Permitted(Vec<String>);

impl Permitted {
    /// Those the environment names.
    pub(crate) fn from_env() -> Self {
        let names = env::var(TABLES).unwrap_or_default();
        Self(names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// Refuses every other table, with the names of those that may be asked for.
    pub(crate) fn check(&self, table: &str) -> Result<(), ToolError> {
        if self.0.iter().any(|name| name == table) {
            return Ok(());
        }
        if self.0.is_empty() {
            return Err(ToolError::failed(format!(
                "This tool may query no table: its operator has named none in {TABLES}. Only the operator can change \
                 that."
            )));
        }
        let names = self.0.join(", ");
        Err(ToolError::Failed(format!(
            "`table_name` is {table:?}, which this tool may not query. It may query: {names}."
        )))
    }
}
