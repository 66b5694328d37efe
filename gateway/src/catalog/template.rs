//! Resource templates: read at every URI they match.

use std::cmp::Ordering;
use std::sync::Arc;

use penstock_protocol::manifest::ResourceTemplateDefinition;

use super::uri_template::UriTemplate;
use super::{EntryError, Worker};

/// A family of resources the gateway can have read.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: String,
    pub(crate) worker: Arc<Worker>,
    pub(crate) uri: UriTemplate,
}

impl Template {
    pub(super) fn new(definition: ResourceTemplateDefinition, worker: Arc<Worker>) -> Result<Self, EntryError> {
        let uri = definition.uri_template.parse()?;
        Ok(Self { name: definition.name, worker, uri })
    }

    /// Which of two templates answers for a URI both match: the one that spells out more of it.
    pub(super) fn precedence(&self, other: &Self) -> Ordering {
        let said = other.uri.literal_length().cmp(&self.uri.literal_length());
        said.then_with(|| self.name.cmp(&other.name))
    }
}
