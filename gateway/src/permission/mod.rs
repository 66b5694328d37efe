//! What a caller may use: entries whose scopes it has, and what policies let it do with them.

mod folder;
mod tenant;
mod view;

pub use folder::{InvalidPolicyFolder, PolicyFolder};

use std::sync::Arc;

use penstock_policy::{Action, Decision, Input, Question};
use penstock_protocol::call::Caller;
use penstock_protocol::manifest::Kind;

use crate::auth::{self, Auth};
use crate::catalog::{Library, Located, Served, Snapshot, Worker};
use crate::gateway::Gateway;
use crate::rpc::challenge::InsufficientScope;
use crate::rpc::failure::Failure;
use folder::Current;

/// What one caller may use.
pub(crate) struct Permission<'a> {
    gateway: &'a Gateway,
    catalog: Arc<Snapshot>,
    who: Who<'a>,
    policies: Option<Arc<Current>>,
}

/// For whom it is asked.
#[derive(Clone, Copy)]
enum Who<'a> {
    /// Callers are not told apart: whoever is admitted may use everything.
    Anyone,
    /// They are, and this is none.
    Nobody,
    Caller(&'a Caller),
}

/// An entry somebody wants to use.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) action: Action,
    pub(crate) kind: Kind,
    pub(crate) name: &'a str,
    pub(crate) worker: &'a Worker,
}

impl<'a> Permission<'a> {
    /// The permission of a caller to use what it is served, by the policies of this moment.
    pub(crate) async fn of(gateway: &'a Gateway, served: &Arc<Served>, caller: Option<&'a Caller>) -> Self {
        let policies = match gateway.policies() {
            Some(policies) => Some(policies.current(served).await.of(caller).clone()),
            None => None,
        };
        Self { gateway, catalog: served.of(caller).clone(), who: Who::of(gateway, caller), policies }
    }

    /// What there is to be used.
    pub(crate) fn catalog(&self) -> &Snapshot {
        &self.catalog
    }

    /// Whether the caller may know of an entry: it has the scopes, there is a way to use the entry that no policy
    /// forbids, and there are instances that serve the caller.
    ///
    /// # Errors
    /// [`Failure::InsufficientScope`], [`Failure::NoTenant`] or [`Failure::Denied`].
    pub(crate) fn see(&self, wanted: Wanted<'_>) -> Result<(), Failure> {
        self.admits(wanted.worker)?;
        self.decide(wanted, Input::Any).map(|_| ())
    }

    /// Whether the caller may use an entry in this way, and by which policies.
    ///
    /// # Errors
    /// As [`Permission::see`].
    pub(crate) fn make_use(&self, wanted: Wanted<'_>, input: Input<'_>) -> Result<Option<Decision>, Failure> {
        self.admits(wanted.worker)?;
        self.decide(wanted, input)
    }

    /// Whether the caller may read what is at a URI.
    ///
    /// # Errors
    /// As [`Permission::see`].
    pub(crate) fn read(&self, located: &Located<'_>, uri: &str) -> Result<Option<Decision>, Failure> {
        let Located { kind, name, worker, ref variables } = *located;
        let wanted = Wanted { action: Action::ReadResource, kind, name, worker };
        self.make_use(wanted, Input::Uri(uri, variables))
    }

    /// Whether some callers may use an entry and others may not, or not this version of it, or callers use it apart from
    /// each other.
    pub(crate) fn tells_apart(&self, worker: &Worker) -> bool {
        let restricted = self.policies.is_some() || !worker.scopes.is_empty() || worker.isolation.is_some();
        !matches!(self.who, Who::Anyone) && (restricted || self.catalog.varies())
    }

    /// Who is meant: the same text for the same caller and client only.
    pub(crate) fn reader(&self) -> String {
        match self.who {
            Who::Anyone | Who::Nobody => auth::principal(None),
            Who::Caller(caller) => auth::principal(Some(caller)),
        }
    }

    fn admits(&self, worker: &Worker) -> Result<(), Failure> {
        self.has_scopes(&worker.scopes)?;
        self.has_tenant(worker)
    }

    fn has_scopes(&self, needed: &[String]) -> Result<(), Failure> {
        match self.who {
            Who::Anyone => Ok(()),
            Who::Nobody => Err(Failure::Denied(Decision::default())),
            Who::Caller(caller) if grants(caller, needed) => Ok(()),
            Who::Caller(_) => Err(Failure::InsufficientScope(InsufficientScope {
                scopes: needed.to_owned(),
                resource_metadata: self.gateway.resource_metadata().map(str::to_owned),
            })),
        }
    }

    fn decide(&self, wanted: Wanted<'_>, input: Input<'_>) -> Result<Option<Decision>, Failure> {
        let (Who::Caller(caller), Some(current)) = (self.who, &self.policies) else { return Ok(None) };
        let Wanted { action, kind, name, .. } = wanted;
        let decision =
            current.policies.decide(&Question { caller, action, kind, name, input, now: self.gateway.now() });
        if decision.allowed { Ok(Some(decision)) } else { Err(Failure::Denied(decision)) }
    }
}

/// Whether somebody has the scopes to see anything of a library.
pub(crate) fn may_see(gateway: &Gateway, caller: Option<&Caller>, library: &Library) -> bool {
    match Who::of(gateway, caller) {
        Who::Anyone => true,
        Who::Nobody => false,
        Who::Caller(caller) => grants(caller, library.scopes()),
    }
}

impl<'a> Who<'a> {
    fn of(gateway: &Gateway, caller: Option<&'a Caller>) -> Self {
        match caller {
            Some(caller) => Self::Caller(caller),
            None if matches!(gateway.auth(), Auth::None) => Self::Anyone,
            None => Self::Nobody,
        }
    }
}

fn grants(caller: &Caller, needed: &[String]) -> bool {
    needed.iter().all(|scope| caller.scopes.contains(scope))
}
