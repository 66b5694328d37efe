//! The local host, by the bytes its callers and its functions exchange with it.

mod asynchronous;
mod caller_gone;
mod failures;
mod function_url;
mod invoke_api;
mod limits;
mod origin;
mod replaced;
mod runtime_api;
mod scaling;
mod shutdown;
mod streaming;
mod support;
mod tenants;
