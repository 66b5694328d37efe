//! The four lists: answered from the catalog.

use std::borrow::Cow;

use bytes::Bytes;
use penstock_protocol::jsonrpc::{self, Request};
use serde::Deserialize;

use super::exchange::Exchange;
use super::failure::Failure;
use crate::catalog::ListKind;
use crate::permission::Permission;

#[derive(Deserialize)]
struct ListParams<'a> {
    #[serde(borrow, default)]
    cursor: Option<Cow<'a, str>>,
}

/// The page that is asked for, of what the caller may see. Any text can be a cursor, the empty one included; only those that were
/// handed out for this list, in this version of it and to this caller, are (rules ).
pub(super) fn result(
    permission: &Permission<'_>,
    kind: ListKind,
    exchange: &Exchange<'_>,
    request: &Request<'_>,
) -> Result<Bytes, Failure> {
    let ListParams { cursor } = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
    let (catalog, revision, cursor) = (permission.catalog(), exchange.revision, cursor.as_deref());
    let page = match permission.view(kind) {
        None => catalog.list(kind, cursor, revision),
        Some(visible) => catalog.list_for(&permission.reader(), kind, &visible, cursor, revision),
    };
    page.ok_or_else(|| Failure::InvalidParams("cursor: not one of this list, or no longer; start again".to_owned()))
}
