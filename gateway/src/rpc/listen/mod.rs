//! `subscriptions/listen`: a stream of what has changed, for as long as both sides last (rules U-1 to U-3).

mod filter;
mod message;

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use http::{Response, StatusCode};
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc::{self, Id, Request};
use serde::Deserialize;
use tokio::time::{Instant, sleep_until};

use super::Incoming;
use super::failure::Failure;
use crate::access::{Access, Outcome};
use crate::gateway::{Gateway, PlatformDeadline};
use crate::http::{Body, response};
use crate::relay::{QUIET, sse};
use crate::topics::{Topic, Watch};
use filter::Filter;

/// How long a stream lasts where the platform sets no time: as long as on the one that does.
const LONGEST: Duration = Duration::from_mins(14);

/// How long before the platform's end the stream ends in good order.
const LAST_WORDS: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
struct ListenParams<'a> {
    #[serde(borrow)]
    notifications: &'a RawValue,
}

/// A subscription nobody has been told of yet.
pub(super) struct Subscription {
    id: Id,
    honoured: Filter,
    changes: BoxStream<'static, Topic>,
    ends: Instant,
}

impl Subscription {
    /// Begins to watch what the client asks for, so that no change behind the acknowledgement is missed.
    pub(super) async fn begin(
        gateway: &Gateway,
        incoming: &Incoming<'_>,
        request: &Request<'_>,
    ) -> Result<Self, Failure> {
        let ListenParams { notifications } = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
        if !notifications.get().starts_with('{') {
            return Err(Failure::InvalidParams("notifications: must be an object".to_owned()));
        }
        let wanted: Filter = jsonrpc::parse_params(Some(notifications))
            .map_err(|reason| Failure::InvalidParams(format!("notifications: {reason}")))?;
        if !incoming.accepts.sse {
            return Err(Failure::EventsOnly);
        }
        let honoured = wanted.honoured(gateway.catalog());
        let watch = Watch::begin(gateway.store().clone(), honoured.topics()).await?;
        let platform = incoming.parts.extensions.get().copied();
        let left = platform.map_or(LONGEST, |PlatformDeadline(at)| {
            at.duration_since(gateway.now()).unwrap_or_default().saturating_sub(LAST_WORDS)
        });
        Ok(Self { id: request.id.clone(), honoured, changes: watch.changes().boxed(), ends: Instant::now() + left })
    }

    /// Answers with the acknowledgement and what follows it.
    pub(super) fn answer(self, mut access: Access) -> Response<Body> {
        access.status(StatusCode::OK);
        let first = message::acknowledgement(&self.id, &self.honoured);
        let listener = Listener {
            id: self.id,
            changes: self.changes,
            ends: self.ends,
            wrote: Instant::now(),
            ended: false,
            access,
        };
        let rest = stream::unfold(listener, async |mut listener| Some((listener.next().await?, listener)));
        response::event_stream(Body::stream(stream::iter([event(&first)]).chain(rest).map(Ok)))
    }
}

/// The other end of the stream. A client that leaves drops it.
struct Listener {
    id: Id,
    changes: BoxStream<'static, Topic>,
    ends: Instant,
    wrote: Instant,
    ended: bool,
    access: Access,
}

impl Listener {
    /// What leaves next; `None` after the end.
    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        let wake = self.ends.min(self.wrote + QUIET);
        let next = tokio::select! {
            Some(topic) = self.changes.next() => {
                self.access.event();
                event(&message::changed(&self.id, &topic))
            }
            () = sleep_until(wake) => self.woken(),
        };
        self.wrote = Instant::now();
        self.access.sent(next.len());
        Some(next)
    }

    fn woken(&mut self) -> Bytes {
        if Instant::now() < self.ends {
            return Bytes::from_static(sse::KEEP_ALIVE);
        }
        self.ended = true;
        self.access.outcome(Outcome::Completed);
        event(&message::end(&self.id))
    }
}

fn event(message: &[u8]) -> Bytes {
    let mut event = BytesMut::with_capacity(message.len() + sse::OPEN.len() + sse::CLOSE.len());
    event.extend_from_slice(sse::OPEN);
    event.extend_from_slice(message);
    event.extend_from_slice(sse::CLOSE);
    event.freeze()
}
