//! `initialize`: the handshake of the revisions up to 2025-11-25 (rule L-2).
//!
//! Nothing is written down: what was agreed on is in the session id the client gets (rule L-5), and
//! a client that does not send it back names the revision in a header.

use bytes::Bytes;
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc::{self, Request};
use penstock_protocol::revision::Revision;
use serde::Deserialize;
use serde_json::json;

use super::capabilities::Capabilities;
use super::failure::Failure;
use super::{Incoming, session};
use crate::catalog::Snapshot;
use crate::gateway::Gateway;
use crate::identity;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InitializeParams<'a> {
    protocol_version: String,
    #[serde(borrow, default)]
    capabilities: Option<&'a RawValue>,
}

/// The result, and the id of the session that begins with it.
pub(super) fn result(
    gateway: &Gateway,
    catalog: &Snapshot,
    incoming: &Incoming<'_>,
    request: &Request<'_>,
) -> Result<(Bytes, String), Failure> {
    let params: InitializeParams<'_> = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
    let revision = match params.protocol_version.parse::<Revision>() {
        Ok(revision) if !revision.is_stateless() => revision,
        _ => Revision::LATEST_HANDSHAKE,
    };
    let session = session::begin(gateway, revision, params.capabilities, incoming.caller.as_ref())?;
    let result = json!({
        "protocolVersion": revision,
        "capabilities": Capabilities::new(catalog, gateway.subscriptions()),
        "serverInfo": identity::server_info(),
    });
    Ok((result.to_string().into(), session))
}
