//! The gateway as one value: everything a request needs, and nothing about how requests arrive.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http::{Request, Response};
use penstock_function::OriginSecrets;
use penstock_store::{MemoryStore, Store};
use tokio::sync::watch;

use crate::auth::Auth;
use crate::background::{Background, InThisProcess};
use crate::catalog::Catalog;
use crate::http::{self as edge, Body, OriginPolicy};
use crate::invoke::{Invoke, InvokeError};
use crate::permission::PolicyFolder;
use crate::relay::Upstream;
use crate::rpc::failure::Failure;
use crate::seal::Keys;

/// A gateway, ready to answer. Cheap to clone; what it has to remember between requests is in its store.
#[derive(Clone)]
pub struct Gateway {
    services: Arc<Services>,
    closing: watch::Sender<()>,
}

/// What a gateway works with.
pub struct Services {
    /// What it serves.
    pub catalog: Catalog,
    /// How callers are authenticated.
    pub auth: Auth,
    /// What tells requests sent through the distribution in front from others.
    pub origin_secrets: OriginSecrets,
    /// What callers may do, beside the scopes entries need. Without, callers that have the scopes may do everything.
    pub policies: Option<PolicyFolder>,
    /// The web origins whose pages may call.
    pub origins: OriginPolicy,
    /// How workers are called.
    pub invoker: Box<dyn Invoke>,
    /// Where tasks run on when their request has been answered.
    pub background: Box<dyn Background>,
    /// What this instance and all others remember together.
    pub store: Arc<dyn Store>,
    /// What session ids and request states are sealed with; the same for all instances.
    pub keys: Keys,
    /// Whether clients can subscribe to changes. A subscription takes an invocation for as long as it lasts.
    pub subscriptions: bool,
    /// Whether workers can read that store too, and so learn from it that a call is no longer wanted.
    pub workers_share_store: bool,
    /// What time it is.
    pub clock: fn() -> SystemTime,
}

/// When the platform ends this invocation of the gateway: a request extension set by the entry that
/// knows it.
#[derive(Debug, Clone, Copy)]
pub struct PlatformDeadline(pub SystemTime);

impl Services {
    /// What a gateway works with that is one process on this machine: no authentication, a store of
    /// its own, and keys nobody else has.
    pub fn alone(catalog: Catalog, invoker: impl Invoke) -> Self {
        Self {
            catalog,
            auth: Auth::None,
            origin_secrets: OriginSecrets::default(),
            policies: None,
            origins: OriginPolicy::default(),
            invoker: Box::new(invoker),
            background: Box::new(InThisProcess::default()),
            store: Arc::new(MemoryStore::default()),
            keys: Keys::random(),
            subscriptions: false,
            workers_share_store: false,
            clock: SystemTime::now,
        }
    }
}

impl Gateway {
    /// Puts a gateway together.
    pub fn new(services: Services) -> Self {
        Self { services: Arc::new(services), closing: watch::Sender::new(()) }
    }

    /// Answers one HTTP request. Never fails: whatever is wrong becomes a response.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Body> {
        edge::handle(self, request).await
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.services.catalog
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.services.auth
    }

    /// Where clients find what they need to get a token; nowhere if callers are not authenticated.
    pub(crate) fn resource_metadata(&self) -> Option<&str> {
        match &self.services.auth {
            Auth::None | Auth::Trusted => None,
            Auth::OAuth(verifier) => Some(verifier.resource().metadata_url()),
        }
    }

    pub(crate) fn origin_secrets(&self) -> &OriginSecrets {
        &self.services.origin_secrets
    }

    pub(crate) fn policies(&self) -> Option<&PolicyFolder> {
        self.services.policies.as_ref()
    }

    pub(crate) fn origins(&self) -> &OriginPolicy {
        &self.services.origins
    }

    /// Ends what goes on for as long as its client does: open subscriptions. Calls go on to their end.
    pub fn close(&self) {
        self.closing.send_replace(());
    }

    /// Changes when the gateway is closed.
    pub(crate) fn closing(&self) -> watch::Receiver<()> {
        self.closing.subscribe()
    }

    /// Calls a worker function, in an instance of this tenant's if the function is isolated.
    pub(crate) fn invoke(&self, function: &str, tenant: Option<&str>, payload: Vec<u8>) -> Upstream {
        self.services.invoker.invoke(function, tenant, payload).map_err(Failure::Invoke).boxed()
    }

    /// Has a round of a task run.
    pub(crate) async fn start(&self, ticket: String) -> Result<(), InvokeError> {
        self.services.background.start(self, ticket).await
    }

    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        &self.services.store
    }

    pub(crate) fn workers_share_store(&self) -> bool {
        self.services.workers_share_store
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.services.keys
    }

    /// Whether clients can subscribe to changes.
    pub(crate) fn subscriptions(&self) -> bool {
        self.services.subscriptions
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.services.clock)()
    }
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services").field("catalog", &self.catalog).field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("catalog", &self.services.catalog)
            .field("auth", &self.services.auth)
            .finish_non_exhaustive()
    }
}
