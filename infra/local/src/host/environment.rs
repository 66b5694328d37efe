//! An execution environment: one process, the Runtime API only it sees, and the calls it has.

use std::collections::{HashMap, VecDeque};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::call::{Answer, Call, Event, ReaderGone};
use super::ending::Ending;
use super::error::FunctionError;
use super::listener;
use super::pool::{Pool, Settings};
use super::process::Process;
use super::runtime_api;
use super::tenant::Tenant;

/// Limits of time shorter than this are looked at no more often.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);

/// An execution environment, from its start to the end of its process.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) settings: Arc<Settings>,
    /// That of its first call, and of every other.
    tenant: Option<Tenant>,
    state: Mutex<State>,
    /// A call was queued.
    work: Notify,
    /// [`Phase`] changed in a way that ends the environment.
    attention: Notify,
    /// How it ended, for uploads that broke off and need to know why.
    ending: watch::Sender<Option<Ending>>,
}

/// Calls that wait, each with the time it was queued.
pub(crate) type Queue = VecDeque<(Instant, Box<Call>)>;

#[derive(Debug)]
struct State {
    phase: Phase,
    queue: Queue,
    /// Calls handed to the process, by request id.
    active: HashMap<String, Active>,
    last_used: Instant,
    /// To be ended once there is nothing to do.
    leaving: bool,
}

#[derive(Debug)]
enum Phase {
    /// The process has not asked for work yet.
    Starting,
    Ready,
    /// To be ended for this reason.
    Doomed(Ending),
    Ended,
}

#[derive(Debug)]
struct Active {
    deadline: Instant,
    reader_gone: ReaderGone,
    /// Taken by the response when it begins.
    chunks: Option<mpsc::Sender<bytes::Bytes>>,
    /// Taken when the call is over; a call that timed out stays here, without it, for as long as
    /// the process works on it.
    verdict: Option<(oneshot::Sender<Result<(), FunctionError>>, OwnedSemaphorePermit)>,
}

/// A call as it is handed to the process.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) request_id: String,
    pub(crate) event: Event,
}

/// A response that may begin.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) chunks: mpsc::Sender<bytes::Bytes>,
    pub(crate) reader_gone: ReaderGone,
}

/// Why a response may not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No call of this id, or it was answered already.
    Unknown,
    /// The call timed out meanwhile.
    Over,
    /// It says itself that it is meant for another call.
    Misdirected,
}

