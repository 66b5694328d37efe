//! What clients subscribe to, as instances tell each other of it: a change is a write under the
//! topic's key in the store, and whoever wants to know looks there.
//!
//! The value means nothing. No two writes of a key have the same version, so the version is the news.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use penstock_protocol::frame::List;
use penstock_store::{Store, StoreError, When, Write};
use ring::digest::{SHA256, digest};
use tokio::time::timeout;

use crate::rpc::tasks::TaskId;

/// How often a listener looks: what a client waits for news, and what a listener costs in reads.
pub(crate) const EVERY: Duration = Duration::from_millis(500);

/// How long a change can be seen; far longer than a listener takes to look.
const KEPT: Duration = Duration::from_hours(1);

/// How long a change may take to be told. A worker's result is worth more than the news that came with it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Topics looked at side by side.
const READS: usize = 8;

/// Something that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Topic {
    /// What a list method answers.
    List(List),
    /// The resource at this URI.
    Resource(String),
    /// A task.
    Task(TaskId),
}

impl Topic {
    /// `topic/<kind>/<name>`. URIs are longer than keys may be, so a digest stands for them. A task's
    /// own record is written whenever there is news of it.
    fn key(&self) -> String {
        match self {
            Self::List(List::Tools) => "topic/list/tools".to_owned(),
            Self::List(List::Prompts) => "topic/list/prompts".to_owned(),
            Self::List(List::Resources) => "topic/list/resources".to_owned(),
            Self::Resource(uri) => {
                format!("topic/resource/{}", URL_SAFE_NO_PAD.encode(digest(&SHA256, uri.as_bytes())))
            }
            Self::Task(id) => id.key(),
        }
    }
}

/// Tells all who listen that a topic has changed.
pub(crate) async fn publish(store: &dyn Store, topic: &Topic, now: SystemTime) -> Result<(), StoreError> {
    let write = Write { value: Bytes::new(), when: When::Always, expires: now + KEPT };
    store.put(&topic.key(), write).await.map(|_| ())
}

/// The same for whoever can do nothing about it if that fails: it is logged, and takes no longer than it is worth.
pub(crate) async fn tell(store: &dyn Store, topic: &Topic, now: SystemTime) {
    match timeout(PATIENCE, publish(store, topic, now)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "a change could not be told"),
        Err(_) => tracing::warn!("a change could not be told in time"),
    }
}

/// Says which change of a topic was the last.
pub(crate) async fn version(store: &dyn Store, topic: &Topic) -> Result<Option<u64>, StoreError> {
    Ok(store.get(&topic.key()).await?.map(|item| item.version))
}

/// Topics somebody listens to, and what was last seen of them.
pub(crate) struct Watch {
    store: Arc<dyn Store>,
    topics: Vec<Watched>,
}

struct Watched {
    topic: Topic,
    key: String,
    seen: Option<u64>,
}

impl Watch {
    /// Begins to watch: whatever changes from now on is news.
    ///
    /// # Errors
    /// If the store does not say what is there now.
    pub(crate) async fn begin(
        store: Arc<dyn Store>,
        topics: impl IntoIterator<Item = Topic>,
    ) -> Result<Self, StoreError> {
        let topics = topics.into_iter().map(|topic| Watched { key: topic.key(), topic, seen: None }).collect();
        let mut watch = Self { store, topics };
        let versions = versions(&watch.store, &keys(&watch.topics)).await;
        for (watched, version) in watch.topics.iter_mut().zip(versions) {
            watched.seen = version?;
        }
        Ok(watch)
    }

    /// Watches exactly these resources beside all else, new ones from the change that is given on.
    pub(crate) fn follow<'a>(&mut self, resources: impl Iterator<Item = (&'a str, Option<u64>)>) {
        let wanted: BTreeMap<&str, Option<u64>> = resources.collect();
        self.topics.retain(|watched| match &watched.topic {
            Topic::List(_) | Topic::Task(_) => true,
            Topic::Resource(uri) => wanted.contains_key(&**uri),
        });
        for (uri, seen) in wanted {
            let topic = Topic::Resource(uri.to_owned());
            if self.topics.iter().all(|watched| watched.topic != topic) {
                self.topics.push(Watched { key: topic.key(), topic, seen });
            }
        }
    }

    /// What has changed since the last look. A topic that cannot be read is looked at again the next time.
    pub(crate) async fn look(&mut self) -> Vec<Topic> {
        let versions = versions(&self.store, &keys(&self.topics)).await;
        let mut changed = Vec::new();
        for (watched, version) in self.topics.iter_mut().zip(versions) {
            match version {
                // An item that is gone has expired: nothing happened for long.
                Ok(None) => {}
                Ok(version) if version == watched.seen => {}
                Ok(version) => {
                    watched.seen = version;
                    changed.push(watched.topic.clone());
                }
                Err(error) => tracing::warn!(%error, "a topic could not be read"),
            }
        }
        changed
    }

    /// Looks again and again: every change in its turn, without end.
    pub(crate) fn changes(self) -> impl Stream<Item = Topic> + Send + 'static {
        let looks = stream::unfold(self, |mut watch| async {
            tokio::time::sleep(EVERY).await;
            Some((watch.look().await, watch))
        });
        looks.flat_map(stream::iter)
    }
}

fn keys(topics: &[Watched]) -> Vec<String> {
    topics.iter().map(|watched| watched.key.clone()).collect()
}

async fn versions(store: &Arc<dyn Store>, keys: &[String]) -> Vec<Result<Option<u64>, StoreError>> {
    let reads = keys.iter().cloned().map(|key| {
        let store = store.clone();
        async move { store.get(&key).await.map(|item| item.map(|item| item.version)) }
    });
    stream::iter(reads).buffered(READS).collect().await
}
