//! What the end-to-end tests share: real binaries, started as a user starts them, and an HTTP
//! client that sees when each byte arrives.
//!
//! Nothing here links a product crate; the tests know what the wire shows. Only `tests/dynamodb` links one, the
//! store, to run its suite over HTTP.

mod access;
pub mod account;
pub mod audit;
pub mod binaries;
pub mod browser;
mod enrolled;
mod gateway;
mod gateways;
pub mod http;
pub mod infra;
pub mod memory;
pub mod moto;
pub mod node;
mod npm;
mod penstock;
mod proxy;
pub mod python;
pub mod requests;
mod stand_in;
mod template;

pub use access::{Access, claims};
pub use enrolled::Enrolled;
pub use gateway::Gateway;
pub use gateways::Gateways;
pub use penstock::Penstock;
pub use proxy::Proxy;
pub use stand_in::StandIn;
pub use template::Portable;
