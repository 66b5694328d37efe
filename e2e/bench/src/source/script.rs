//! What a function writes, and when.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use tokio::sync::Semaphore;

/// Progress events of a streaming call.
pub(crate) const EVENTS: u32 = 100;

/// Bytes of a chunk of a large result: what one read of a socket yields at best.
const CHUNK: usize = 64 * 1024;

/// What a function does; its name says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// A small result.
    Result,
    /// The same, and the connection ends with it.
    Last,
    /// [`EVENTS`] events, each when the one before it has been seen.
    Paced,
    /// [`EVENTS`] events, each flushed by itself, none waited for.
    Burst,
    /// This many MB of events of 1 KB.
    Events(u32),
    /// A result of this many MB.
    LargeResult(u32),
}

/// Lets a paced script go on, event by event. Clones are one.
#[derive(Debug, Clone)]
pub(crate) struct Pace(Arc<Semaphore>);

impl Default for Pace {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Pace {
    /// Nothing has been seen of the next stream: only its first event may go.
    pub(crate) fn reset(&self) {
        self.0.forget_permits(usize::MAX);
        self.release(1);
    }

    /// Lets that many more events go.
    pub(crate) fn release(&self, events: usize) {
        self.0.add_permits(events);
    }
}

impl Script {
    /// The script of that name, e.g. `paced` or `events-10`.
    pub(super) fn named(name: &str) -> Option<Self> {
        let megabytes = |prefix: &str| name.strip_prefix(prefix)?.parse().ok();
        match name {
            "result" => Some(Self::Result),
            "last" => Some(Self::Last),
            "paced" => Some(Self::Paced),
            "burst" => Some(Self::Burst),
            _ => megabytes("events-").map(Self::Events).or_else(|| megabytes("result-").map(Self::LargeResult)),
        }
    }

    /// The lines a worker writes, in the chunks it writes them in.
    pub(super) fn frames(self) -> Box<dyn Iterator<Item = Bytes> + Send + Sync> {
        let result = Bytes::from_static(b"{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}\n");
        match self {
            Self::Result | Self::Last => Box::new([result].into_iter()),
            Self::Paced | Self::Burst => Box::new((1..=EVENTS).map(|step| progress(step, EVENTS, 0)).chain([result])),
            Self::Events(megabytes) => {
                let events = megabytes * 1000;
                Box::new((1..=events).map(move |step| progress(step, events, 930)).chain([result]))
            }
            Self::LargeResult(megabytes) => {
                let head = Bytes::from_static(b"{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"");
                let pieces =
                    std::iter::repeat_n(Bytes::from(vec![b'x'; CHUNK]), megabytes as usize * 1_000_000 / CHUNK);
                Box::new([head].into_iter().chain(pieces).chain([Bytes::from_static(b"\"}]}}\n")]))
            }
        }
    }

    /// `pieces` as a body that is written at the script's pace.
    pub(super) fn pieces(
        self,
        pace: &Pace,
        pieces: impl Iterator<Item = Bytes> + Send + Sync + 'static,
    ) -> BoxBody<Bytes, Infallible> {
        let body = stream::unfold((pieces, pace.clone()), move |(mut pieces, pace)| async move {
            let piece = pieces.next()?;
            match self {
                Self::Paced => pace.0.acquire().await.ok()?.forget(),
                // A body that has nothing for a moment is flushed.
                Self::Burst => tokio::task::yield_now().await,
                _ => {}
            }
            Some((Ok(Frame::data(piece)), (pieces, pace)))
        });
        StreamBody::new(body).boxed()
    }
}

fn progress(step: u32, total: u32, padding: usize) -> Bytes {
    let frame = format!(
        "{{\"progress\":{{\"progress\":{step},\"total\":{total},\"message\":\"step {step} of {total} done{:padding$}\"}}}}\n",
        ""
    );
    frame.into()
}
