//! Prompts: filled in by name.

use std::sync::Arc;

use penstock_protocol::manifest::{PromptArgument, PromptDefinition};

use super::Worker;

/// A prompt the gateway can have filled in.
#[derive(Debug)]
pub(crate) struct Prompt {
    pub(crate) name: String,
    pub(crate) worker: Arc<Worker>,
    pub(crate) arguments: Vec<PromptArgument>,
}

impl Prompt {
    pub(super) fn new(definition: PromptDefinition, worker: Arc<Worker>) -> Self {
        Self { name: definition.name, worker, arguments: definition.arguments }
    }
}
