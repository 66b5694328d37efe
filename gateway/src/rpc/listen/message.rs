//! The messages of a subscription; all carry its id (rules M-8 and U-2).

use penstock_protocol::frame::List;
use penstock_protocol::jsonrpc::Id;
use serde::Serialize;
use serde_json::Value;

use super::filter::Filter;
use crate::identity;
use crate::topics::Topic;

/// The id of the `subscriptions/listen` request, which is that of the subscription.
#[derive(Debug, Serialize)]
struct Tag<'a> {
    #[serde(rename = "io.modelcontextprotocol/subscriptionId")]
    subscription: &'a Id,
    #[serde(rename = "io.modelcontextprotocol/serverInfo", skip_serializing_if = "Option::is_none")]
    server: Option<Value>,
}

#[derive(Serialize)]
struct Notification<'a> {
    jsonrpc: &'static str,
    method: &'static str,
    params: Params<'a>,
}

#[derive(Serialize)]
struct Params<'a> {
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    tag: Option<Tag<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notifications: Option<&'a Filter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<&'a str>,
}

/// The first message: what the client will hear about.
pub(super) fn acknowledgement(id: &Id, honoured: &Filter) -> Vec<u8> {
    let params = Params { tag: tag(Some(id)), notifications: Some(honoured), uri: None };
    notification("notifications/subscriptions/acknowledged", params)
}

/// A topic has changed; told within a subscription, or on a stream that has no id. Of a task, its state
/// is told, which is not known here.
pub(super) fn changed(subscription: Option<&Id>, topic: &Topic) -> Option<Vec<u8>> {
    let (method, uri) = match topic {
        Topic::List(List::Tools) => ("notifications/tools/list_changed", None),
        Topic::List(List::Prompts) => ("notifications/prompts/list_changed", None),
        Topic::List(List::Resources) => ("notifications/resources/list_changed", None),
        Topic::Resource(uri) => ("notifications/resources/updated", Some(&**uri)),
        Topic::Task(_) => return None,
    };
    Some(notification(method, Params { tag: tag(subscription), notifications: None, uri }))
}

fn tag(subscription: Option<&Id>) -> Option<Tag<'_>> {
    subscription.map(|subscription| Tag { subscription, server: None })
}

fn notification(method: &'static str, params: Params<'_>) -> Vec<u8> {
    serde_json::to_vec(&Notification { jsonrpc: "2.0", method, params }).unwrap_or_default()
}

/// The last message: the subscription ends because the gateway does (rule U-3).
pub(super) fn end(id: &Id) -> Vec<u8> {
    #[derive(Serialize)]
    struct Response<'a> {
        jsonrpc: &'static str,
        id: &'a Id,
        result: EndResult<'a>,
    }
    #[derive(Serialize)]
    struct EndResult<'a> {
        #[serde(rename = "resultType")]
        result_type: &'static str,
        #[serde(rename = "_meta")]
        tag: Tag<'a>,
    }
    let tag = Tag { subscription: id, server: Some(identity::server_info()) };
    let result = EndResult { result_type: "complete", tag };
    serde_json::to_vec(&Response { jsonrpc: "2.0", id, result }).unwrap_or_default()
}
