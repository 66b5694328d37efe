//! The gateway at the level of bytes: HTTP requests in, response bodies out, no socket and no AWS.

mod arguments;
mod capabilities;
mod catalog;
mod checked;
mod completion;
mod edge;
mod eras;
mod event;
mod header_params;
mod output;
mod pages;
mod plain;
mod prompts;
mod relay;
mod resources;
mod routing_headers;
mod support;
