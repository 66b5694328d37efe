//! `notifications/cancelled`: a note for whichever instance is serving the request, under
//! `cancelled/<session>/<hash of the request's id>` in the store (rule L-8).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc;
use penstock_store::{When, Write};
use ring::digest::{SHA256, digest};
use serde::Deserialize;

use super::Session;
use crate::gateway::Gateway;
use crate::rpc::failure::Failure;

/// How long a note is kept: longer than any call lasts.
const KEPT: Duration = Duration::from_mins(30);

/// Notes that a request is no longer wanted. Whether it exists is not known here; what is malformed
/// is ignored, as the specification asks.
pub(in crate::rpc) async fn request(
    gateway: &Gateway,
    session: &Session,
    params: Option<&RawValue>,
) -> Result<(), Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Params<'a> {
        #[serde(borrow)]
        request_id: &'a RawValue,
    }
    let Ok(Params { request_id }) = jsonrpc::parse_params::<Params<'_>>(params) else { return Ok(()) };
    let write = Write { value: "1".into(), when: When::Always, expires: gateway.now() + KEPT };
    gateway.store().put(&key(session, request_id), write).await?;
    Ok(())
}

/// Where the note for a request is, by its id as the client spelled it.
pub(in crate::rpc) fn key(session: &Session, request_id: &RawValue) -> String {
    // Ids can be long, keys cannot.
    let hash = digest(&SHA256, request_id.get().as_bytes());
    format!("cancelled/{}/{}", session.id(), URL_SAFE_NO_PAD.encode(hash))
}
