//! What a result says about how long it may be kept (rules R-2 and Q-9).

use bytes::{BufMut as _, BytesMut};
use penstock_protocol::manifest::{Cache, CacheScope};

/// The hints of a result whose method has them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caching {
    /// What the worker does not say, the gateway says.
    Default(Cache),
    /// The gateway's word counts, whatever the worker says.
    Fixed(Cache),
}

/// Which hints a result still lacks.
#[derive(Debug)]
pub(super) struct Hints {
    caching: Caching,
    has_ttl: bool,
    has_scope: bool,
}

impl Hints {
    pub(super) fn new(caching: Caching) -> Self {
        Self { caching, has_ttl: false, has_scope: false }
    }

    /// Whether the worker's member is passed on: the first of its name, and by its first byte of
    /// the right type, for `null` or a negative time would be none of the specification's.
    pub(super) fn keeps(&mut self, name: &str, first: u8) -> bool {
        let (seen, fits) = match name {
            "ttlMs" => (&mut self.has_ttl, first.is_ascii_digit()),
            "cacheScope" => (&mut self.has_scope, first == b'"'),
            _ => return true,
        };
        let keeps = fits && !*seen && matches!(self.caching, Caching::Default(_));
        *seen |= keeps;
        keeps
    }

    /// The members that are missing, as JSON, each with a comma behind it.
    pub(super) fn put_missing(&self, out: &mut BytesMut) {
        let (Caching::Default(Cache { ttl_ms, scope }) | Caching::Fixed(Cache { ttl_ms, scope })) = self.caching;
        if !self.has_ttl {
            out.put_slice(format!(r#""ttlMs":{ttl_ms},"#).as_bytes());
        }
        if !self.has_scope {
            let scope: &[u8] = match scope {
                CacheScope::Public => br#""cacheScope":"public","#,
                CacheScope::Private => br#""cacheScope":"private","#,
            };
            out.put_slice(scope);
        }
    }
}
