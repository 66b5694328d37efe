//! The gateway as one value: everything a request needs, and nothing about how requests arrive.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::{Request, Response};

use crate::auth::Auth;
use crate::catalog::Catalog;
use crate::http::{self as edge, Body, OriginPolicy};
use crate::invoke::Invoke;

/// A gateway, ready to answer. Cheap to clone; holds no state between requests.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    catalog: Catalog,
    auth: Auth,
    origins: OriginPolicy,
    invoker: Box<dyn Invoke>,
}

/// When the platform ends this invocation of the gateway: a request extension set by the entry that
/// knows it.
#[derive(Debug, Clone, Copy)]
pub struct PlatformDeadline(pub SystemTime);

impl Gateway {
    /// Puts a gateway together.
    pub fn new(catalog: Catalog, auth: Auth, origins: OriginPolicy, invoker: impl Invoke) -> Self {
        Self(Arc::new(Inner { catalog, auth, origins, invoker: Box::new(invoker) }))
    }

    /// Answers one HTTP request. Never fails: whatever is wrong becomes a response.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Body> {
        edge::handle(self, request).await
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    pub(crate) fn auth(&self) -> Auth {
        self.0.auth
    }

    pub(crate) fn origins(&self) -> &OriginPolicy {
        &self.0.origins
    }

    pub(crate) fn invoker(&self) -> &dyn Invoke {
        &*self.0.invoker
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("tools", &self.0.catalog.len()).field("auth", &self.0.auth).finish()
    }
}
