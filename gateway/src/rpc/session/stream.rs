//! GET: a stream of what changes in what a session wants to hear about (rules L-4 and L-11).
//!
//! Nothing is replayed (rule L-7). A client that was away is told of what changed in its resources
//! since it subscribed, perhaps again: reading one resource too often is better than never.

use std::sync::Arc;

use futures_util::stream::{self, Stream, StreamExt as _};
use http::Response;
use http::request::Parts;
use penstock_protocol::call::Caller;
use penstock_protocol::frame::List;

use super::{Record, Session};
use crate::access::Access;
use crate::gateway::Gateway;
use crate::http::{Accepts, Body, response};
use crate::rpc::exchange::spoken;
use crate::rpc::failure::Failure;
use crate::rpc::listen::News;
use crate::rpc::{Incoming, refuse_with};
use crate::topics::{EVERY, Topic, Watch};

/// Opens the stream of the session the request names. Without subscriptions there is nothing to hear.
pub(crate) async fn open(gateway: &Gateway, parts: &Parts, caller: Option<Caller>) -> Response<Body> {
    let mut access = Access::new("session stream");
    match news(gateway, parts, caller).await {
        Ok(Some((session, news))) => {
            access.revision(session.revision());
            news.answer(None, access)
        }
        Ok(None) => {
            access.status(http::StatusCode::METHOD_NOT_ALLOWED);
            response::not_an_mcp_method(gateway)
        }
        Err(failure) => {
            let status = failure.status_alone();
            refuse_with(access, None, &failure, status)
        }
    }
}

/// `None` where the method is not served: with subscriptions off, in 2026-07-28, and outside a session.
async fn news(gateway: &Gateway, parts: &Parts, caller: Option<Caller>) -> Result<Option<(Session, News)>, Failure> {
    if !gateway.subscriptions() {
        return Ok(None);
    }
    let accepts = Accepts::from_headers(&parts.headers).filter(|accepts| accepts.sse).ok_or(Failure::EventsOnly)?;
    let incoming = Incoming { parts, body: &[], caller, accepts, session: None };
    let (_, Some(session)) = spoken(gateway, &incoming).await? else { return Ok(None) };
    let mut watch = Watch::begin(Arc::clone(gateway.store()), lists(gateway, incoming.caller.as_ref())).await?;
    watch.follow(session.record().resources());
    let news = News::new(gateway, parts, changes(gateway, &session, watch), None);
    Ok(Some((session, news)))
}

/// The lists this gateway has for a caller.
fn lists(gateway: &Gateway, caller: Option<&Caller>) -> impl Iterator<Item = Topic> + use<> {
    let served = gateway.catalog().now();
    let catalog = served.of(caller);
    let lists =
        [(List::Tools, true), (List::Prompts, catalog.has_prompts()), (List::Resources, catalog.has_resources())];
    lists.into_iter().filter_map(|(list, there)| there.then_some(Topic::List(list)))
}

/// What changes until the session ends. What the session subscribes to meanwhile counts too.
fn changes(gateway: &Gateway, session: &Session, watch: Watch) -> impl Stream<Item = Topic> + Send + 'static {
    let (store, id) = (Arc::clone(gateway.store()), session.id().to_owned());
    let looks = stream::unfold((store, id, watch), |(store, id, mut watch)| async {
        tokio::time::sleep(EVERY).await;
        match Record::read(store.as_ref(), &id).await {
            Ok(record) if record.ended => return None,
            Ok(record) => watch.follow(record.resources()),
            Err(error) => tracing::warn!(%error, "a session could not be read"),
        }
        Some((watch.look().await, (store, id, watch)))
    });
    looks.flat_map(stream::iter)
}
