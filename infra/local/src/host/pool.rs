use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::call::{Call, Event, Part, Reply};
use super::ending::Ending;
use super::environment::{Environment, Queue};
use super::function::{Function, Options};
use super::guard::Guard;
use super::output::Output;

/// Asynchronous calls of a function that may wait for their turn.
const MAX_WAITING: usize = 1024;

/// What all environments of a function share.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) function: Function,
    pub(crate) options: Options,
    pub(crate) guard: Arc<Guard>,
    pub(crate) output: Arc<Output>,
}

/// A function and its execution environments: one more for each call that finds none free, the most
/// recently used one first, so that those not needed any more grow old and are stopped. Where tenants are kept apart,
/// a call finds those of its tenant only.
#[derive(Debug)]
pub(crate) struct Pool {
    settings: Arc<Settings>,
    concurrency: Arc<Semaphore>,
    /// Places for asynchronous calls that wait.
    waiting: Arc<Semaphore>,
    /// Most recently used last.
    environments: Mutex<Vec<Arc<Environment>>>,
    /// Environments there have been.
    launches: AtomicUsize,
    tasks: Mutex<JoinSet<()>>,
    /// Whether environments end as soon as they have nothing to do.
    leaving: AtomicBool,
}

/// The function's concurrency is used up.
#[derive(Debug)]
pub(crate) struct Throttled;

impl Pool {
    pub(crate) fn new(function: Function, options: &Options, guard: &Arc<Guard>) -> Arc<Self> {
        let most = options.max_environments.saturating_mul(function.requests_per_environment.get());
        let concurrency = function.reserved_concurrency.unwrap_or(most).min(most);
        let output = Arc::new(Output::new(&function.name));
        let settings = Settings { function, options: options.clone(), guard: Arc::clone(guard), output };
        Arc::new(Self {
            settings: Arc::new(settings),
            concurrency: Arc::new(Semaphore::new(concurrency as usize)),
            waiting: Arc::new(Semaphore::new(MAX_WAITING)),
            environments: Mutex::default(),
            launches: AtomicUsize::new(0),
            tasks: Mutex::default(),
            leaving: AtomicBool::new(false),
        })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Begins a call.
    pub(crate) fn invoke(self: &Arc<Self>, event: Event) -> Result<Reply, Throttled> {
        let permit = Arc::clone(&self.concurrency).try_acquire_owned().map_err(|_| Throttled)?;
        let (call, reply) = Call::new(event, permit);
        self.dispatch(Box::new(call));
        Ok(reply)
    }

    /// Takes a call whose answer nobody waits for. It begins when the function's concurrency allows.
    pub(crate) fn accept(self: &Arc<Self>, event: Event) -> Result<(), Throttled> {
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| Throttled)?;
        self.spawn(Arc::clone(self).run_unread(event, place));
        Ok(())
    }

    async fn run_unread(self: Arc<Self>, event: Event, place: OwnedSemaphorePermit) {
        // Closed when the host stops.
        let Ok(permit) = Arc::clone(&self.concurrency).acquire_owned().await else { return };
        drop(place);
        let (call, mut reply) = Call::new(event, permit);
        self.dispatch(Box::new(call));
        let outcome = loop {
            if let Part::End(outcome) = reply.next().await {
                break outcome;
            }
        };
        if let Err(error) = outcome {
            let function = &self.settings.function.name;
            tracing::warn!(function, "an asynchronous call failed, and is not tried again: {}", error.kind);
        }
    }

    fn dispatch(self: &Arc<Self>, mut call: Box<Call>) {
        let mut environments = self.environments();
        for index in (0..environments.len()).rev() {
            match environments[index].offer(call) {
                Ok(()) => {
                    let used = environments.remove(index);
                    environments.push(used);
                    return;
                }
                Err(refused) => call = refused,
            }
        }
        let alive = environments.iter().filter(|environment| environment.is_alive()).count();
        let is_full = alive >= self.settings.options.max_environments as usize;
        // Other tenants' environments take up room without being of use: the oldest goes.
        let has_room = !is_full || environments.iter().any(|environment| environment.make_room());
        if self.concurrency.is_closed() || !has_room {
            let error = Ending::Stopped.error(&call.request_id);
            return call.fail(error);
        }
        let environment = Environment::new(Arc::clone(&self.settings), call);
        environments.push(Arc::clone(&environment));
        if self.leaving.load(Ordering::Relaxed) {
            environment.leave();
        }
        self.launches.fetch_add(1, Ordering::Relaxed);
        drop(environments);
        self.spawn(environment.run(Arc::clone(self)));
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks();
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Forgets an environment that ended; calls it never saw go to another.
    pub(crate) fn retire(self: &Arc<Self>, environment: &Arc<Environment>, unseen: Queue) {
        self.environments().retain(|other| !Arc::ptr_eq(other, environment));
        for (_, call) in unseen {
            self.dispatch(call);
        }
    }

    /// Lets every environment end once it has nothing to do. Calls that are here already are still served.
    pub(crate) fn drain(&self) {
        // Under the lock: a new environment is told, or is found here.
        let environments = self.environments();
        self.leaving.store(true, Ordering::Relaxed);
        environments.iter().for_each(|environment| environment.leave());
    }

    /// Takes no more calls and ends every environment.
    pub(crate) async fn shut_down(&self) {
        self.concurrency.close();
        for environment in self.environments().iter() {
            environment.doom(Ending::Stopped);
        }
        let mut tasks = std::mem::take(&mut *self.tasks());
        while tasks.join_next().await.is_some() {}
    }

    /// Kills every process at once.
    pub(crate) fn abort(&self) {
        self.concurrency.close();
        self.tasks().abort_all();
    }

    /// Environments that were started so far.
    pub(crate) fn launches(&self) -> usize {
        self.launches.load(Ordering::Relaxed)
    }

    /// Environments that exist now.
    pub(crate) fn size(&self) -> usize {
        self.environments().len()
    }

    fn environments(&self) -> MutexGuard<'_, Vec<Arc<Environment>>> {
        self.environments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
