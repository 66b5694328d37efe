//! Results the gateway writes itself, in place of a worker's.

use bytes::Bytes;
use penstock_protocol::meta;
use penstock_protocol::revision::Revision;
use serde_json::{Value, json};

use crate::identity;

/// A finished result with what every result of a revision has (rules R-1 and M-4).
pub(super) fn complete(mut result: Value, revision: Revision) -> Bytes {
    if revision.is_stateless() {
        result["resultType"] = json!("complete");
        result["_meta"] = json!({ meta::key::SERVER_INFO: identity::server_info() });
    }
    result.to_string().into()
}
