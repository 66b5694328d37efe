//! Results the gateway writes itself, in place of a worker's.

use bytes::Bytes;
use penstock_protocol::meta;
use penstock_protocol::revision::Revision;
use serde::Serialize;
use serde_json::{Value, json};

use crate::identity;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Complete<R> {
    #[serde(flatten)]
    result: R,
    #[serde(skip_serializing_if = "Option::is_none")]
    result_type: Option<&'static str>,
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    meta: Option<Value>,
}

/// A finished result, an object, with what every result of a revision has (rules R-1 and M-4).
pub(super) fn complete(result: impl Serialize, revision: Revision) -> Bytes {
    let stateless = revision.is_stateless();
    let result_type = stateless.then_some("complete");
    let meta = stateless.then(|| json!({ meta::key::SERVER_INFO: identity::server_info() }));
    // What is written here is an object of strings, numbers and JSON that was read before.
    serde_json::to_vec(&Complete { result, result_type, meta }).unwrap_or_default().into()
}
