//! The part of a list one caller may see.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_policy::Action;
use penstock_protocol::call::Caller;
use ring::digest::{Context, SHA256};

use super::folder::Current;
use super::{Permission, Who, grants, tenant};
use crate::catalog::{ListKind, Listed};

/// How exact time is in lists, in seconds: what policies say of it, is looked up this often.
const STEP: u64 = 10;

impl Permission<'_> {
    /// Which entries of a list the caller may see, in their order. `None`: the list is the same for every caller.
    pub(crate) fn view(&self, kind: ListKind) -> Option<Vec<bool>> {
        let listed = self.catalog.listed(kind);
        match self.who {
            Who::Anyone => None,
            Who::Nobody => Some(vec![false; listed.len()]),
            Who::Caller(_) if self.policies.is_none() && !self.catalog.is_restricted() && !self.catalog.varies() => {
                None
            }
            Who::Caller(caller) => {
                let permitted = self.policies.as_ref().map(|current| self.permitted(current, caller, kind));
                let by_policy = |at: usize| permitted.as_ref().is_none_or(|permitted| permitted[at]);
                let admits = |one: &Listed| grants(caller, &one.scopes) && tenant::suffices(caller, one.isolation);
                let may_see = |at, one: &Listed| one.built_in || (admits(one) && by_policy(at));
                let seen = listed.iter().enumerate().map(|(at, one)| may_see(at, one));
                Some(seen.collect())
            }
        }
    }

    fn permitted(&self, current: &Current, caller: &Caller, kind: ListKind) -> Arc<[bool]> {
        let entries = kind.entries();
        // Where no policy asks for the time, what was found out once stays.
        let timed = current.policies.depends_on_time(Action::of(entries));
        let now = if timed { step(self.gateway.now()) } else { UNIX_EPOCH };
        current.views.get_with(key(caller, (self.catalog.serial(), kind), now), || {
            let names = self.catalog.listed(kind).iter().map(|one| &*one.name);
            current.policies.visible(caller, entries, names, now).into()
        })
    }
}

/// The last moment lists know of.
fn step(now: SystemTime) -> SystemTime {
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    UNIX_EPOCH + Duration::from_secs(seconds - seconds % STEP)
}

/// What a view depends on, beside the policies.
fn key(caller: &Caller, (catalog, kind): (u64, ListKind), now: SystemTime) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(&catalog.to_be_bytes());
    context.update(&[kind as u8]);
    context.update(&now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_be_bytes());
    context.update(&serde_json::to_vec(caller).unwrap_or_default());
    context.finish().as_ref().try_into().unwrap_or_default()
}
