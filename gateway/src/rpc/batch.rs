//! Batches, which 2025-03-26 has and no later revision (rule L-3; JSON-RPC 2.0 section 6).
//!
//! Requests are answered side by side, each as JSON, and their responses joined into one array as
//! they come: a large result streams through as it would alone.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::request::Parts;
use http::{Response, StatusCode};
use http_body_util::BodyExt as _;
use penstock_protocol::RawValue;
use penstock_protocol::call::Caller;
use penstock_protocol::jsonrpc::{self, Message, ParseError};
use penstock_protocol::revision::Revision;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

use super::session::Session;
use super::{Incoming, answer_one, exchange, refuse};
use crate::access::Access;
use crate::gateway::Gateway;
use crate::http::{Accepts, Body, response};
use crate::relay::Aborted;

/// Most messages in a batch.
const MAX_MESSAGES: usize = 64;

/// Most requests of a batch that are worked on at once.
const AT_ONCE: usize = 16;

/// Each message is answered as JSON: one array holds all answers.
const ACCEPTS: Accepts = Accepts { json: true, sse: false };

/// Answers a body that is an array.
pub(super) async fn answer(gateway: &Gateway, incoming: &Incoming<'_>) -> Response<Body> {
    let session = match exchange::spoken(gateway, incoming).await {
        Ok((Revision::V2025_03_26, session)) => session,
        Ok((revision, _)) => {
            let mut access = Access::new("batch");
            access.revision(revision);
            return refuse(access, None, &ParseError::Batch.into(), false);
        }
        Err(failure) => return refuse(Access::new("batch"), None, &failure, false),
    };
    let messages = match serde_json::from_slice::<Messages<'_>>(incoming.body) {
        Ok(Messages(messages)) => messages,
        Err(error) => {
            let reason = error.to_string();
            return refuse(Access::new("batch"), None, &ParseError::Invalid { reason, id: None }.into(), false);
        }
    };
    let sender = Arc::new(Sender {
        gateway: gateway.clone(),
        parts: incoming.parts.clone(),
        caller: incoming.caller.clone(),
        session,
    });
    let mut answered = Vec::new();
    for message in messages {
        let text = message.get().as_bytes();
        match jsonrpc::parse(text) {
            Ok(Message::Notification(_) | Message::Response(_)) => {
                sender.answer(text).await;
            }
            // Requests, and what is wrong with a message.
            _ => answered.push(Bytes::copy_from_slice(text)),
        }
    }
    if answered.is_empty() {
        return response::accepted();
    }
    response::json(StatusCode::OK, Body::stream(array(sender, answered)))
}

/// Whoever sent the batch, for each of its messages.
struct Sender {
    gateway: Gateway,
    parts: Parts,
    caller: Option<Caller>,
    session: Option<Session>,
}

impl Sender {
    async fn answer(&self, message: &[u8]) -> Response<Body> {
        let incoming = Incoming {
            parts: &self.parts,
            body: message,
            caller: self.caller.clone(),
            accepts: ACCEPTS,
            session: self.session.clone(),
        };
        match jsonrpc::parse(message) {
            Ok(Message::Request(request)) if request.method == "initialize" => {
                let reason = "`initialize` must not be part of a batch".to_owned();
                let failure = ParseError::Invalid { reason, id: Some(request.id.clone()) }.into();
                refuse(Access::new("initialize"), Some(&request.id), &failure, false)
            }
            Ok(message) => answer_one(&self.gateway, &incoming, message).await,
            Err(error) => super::unreadable(error),
        }
    }
}

/// The responses to `messages` as one JSON array, in the order in which they are there.
fn array(sender: Arc<Sender>, messages: Vec<Bytes>) -> impl Stream<Item = Result<Bytes, Aborted>> + Send + 'static {
    let responses = stream::iter(messages).map(move |message| {
        let sender = Arc::clone(&sender);
        async move { sender.answer(&message).await.into_body() }
    });
    let entries = responses.buffer_unordered(AT_ONCE).enumerate().flat_map(|(at, body)| {
        let separator: &[u8] = if at == 0 { b"[" } else { b"," };
        stream::iter([Ok(Bytes::from_static(separator))]).chain(body.into_data_stream())
    });
    entries.chain(stream::iter([Ok(Bytes::from_static(b"]"))]))
}

/// The messages of a batch, not read any further yet.
struct Messages<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Messages<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bounded;
        impl<'de> Visitor<'de> for Bounded {
            type Value = Vec<&'de RawValue>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of messages")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut messages = Vec::new();
                while let Some(message) = items.next_element()? {
                    if messages.len() == MAX_MESSAGES {
                        return Err(A::Error::custom(format_args!("a batch has at most {MAX_MESSAGES} messages")));
                    }
                    messages.push(message);
                }
                if messages.is_empty() {
                    Err(A::Error::custom("a batch has at least one message"))
                } else {
                    Ok(messages)
                }
            }
        }
        deserializer.deserialize_seq(Bounded).map(Messages)
    }
}
