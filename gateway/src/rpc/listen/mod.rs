//! `subscriptions/listen`: a stream of what has changed, for as long as both sides last (rules U-1 to U-3).

mod filter;
mod message;
mod news;

pub(crate) use news::News;

use http::Response;
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc::{self, Id, Request};
use serde::Deserialize;

use super::Incoming;
use super::exchange::Exchange;
use super::failure::Failure;
use super::tasks;
use crate::access::Access;
use crate::gateway::Gateway;
use crate::http::Body;
use crate::permission::Permission;
use crate::topics::Watch;
use filter::Filter;

#[derive(Deserialize)]
struct ListenParams<'a> {
    #[serde(borrow)]
    notifications: &'a RawValue,
}

/// A subscription nobody has been told of yet.
pub(super) struct Subscription {
    id: Id,
    honoured: Filter,
    news: News,
}

impl Subscription {
    /// Begins to watch what the client asks for, so that no change behind the acknowledgement is missed.
    pub(super) async fn begin(
        gateway: &Gateway,
        incoming: &Incoming<'_>,
        permission: &Permission<'_>,
        exchange: &Exchange<'_>,
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
        let tasks = tasks::watched(gateway, exchange, incoming.caller.as_ref(), &wanted.task_ids).await?;
        let honoured = wanted.honoured(permission, tasks);
        let watch = Watch::begin(gateway.store().clone(), honoured.topics()).await?;
        let news = News::new(gateway, incoming.parts, watch.changes(), Some(request.id.clone()));
        Ok(Self { id: request.id.clone(), honoured, news })
    }

    /// Answers with the acknowledgement and what follows it.
    pub(super) fn answer(self, access: Access) -> Response<Body> {
        self.news.answer(Some(message::acknowledgement(&self.id, &self.honoured)), access)
    }
}
