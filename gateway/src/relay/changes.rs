//! What a worker says has changed, told to all who subscribed before anything behind it is read.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use penstock_protocol::Bytes;
use penstock_protocol::frame::{Changed, List};
use penstock_protocol::manifest::Kind;
use tokio::task::JoinHandle;

use crate::catalog::Snapshot;
use crate::gateway::Gateway;
use crate::topics::{self, Topic};

/// Tells of changes, one after the other.
#[derive(Debug)]
pub(crate) struct Changes {
    /// `None` where nobody can subscribe.
    gateway: Option<Gateway>,
    /// Its own task: a client that leaves takes the relay with it, but not the news for others.
    telling: Option<JoinHandle<()>>,
}

impl Changes {
    /// Tells of changes if clients of this gateway can subscribe to them.
    pub(crate) fn of(gateway: &Gateway) -> Self {
        Self { gateway: gateway.subscriptions().then(|| gateway.clone()), telling: None }
    }

    /// Begins to tell of the change a `changed` frame holds. What this gateway does not serve is dropped.
    pub(super) fn tell(&mut self, frame: &Bytes) {
        let Some(gateway) = self.gateway.clone() else { return };
        let served = gateway.catalog().now();
        let changed: Option<Changed> = serde_json::from_slice(frame).ok();
        let topic = changed.and_then(|changed| served.iter().find_map(|catalog| topic(catalog, &changed)));
        let Some(topic) = topic else {
            return tracing::warn!("a worker tells of a change in what is not served");
        };
        match topic {
            Topic::List(List::Prompts) => gateway.catalog().outdate(Kind::Prompt),
            Topic::List(List::Resources) => gateway.catalog().outdate(Kind::Resource),
            _ => {}
        }
        self.telling =
            Some(tokio::spawn(async move { topics::tell(gateway.store().as_ref(), &topic, gateway.now()).await }));
    }

    pub(super) fn is_telling(&self) -> bool {
        self.telling.is_some()
    }

    /// Ready when nothing is being told; true once after something was.
    pub(super) fn poll_told(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        let Some(telling) = &mut self.telling else { return Poll::Ready(false) };
        let _ = ready!(Pin::new(telling).poll(cx));
        self.telling = None;
        Poll::Ready(true)
    }
}

/// The topic of a change, if a catalog serves what has changed.
fn topic(catalog: &Snapshot, changed: &Changed) -> Option<Topic> {
    match changed {
        Changed::List(List::Prompts) if !catalog.has_prompts() => None,
        Changed::List(List::Resources) if !catalog.has_resources() => None,
        Changed::List(list) => Some(Topic::List(*list)),
        // What a library lists may not have been heard of here.
        Changed::Resource(uri) => {
            let may_be_listed = catalog.libraries(Kind::Resource).next().is_some();
            (may_be_listed || catalog.locate(uri).is_some()).then(|| Topic::Resource(uri.clone()))
        }
    }
}
