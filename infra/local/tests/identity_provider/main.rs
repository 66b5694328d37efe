//! The development identity provider, by what its client and its users exchange with it.

mod authorize;
mod client;
mod code;
mod guard;
mod metadata;
mod pages;
mod refresh;
mod support;
mod test_grant;
