//! The gateway at the level of bytes: HTTP requests in, response bodies out, no socket and no AWS.

mod arguments;
mod catalog;
mod checked;
mod edge;
mod eras;
mod event;
mod header_params;
mod output;
mod plain;
mod relay;
mod routing_headers;
mod support;
