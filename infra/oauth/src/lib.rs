//! The OAuth front: the authorization server that MCP clients see, before an OpenID provider that has never heard of
//! MCP. It knows clients by their metadata documents, asks the person, sends them on to sign in, and passes the
//! provider's access tokens to the client. It stores nothing: what it has to remember travels sealed with the others.

pub mod config;
pub mod lambda;
pub mod listen;

mod access;
mod browser;
mod client;
mod endpoint;
mod error;
mod front;
mod identity;
mod page;
mod parameters;
mod pkce;
mod redirect_uri;
mod scope;
mod seals;
mod throttle;
mod upstream;
mod way_back;

pub use client::ClientHosts;
pub use front::Front;
pub use identity::{Issuer, Resource};
pub use scope::Scopes;
