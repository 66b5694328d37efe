//! What travels between an MCP client, the Penstock gateway and a worker: types and codecs, no I/O.
//!
//! | module | between | holds |
//! |---|---|---|
//! | [`jsonrpc`] | client and gateway | the JSON-RPC 2.0 envelope, ids and errors |
//! | [`revision`] | client and gateway | the MCP revisions that are spoken |
//! | [`meta`] | client and gateway | the `_meta` members of a request |
//! | [`call`] | gateway to worker | the event a worker function is invoked with |
//! | [`frame`] | worker to gateway | the lines a worker streams back |
//! | [`manifest`] | tool author to gateway | `tool.json`, the one definition of a tool |
//!
//! Payload the gateway does not author stays raw JSON ([`serde_json::value::RawValue`] or
//! [`bytes::Bytes`]) so that key order, number spelling and unknown members arrive as they left.

pub mod call;
pub mod depth;
pub mod frame;
pub mod jsonrpc;
pub mod manifest;
pub mod meta;
pub mod revision;

pub use bytes::Bytes;
pub use serde_json::value::RawValue;
