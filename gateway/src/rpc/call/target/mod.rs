//! Which worker a request goes to, checked in the order of rule "Validation order".

mod arguments;
mod completion;
mod prompt;
mod resource;
mod tool;
mod tool_search;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use penstock_policy::Decision;
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc::Request;
use penstock_protocol::manifest::Kind;

use crate::catalog::{Schema, Snapshot, Worker};
use crate::permission::Permission;
use crate::relay::Caching;
use crate::rpc::exchange::Exchange;
use crate::rpc::failure::Failure;
use crate::rpc::header;

const NAME_HEADER: &str = "mcp-name";

/// What a request asks for, found in the catalog.
pub(super) struct Target<'c, 'r> {
    pub(super) kind: Kind,
    /// The catalog's name for it: safe to log.
    pub(super) name: &'c str,
    pub(super) worker: &'c Worker,
    /// The arguments, for tools that are sent nothing else.
    pub(super) arguments: Option<&'r RawValue>,
    /// What a resource template's variables stand for.
    pub(super) uri_variables: BTreeMap<String, String>,
    /// What clients are told about keeping the result, where the method has such hints.
    pub(super) caching: Option<Caching>,
    /// What structured content must look like, where the tool says so.
    pub(super) output: Option<Arc<Schema>>,
    /// Why it is allowed, where policies were asked.
    pub(super) decision: Option<Decision>,
    /// The result, where it is known without the worker.
    pub(super) answer: Option<Bytes>,
}

/// Where to look, and what the request is held against.
struct Search<'c, 'x> {
    catalog: &'c Snapshot,
    headers: &'x HeaderMap,
    permission: &'x Permission<'x>,
    exchange: &'x Exchange<'x>,
}

impl<'c, 'r> Target<'c, 'r> {
    pub(super) fn find(
        headers: &HeaderMap,
        permission: &'c Permission<'_>,
        exchange: &Exchange<'_>,
        request: &Request<'r>,
    ) -> Result<Self, Failure> {
        let search = Search { catalog: permission.catalog(), headers, permission, exchange };
        match &*request.method {
            "tools/call" => tool::find(&search, request.params),
            "prompts/get" => prompt::find(&search, request.params),
            "resources/read" => resource::find(&search, request.params),
            "completion/complete" => completion::find(&search, request.params),
            method => Err(Failure::MethodNotFound(method.to_owned())),
        }
    }

    fn new(kind: Kind, name: &'c str, worker: &'c Worker) -> Self {
        Self {
            kind,
            name,
            worker,
            arguments: None,
            uri_variables: BTreeMap::new(),
            caching: None,
            output: None,
            decision: None,
            answer: None,
        }
    }
}

impl Search<'_, '_> {
    /// Checks that `Mcp-Name` says what the body says (rule H-13).
    fn name_is(&self, name: &str) -> Result<(), Failure> {
        header::matches_decoded(self.headers, NAME_HEADER, name, self.exchange.requires_routing_headers())
    }
}
