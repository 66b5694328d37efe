//! One timer a call: quiet spells and the deadline.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// How long a stream may be quiet, before the first byte and between two: below CloudFront's
/// origin response timeout (30 s unless raised) with room for a slow network (rules E-4 and T-7).
pub(crate) const QUIET: Duration = Duration::from_secs(10);

/// How long a worker may take to end its stream after its last frame before the connection is given up.
pub(super) const RELEASE: Duration = Duration::from_secs(1);

/// What the passing of time means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wake {
    /// Nothing was written for a while.
    Quiet,
    /// The call has had all the time it gets.
    Deadline,
}

/// Fires after a quiet spell and at the deadline. Writing is noted, not re-armed: an event costs a
/// clock read, not a trip through the timer wheel.
#[derive(Debug)]
pub(super) struct Timer {
    deadline: Instant,
    wrote: Instant,
    sleep: Pin<Box<Sleep>>,
}

impl Timer {
    pub(super) fn new(deadline: Instant) -> Self {
        let now = Instant::now();
        Self { deadline, wrote: now, sleep: Box::pin(sleep_until(deadline.min(now + QUIET))) }
    }

    /// Notes that something left for the client.
    pub(super) fn wrote(&mut self) {
        self.wrote = Instant::now();
    }

    /// Grants another span of time.
    pub(super) fn set_deadline(&mut self, deadline: Instant) {
        self.deadline = deadline;
        self.sleep.as_mut().reset(deadline.min(self.wrote + QUIET));
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Wake> {
        loop {
            ready!(self.sleep.as_mut().poll(cx));
            let now = Instant::now();
            if now >= self.deadline {
                return Poll::Ready(Wake::Deadline);
            }
            let quiet = now >= self.wrote + QUIET;
            if quiet {
                self.wrote = now;
            }
            self.sleep.as_mut().reset(self.deadline.min(self.wrote + QUIET));
            if quiet {
                return Poll::Ready(Wake::Quiet);
            }
        }
    }
}
