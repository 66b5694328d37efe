//! `server/discover`: what this endpoint speaks and can do (rules D-1 to D-5).

use bytes::Bytes;
use penstock_protocol::meta;
use penstock_protocol::revision::Revision;
use serde_json::json;

use super::capabilities::Capabilities;
use crate::catalog::Catalog;
use crate::identity;

/// Nothing here changes while a version of the gateway runs.
const TTL_MS: u64 = 3_600_000;

/// The result: the same bytes as long as the gateway lives.
pub(crate) fn result(catalog: &Catalog, subscriptions: bool) -> Bytes {
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
