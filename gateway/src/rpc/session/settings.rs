//! `logging/setLevel`, `resources/subscribe` and `resources/unsubscribe` (rule L-11).

use penstock_protocol::jsonrpc::{self, Request};
use penstock_protocol::meta::LogLevel;
use serde::Deserialize;

use super::{Session, record};
use crate::gateway::Gateway;
use crate::permission::Permission;
use crate::rpc::failure::Failure;
use crate::topics::{self, Topic};

/// Most resources one session hears about.
const MAX_SUBSCRIPTIONS: usize = 256;

/// Most bytes their URIs have together: the record is one item of the store.
const MAX_URIS: usize = 256 * 1024;

#[derive(Deserialize)]
struct LevelParams {
    level: LogLevel,
}

#[derive(Deserialize)]
struct UriParams {
    uri: String,
}

pub(super) async fn change(
    gateway: &Gateway,
    permission: &Permission<'_>,
    session: &Session,
    request: &Request<'_>,
) -> Result<(), Failure> {
    match &*request.method {
        "logging/setLevel" => {
            let LevelParams { level } = params(request)?;
            write(gateway, session, |record| record.level = Some(level)).await
        }
        "resources/subscribe" => {
            let UriParams { uri } = params(request)?;
            subscribe(gateway, permission, session, &uri).await
        }
        _ => {
            let UriParams { uri } = params(request)?;
            write(gateway, session, |record| {
                record.subscriptions.remove(&uri);
            })
            .await
        }
    }
}

async fn subscribe(
    gateway: &Gateway,
    permission: &Permission<'_>,
    session: &Session,
    uri: &str,
) -> Result<(), Failure> {
    match permission.catalog().locate(uri) {
        Some(located) => permission.read(&located, uri)?,
        None => return Err(Failure::UnknownResource { uri: uri.to_owned(), revision: session.revision() }),
    };
    let seen = topics::version(gateway.store().as_ref(), &Topic::Resource(uri.to_owned())).await?;
    let mut fits = true;
    write(gateway, session, |record| {
        let subscriptions = &mut record.subscriptions;
        let bytes = subscriptions.keys().map(String::len).sum::<usize>() + uri.len();
        fits = subscriptions.contains_key(uri) || (subscriptions.len() < MAX_SUBSCRIPTIONS && bytes <= MAX_URIS);
        if fits {
            subscriptions.entry(uri.to_owned()).or_insert(seen);
        }
    })
    .await?;
    if fits { Ok(()) } else { Err(Failure::InvalidParams("uri: this session subscribes to too much".to_owned())) }
}

async fn write(gateway: &Gateway, session: &Session, edit: impl FnMut(&mut super::Record)) -> Result<(), Failure> {
    record::change(gateway.store().as_ref(), &session.token, edit).await
}

fn params<'a, T: Deserialize<'a>>(request: &Request<'a>) -> Result<T, Failure> {
    jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)
}
