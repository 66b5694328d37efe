//! Which worker a request goes to, checked in the order of rule "Validation order".

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use http::HeaderMap;
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc::{self, Request};
use serde::Deserialize;

use crate::catalog::{Catalog, Schema, Worker};
use crate::rpc::arguments::{self, Misfit};
use crate::rpc::exchange::Exchange;
use crate::rpc::failure::Failure;
use crate::rpc::header;

const NAME_HEADER: &str = "mcp-name";

/// What a request asks for, found in the catalog.
pub(super) struct Target<'c, 'r> {
    /// The catalog's name for it: safe to log.
    pub(super) name: &'c str,
    pub(super) worker: &'c Worker,
    /// The arguments, if the method has any.
    pub(super) arguments: Option<&'r RawValue>,
    /// What a resource template's variables stand for.
    pub(super) uri_variables: BTreeMap<String, String>,
    /// Why the arguments do not fit a tool's schema, if they do not.
    pub(super) misfit: Option<Misfit>,
    /// What structured content must look like.
    pub(super) output: Option<Arc<Schema>>,
}

impl<'c, 'r> Target<'c, 'r> {
    pub(super) fn find(
        catalog: &'c Catalog,
        headers: &HeaderMap,
        exchange: &Exchange<'_>,
        request: &Request<'r>,
    ) -> Result<Self, Failure> {
        match &*request.method {
            "tools/call" => tool(catalog, headers, exchange, request),
            method => Err(Failure::MethodNotFound(method.to_owned())),
        }
    }
}

#[derive(Deserialize)]
struct CallParams<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
}

fn tool<'c, 'r>(
    catalog: &'c Catalog,
    headers: &HeaderMap,
    exchange: &Exchange<'_>,
    request: &Request<'r>,
) -> Result<Target<'c, 'r>, Failure> {
    let params: CallParams<'r> = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
    if params.arguments.is_some_and(|arguments| !arguments.get().starts_with('{')) {
        return Err(Failure::InvalidParams("arguments: must be an object".to_owned()));
    }
    header::matches(headers, NAME_HEADER, &params.name, exchange.requires_routing_headers())?;
    let tool = catalog.tool(&params.name).ok_or_else(|| Failure::UnknownTool(params.name.into_owned()))?;
    let repeated = exchange.requires_routing_headers().then_some(headers);
    let misfit = arguments::check(tool, params.arguments, repeated)?;
    Ok(Target {
        name: &tool.name,
        worker: &tool.worker,
        arguments: params.arguments,
        uri_variables: BTreeMap::new(),
        misfit,
        output: tool.output.clone(),
    })
}
