//! The gateway at the level of bytes: HTTP requests in, response bodies out, no socket and no AWS.

mod answering;
mod arguments;
mod capabilities;
mod catalog;
mod checked;
mod completion;
mod edge;
mod eras;
mod event;
mod header_params;
mod input_required;
mod output;
mod pages;
mod plain;
mod prompts;
mod relay;
mod resources;
mod routing_headers;
mod subscriptions;
mod support;
