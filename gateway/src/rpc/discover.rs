//! `server/discover`: what this endpoint speaks and can do (rules D-1 to D-5).

use bytes::Bytes;
use penstock_protocol::meta;
use penstock_protocol::revision::Revision;
use serde_json::json;

use super::capabilities::Capabilities;
use crate::catalog::Snapshot;
use crate::identity;

/// Changes with a version of the gateway, or when the first of a kind is added to what it serves.
const TTL_MS: u64 = 300_000;

/// The result: the same for every client.
pub(super) fn result(catalog: &Snapshot, subscriptions: bool) -> Bytes {
    let result = json!({
        "resultType": "complete",
        "supportedVersions": Revision::ALL,
        "capabilities": Capabilities::new(catalog, subscriptions).with_extensions(catalog),
        "ttlMs": TTL_MS,
        "cacheScope": "public",
        "_meta": { meta::key::SERVER_INFO: identity::server_info() },
    });
    result.to_string().into()
}
