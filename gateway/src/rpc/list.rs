//! The four lists: answered from the catalog; no worker is invoked.

use std::borrow::Cow;

use bytes::Bytes;
use penstock_protocol::jsonrpc::{self, Request};
use serde::Deserialize;

use super::exchange::Exchange;
use super::failure::Failure;
use crate::catalog::{Catalog, ListKind};

#[derive(Deserialize)]
struct ListParams<'a> {
    #[serde(borrow, default)]
    cursor: Option<Cow<'a, str>>,
}

/// The page that is asked for. Any text can be a cursor, the empty one included; only those that were
/// handed out for this list, in this version of it, are (rule R-6).
pub(super) fn result(
    catalog: &Catalog,
    kind: ListKind,
    exchange: &Exchange<'_>,
    request: &Request<'_>,
) -> Result<Bytes, Failure> {
    let ListParams { cursor } = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
    let page = catalog.list(kind, cursor.as_deref(), exchange.revision);
    page.ok_or_else(|| Failure::InvalidParams("cursor: not one of this list, or no longer; start again".to_owned()))
}
