//! `tools/list`: answered from the catalog; no worker is invoked.

use bytes::Bytes;
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc::{self, Request};
use serde::Deserialize;

use super::exchange::Exchange;
use super::failure::Failure;
use crate::catalog::Catalog;

#[derive(Deserialize)]
struct ListParams<'a> {
    #[serde(borrow, default)]
    cursor: Option<&'a RawValue>,
}

pub(super) fn result(catalog: &Catalog, exchange: &Exchange<'_>, request: &Request<'_>) -> Result<Bytes, Failure> {
    let ListParams { cursor } = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
    if cursor.is_some() {
        // The list is one page, so no cursor was ever handed out (rule R-6).
        return Err(Failure::InvalidParams("cursor: not one of this server's".to_owned()));
    }
    Ok(catalog.list(exchange.revision))
}
