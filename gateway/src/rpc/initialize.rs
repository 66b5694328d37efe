//! `initialize`: the handshake of the revisions up to 2025-11-25 (rule L-2).
//!
//! Nothing is remembered: the client names the agreed revision in a header from here on.

use bytes::Bytes;
use penstock_protocol::jsonrpc::{self, Request};
use penstock_protocol::revision::Revision;
use serde::Deserialize;
use serde_json::json;

use super::capabilities::Capabilities;
use super::exchange::Era;
use super::failure::Failure;
use crate::catalog::Catalog;
use crate::identity;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InitializeParams {
    protocol_version: String,
}

pub(super) fn result(catalog: &Catalog, request: &Request<'_>) -> Result<Bytes, Failure> {
    let params: InitializeParams = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
    let revision = match params.protocol_version.parse::<Revision>() {
        Ok(revision) if !revision.is_stateless() => revision,
        _ => Revision::LATEST_HANDSHAKE,
    };
    let result = json!({
        "protocolVersion": revision,
        "capabilities": Capabilities::new(catalog, Era::Handshake),
        "serverInfo": identity::server_info(),
    });
    Ok(result.to_string().into())
}
