use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};

use super::function::{Function, Options};
use super::guard::Guard;
use super::pool::Pool;

/// The functions of a host by name. They may change while calls run.
#[derive(Debug)]
pub(crate) struct Functions {
    options: Options,
    guard: Arc<Guard>,
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    by_name: HashMap<String, Arc<Pool>>,
    /// Replaced or removed; they keep themselves alive until their last call has ended.
    leaving: Vec<Weak<Pool>>,
}

impl Functions {
    pub(super) fn new(options: Options, guard: Arc<Guard>) -> Self {
        Self { options, guard, state: RwLock::default() }
    }

    pub(super) fn region(&self) -> &str {
        &self.options.region
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<Pool>> {
        self.read().by_name.get(name).cloned()
    }

    /// Serves `function` from now on; says whether it takes the place of another.
    pub(super) fn deploy(&self, function: Function) -> bool {
        let name = function.name.clone();
        let pool = Pool::new(function, &self.options, &self.guard);
        let mut state = self.write();
        let former = state.by_name.insert(name, pool);
        state.dismiss(former)
    }

    /// Serves the function no more; says whether there was one.
    pub(super) fn remove(&self, name: &str) -> bool {
        let mut state = self.write();
        let former = state.by_name.remove(name);
        state.dismiss(former)
    }

    /// All that may have processes.
    pub(super) fn all(&self) -> Vec<Arc<Pool>> {
        let state = self.read();
        state.by_name.values().cloned().chain(state.leaving.iter().filter_map(Weak::upgrade)).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn dismiss(&mut self, former: Option<Arc<Pool>>) -> bool {
        let Some(former) = former else { return false };
        former.drain();
        self.leaving.retain(|pool| pool.strong_count() > 0);
        self.leaving.push(Arc::downgrade(&former));
        true
    }
}
