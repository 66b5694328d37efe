//! Resources: read at one URI each.

use std::sync::Arc;

use penstock_protocol::manifest::ResourceDefinition;

use super::uri_template::has_scheme;
use super::{EntryError, MAX_URI, Worker};

/// A resource the gateway can have read.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) uri: String,
    pub(crate) name: String,
    pub(crate) worker: Arc<Worker>,
}

impl Resource {
    pub(super) fn new(definition: ResourceDefinition, worker: Arc<Worker>) -> Result<Self, EntryError> {
        let ResourceDefinition { uri, name, .. } = definition;
        if uri.len() > MAX_URI || !has_scheme(&uri) {
            return Err(EntryError::Uri(uri));
        }
        Ok(Self { uri, name, worker })
    }
}
