//! An event stream of what has changed: its pace, its comments and its end.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, Stream, StreamExt as _};
use http::request::Parts;
use http::{Response, StatusCode};
use penstock_protocol::jsonrpc::Id;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::message;
use crate::access::{Access, Outcome};
use crate::gateway::{Gateway, PlatformDeadline};
use crate::http::{Body, response};
use crate::relay::{QUIET, sse};
use crate::rpc::tasks;
use crate::topics::Topic;

/// How long a stream lasts where the platform sets no time: as long as on the one that does.
const LONGEST: Duration = Duration::from_mins(14);

/// How long before the platform's end the stream ends in good order.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Changes on their way to one client. Dropped when the client leaves.
pub(crate) struct News {
    messages: BoxStream<'static, Vec<u8>>,
    /// Told when the gateway stops serving.
    closing: watch::Receiver<()>,
    ends: Instant,
    wrote: Instant,
    /// The request whose stream this is, if it has a response.
    subscription: Option<Id>,
    ended: bool,
}

impl News {
    /// Streams `changes` until shortly before the platform ends the request with these `parts`. Within a
    /// subscription each message has its id, and the response to its request is the last.
    pub(crate) fn new(
        gateway: &Gateway,
        parts: &Parts,
        changes: impl Stream<Item = Topic> + Send + 'static,
        subscription: Option<Id>,
    ) -> Self {
        let left = parts.extensions.get().map_or(LONGEST, |PlatformDeadline(at)| {
            at.duration_since(gateway.now()).unwrap_or_default().saturating_sub(LAST_WORDS)
        });
        let (closing, wrote) = (gateway.closing(), Instant::now());
        let (gateway, id) = (gateway.clone(), subscription.clone());
        let messages = changes.filter_map(move |topic| message(gateway.clone(), topic, id.clone())).boxed();
        Self { messages, closing, ends: wrote + left, wrote, subscription, ended: false }
    }

    /// The response that streams, `first` at its beginning.
    pub(crate) fn answer(self, first: Option<Vec<u8>>, mut access: Access) -> Response<Body> {
        access.status(StatusCode::OK);
        let first = first.map(|message| event(&message));
        access.sent(first.as_ref().map_or(0, Bytes::len));
        let rest = stream::unfold((self, access), async |(mut news, mut access)| {
            let next = news.next(&mut access).await?;
            access.sent(next.len());
            Some((next, (news, access)))
        });
        response::event_stream(Body::stream(stream::iter(first).chain(rest).map(Ok)))
    }

    /// What leaves next; `None` after the end.
    async fn next(&mut self, access: &mut Access) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        let wake = self.ends.min(self.wrote + QUIET);
        let next = tokio::select! {
            message = self.messages.next() => {
                let Some(message) = message else { return self.end(access) };
                access.event();
                event(&message)
            }
            Ok(()) = self.closing.changed() => return self.end(access),
            () = sleep_until(wake) => {
                if Instant::now() >= self.ends {
                    return self.end(access);
                }
                Bytes::from_static(sse::KEEP_ALIVE)
            }
        };
        self.wrote = Instant::now();
        Some(next)
    }

    fn end(&mut self, access: &mut Access) -> Option<Bytes> {
        self.ended = true;
        access.outcome(Outcome::Completed);
        self.subscription.as_ref().map(|id| event(&message::end(id)))
    }
}

/// The message about a change. Of a task that cannot be read now, nothing is told.
async fn message(gateway: Gateway, topic: Topic, subscription: Option<Id>) -> Option<Vec<u8>> {
    match (&topic, &subscription) {
        (Topic::Task(id), Some(subscription)) => tasks::notification(&gateway, id, subscription).await,
        _ => message::changed(subscription.as_ref(), &topic),
    }
}

fn event(message: &[u8]) -> Bytes {
    let mut event = BytesMut::with_capacity(sse::OPEN.len() + message.len() + sse::CLOSE.len());
    event.extend_from_slice(sse::OPEN);
    event.extend_from_slice(message);
    event.extend_from_slice(sse::CLOSE);
    event.freeze()
}
