//! The gateway at the level of bytes: HTTP requests in, response bodies out, no socket and no AWS.

mod answering;
mod asking;
mod batches;
mod cancellation;
mod capabilities;
mod catalog;
mod client;
mod completion;
mod edge;
mod eras;
mod event;
mod header_params;
mod input_required;
mod logging;
mod pages;
mod plain;
mod prompts;
mod relay;
mod resources;
mod routing_headers;
mod session_stream;
mod sessions;
mod subscriptions;
mod support;