impl Environment {
    /// An environment whose first call is the one it is started for.
    pub(crate) fn new(settings: Arc<Settings>, first: Box<Call>) -> Arc<Self> {
        let now = Instant::now();
        let tenant = first.event.tenant.clone();
        let queue = VecDeque::from([(now, first)]);
        let state = State { phase: Phase::Starting, queue, active: HashMap::new(), last_used: now, leaving: false };
        Arc::new(Self {
            settings,
            tenant,
            state: Mutex::new(state),
            work: Notify::new(),
            attention: Notify::new(),
            ending: watch::Sender::new(None),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_alive(&self) -> bool {
        matches!(self.state().phase, Phase::Starting | Phase::Ready)
    }

    /// Queues a call here, or gives it back if there is no room, or none for its tenant.
    pub(crate) fn offer(&self, call: Box<Call>) -> Result<(), Box<Call>> {
        if call.event.tenant != self.tenant {
            return Err(call);
        }
        let mut state = self.state();
        let room = self.settings.function.requests_per_environment.get() as usize;
        if !matches!(state.phase, Phase::Starting | Phase::Ready) || state.queue.len() + state.active.len() >= room {
            return Err(call);
        }
        state.queue.push_back((Instant::now(), call));
        drop(state);
        self.work.notify_one();
        Ok(())
    }

    /// Waits for a call and hands it out. Dropping the future loses none.
    pub(crate) async fn next(&self) -> Delivery {
        loop {
            if let Some(delivery) = self.take() {
                return delivery;
            }
            self.work.notified().await;
        }
    }

    fn take(&self) -> Option<Delivery> {
        let mut state = self.state();
        if matches!(state.phase, Phase::Starting) {
            state.phase = Phase::Ready;
            self.attention.notify_one();
        }
        let Call { request_id, event, answer } = *state.queue.pop_front()?.1;
        let Answer { chunks, outcome, permit } = answer;
        let active = Active {
            deadline: Instant::now() + self.settings.function.timeout,
            reader_gone: event.reader_gone,
            chunks: Some(chunks),
            verdict: Some((outcome, permit)),
        };
        state.active.insert(request_id.clone(), active);
        Some(Delivery { request_id, event })
    }

    /// The process begins to answer a call.
    pub(crate) fn begin(&self, request_id: &str) -> Result<Upload, Refusal> {
        let mut state = self.state();
        let active = state.active.get_mut(request_id).ok_or(Refusal::Unknown)?;
        if active.verdict.is_none() {
            state.active.remove(request_id);
            return Err(Refusal::Over);
        }
        let chunks = active.chunks.take().ok_or(Refusal::Unknown)?;
        Ok(Upload { chunks, reader_gone: active.reader_gone })
    }

    /// A call is over as far as the process is concerned: there is room for another.
    pub(crate) fn finish(&self, request_id: &str, outcome: Result<(), FunctionError>) {
        let mut state = self.state();
        let Some(active) = state.active.remove(request_id) else { return };
        state.last_used = Instant::now();
        if state.leave_if_done() {
            self.attention.notify_one();
        }
        drop(state);
        if let Some((sender, permit)) = active.verdict {
            // The caller's next call must find the concurrency of this one free.
            drop(permit);
            let _ = sender.send(outcome);
        }
    }

    /// Ends the environment as soon as it has nothing to do.
    pub(crate) fn leave(&self) {
        let mut state = self.state();
        state.leaving = true;
        if state.leave_if_done() {
            self.attention.notify_one();
        }
    }

    /// Ends the environment if it has nothing to do; says whether that is so.
    pub(crate) fn make_room(&self) -> bool {
        let mut state = self.state();
        let idle = state.is_idle() && matches!(state.phase, Phase::Starting | Phase::Ready);
        if idle {
            state.phase = Phase::Doomed(Ending::Idle);
            self.attention.notify_one();
        }
        idle
    }

    /// Ends the environment for the reason given, unless it is ending already.
    pub(crate) fn doom(&self, ending: Ending) {
        let mut state = self.state();
        if matches!(state.phase, Phase::Starting | Phase::Ready) {
            state.phase = Phase::Doomed(ending);
            self.attention.notify_one();
        }
    }

    /// How the environment ended, once it has.
    pub(crate) async fn ended(&self) -> Ending {
        let mut ending = self.ending.subscribe();
        let ended = ending.wait_for(Option::is_some).await;
        ended.ok().and_then(|ending| ending.clone()).unwrap_or(Ending::Stopped)
    }

    /// Runs the environment to its end.
    pub(crate) async fn run(self: Arc<Self>, pool: Arc<Pool>) {
        match self.launch().await {
            Err(error) => pool.retire(&self, self.conclude(Ending::Launch(error.to_string()))),
            Ok((mut process, listener)) => {
                let life = async {
                    let ending = self.supervise(&mut process).await;
                    process.end().await;
                    pool.retire(&self, self.conclude(ending));
                };
                // What the process wrote before it died is still in its connections: the server
                // outlives it until they are read to their end.
                let environment = Arc::clone(&self);
                let handler = move |request| runtime_api::handle(Arc::clone(&environment), request);
                let server = listener::serve(listener, handler, async { drop(self.ended().await) });
                tokio::join!(life, server);
            }
        }
    }

    async fn launch(&self) -> std::io::Result<(Process, TcpListener)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let Settings { function, options, guard, output } = &*self.settings;
        let process = Process::start(function, options, listener.local_addr()?, guard, output)?;
        Ok((process, listener))
    }

    async fn supervise(&self, process: &mut Process) -> Ending {
        loop {
            let wake = match self.check(Instant::now()) {
                Ok(wake) => wake,
                Err(ending) => return ending,
            };
            tokio::select! {
                status = process.exited() => return Ending::exited(status),
                () = sleep_until(wake) => {}
                () = self.attention.notified() => {}
            }
        }
    }

    /// Enforces every limit of time; says when to look again. Nothing can fall due before that: a
    /// call that begins later also ends later.
    fn check(&self, now: Instant) -> Result<Instant, Ending> {
        let Settings { function, options, .. } = &*self.settings;
        let mut state = self.state();
        match &state.phase {
            Phase::Doomed(ending) => return Err(ending.clone()),
            Phase::Ended => return Err(Ending::Stopped),
            Phase::Starting => {
                let limit = state.last_used + options.init_limit;
                return if limit <= now { Err(Ending::InitTimeout(options.init_limit)) } else { Ok(limit) };
            }
            Phase::Ready => {}
        }
        let timed_out = state.expire(now, function.timeout);
        let stuck = state.queue.front().is_some_and(|(since, _)| *since + function.timeout <= now);
        let idle = state.is_idle() && state.last_used + options.idle <= now;
        if stuck || (timed_out && !function.is_concurrent()) || idle {
            // From here on no call may be queued.
            state.phase = Phase::Ended;
            return Err(if idle { Ending::Idle } else { Ending::Timeout(function.timeout) });
        }
        let due = state.active.values().filter(|active| active.verdict.is_some()).map(|active| active.deadline);
        let due = due.chain(state.queue.front().map(|(since, _)| *since + function.timeout));
        let due = due.chain((state.last_used + options.idle > now).then_some(state.last_used + options.idle));
        let pause = function.timeout.min(options.idle).max(SHORTEST_PAUSE);
        Ok(due.fold(now + pause, Instant::min))
    }

    /// Answers every call the process will not answer any more. Calls it never saw are returned, if
    /// it is worth giving them to another environment.
    fn conclude(&self, ending: Ending) -> Queue {
        let mut state = self.state();
        let was_ready = matches!(state.phase, Phase::Ready);
        state.phase = Phase::Ended;
        let mut unseen = std::mem::take(&mut state.queue);
        if !was_ready {
            for (_, call) in unseen.drain(..) {
                let error = ending.error(&call.request_id);
                call.fail(error);
            }
        }
        // A response that has begun may be complete in its connection: its upload decides.
        for (request_id, mut active) in state.active.extract_if(|_, active| active.chunks.is_some()) {
            if let Some((sender, permit)) = active.verdict.take() {
                drop(permit);
                let _ = sender.send(Err(ending.error(&request_id)));
            }
        }
        drop(state);
        ending.log(&self.settings.function.name);
        self.ending.send_replace(Some(ending));
        unseen
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.active.is_empty()
    }

    /// Takes no call any more if there is none left and none wanted; says whether that is so.
    fn leave_if_done(&mut self) -> bool {
        let done = self.leaving && self.is_idle();
        if done && matches!(self.phase, Phase::Starting | Phase::Ready) {
            self.phase = Phase::Doomed(Ending::Idle);
        }
        done
    }

    /// Tells the callers of calls past their deadline; says whether there were any.
    fn expire(&mut self, now: Instant, timeout: Duration) -> bool {
        let mut any = false;
        for (request_id, active) in self.active.iter_mut().filter(|(_, active)| active.deadline <= now) {
            if let Some((sender, permit)) = active.verdict.take() {
                drop(permit);
                let _ = sender.send(Err(FunctionError::timed_out(request_id, timeout)));
                any = true;
            }
        }
        any
    }
}
