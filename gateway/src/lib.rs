//! The Penstock gateway: MCP in front, `InvokeWithResponseStream` behind.
//!
//! [`Gateway::handle`] is the whole product: an `http::Request` in, an `http::Response` out whose
//! body streams while the worker writes. A call passes six places, in this order: an entry
//! ([`lambda`] or [`listen`]), `http`, [`auth`], `rpc` with [`permission`], [`invoke`] and `relay`.

mod access;
pub mod auth;
pub mod background;
pub mod catalog;
pub mod config;
mod gateway;
mod http;
mod identity;
pub mod invoke;
pub mod lambda;
pub mod listen;
pub mod permission;
mod relay;
mod rpc;
pub mod seal;
mod topics;

pub use self::gateway::{Gateway, PlatformDeadline, Services};
pub use self::http::{Body, InvalidOrigin, MAX_BODY, MCP_PATH, OriginPolicy};
pub use self::relay::Aborted;
