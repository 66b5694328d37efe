//! Tools: called by name.

use std::sync::Arc;

use penstock_protocol::manifest::ToolDefinition;

use super::header_params::HeaderParams;
use super::schema::Schema;
use super::{EntryError, Worker};

/// A tool the gateway can call.
#[derive(Debug)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) worker: Arc<Worker>,
    pub(crate) header_params: HeaderParams,
    pub(crate) input: Schema,
    pub(crate) output: Option<Arc<Schema>>,
}

impl Tool {
    pub(super) fn new(definition: ToolDefinition, worker: Arc<Worker>) -> Result<Self, EntryError> {
        let header_params = HeaderParams::from_schema(&definition.input_schema)?;
        let input = Schema::new(&definition.input_schema).map_err(EntryError::Input)?;
        let output = definition.output_schema.as_ref().map(Schema::new).transpose().map_err(EntryError::Output)?;
        Ok(Self { name: definition.name, worker, header_params, input, output: output.map(Arc::new) })
    }
}
