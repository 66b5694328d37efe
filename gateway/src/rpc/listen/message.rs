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
    #[serde(rename = "_meta")]
    tag: Tag<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notifications: Option<&'a Filter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<&'a str>,
}

/// The first message: what the client will hear about.
pub(super) fn acknowledgement(id: &Id, honoured: &Filter) -> Vec<u8> {
    notification(id, "notifications/subscriptions/acknowledged", Some(honoured), None)
}

/// A topic has changed.
pub(super) fn changed(id: &Id, topic: &Topic) -> Vec<u8> {
    match topic {
        Topic::List(List::Tools) => notification(id, "notifications/tools/list_changed", None, None),
        Topic::List(List::Prompts) => notification(id, "notifications/prompts/list_changed", None, None),
        Topic::List(List::Resources) => notification(id, "notifications/resources/list_changed", None, None),
        Topic::Resource(uri) => notification(id, "notifications/resources/updated", None, Some(uri)),
    }
}

fn notification(id: &Id, method: &'static str, notifications: Option<&Filter>, uri: Option<&str>) -> Vec<u8> {
    let tag = Tag { subscription: id, server: None };
    let notification = Notification { jsonrpc: "2.0", method, params: Params { tag, notifications, uri } };
    serde_json::to_vec(&notification).unwrap_or_default()
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
