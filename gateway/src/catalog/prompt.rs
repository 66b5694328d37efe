//! Prompts: filled in by name.

use penstock_protocol::manifest::{PromptArgument, PromptDefinition};

use super::Worker;

/// A prompt the gateway can have filled in.
#[derive(Debug)]
pub(crate) struct Prompt {
    pub(crate) name: String,
    pub(crate) worker: Worker,
    pub(crate) arguments: Vec<PromptArgument>,
}

impl Prompt {
    pub(super) fn new(definition: PromptDefinition, worker: Worker) -> Self {
        Self { name: definition.name, worker, arguments: definition.arguments }
    }
}
