//! Tools: called by name.

use penstock_protocol::manifest::ToolDefinition;

use super::header_params::HeaderParams;
use super::{EntryError, Worker};

/// A tool the gateway can call.
#[derive(Debug)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) worker: Worker,
    pub(crate) header_params: HeaderParams,
}

impl Tool {
    pub(super) fn new(definition: ToolDefinition, worker: Worker) -> Result<Self, EntryError> {
        let header_params = HeaderParams::from_schema(&definition.input_schema)?;
        Ok(Self { name: definition.name, worker, header_params })
    }
}
