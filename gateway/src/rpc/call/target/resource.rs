//! `resources/read`.

use std::borrow::Cow;

use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc;
use penstock_protocol::manifest::{Cache, CacheScope, Kind};
use serde::Deserialize;

use super::{Search, Target};
use crate::catalog::MAX_URI;
use crate::relay::Caching;
use crate::rpc::failure::Failure;

/// What is said where nobody has said anything.
const UNCACHED: Cache = Cache { ttl_ms: 0, scope: CacheScope::Private };

#[derive(Deserialize)]
struct ReadParams<'a> {
    #[serde(borrow)]
    uri: Cow<'a, str>,
}

pub(super) fn find<'c, 'r>(search: &Search<'c, '_>, params: Option<&'r RawValue>) -> Result<Target<'c, 'r>, Failure> {
    let params: ReadParams<'r> = jsonrpc::parse_params(params).map_err(Failure::InvalidParams)?;
    if params.uri.len() > MAX_URI {
        return Err(Failure::InvalidParams(format!("uri: has more than {MAX_URI} bytes")));
    }
    search.name_is(&params.uri)?;
    let Some(located) = search.catalog.locate(&params.uri) else {
        let revision = search.exchange.revision;
        return Err(Failure::UnknownResource { uri: params.uri.into_owned(), revision });
    };
    let decision = search.permission.read(&located, &params.uri)?;
    let mut cache = located.worker.cache.unwrap_or(UNCACHED);
    if search.permission.tells_apart(located.worker) {
        // Whoever shares a copy does not ask who may read it (rule R-3).
        cache.scope = CacheScope::Private;
    }
    // A retry depends on answers that are not part of the cache key (rule Q-9).
    let caching = if search.exchange.retry.is_one() { Caching::Fixed(UNCACHED) } else { Caching::Default(cache) };
    Ok(Target {
        decision,
        uri_variables: located.variables,
        caching: Some(caching),
        ..Target::new(Kind::Resource, located.name, located.worker)
    })
}
