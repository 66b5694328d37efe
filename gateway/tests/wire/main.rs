//! The gateway at the level of bytes: HTTP requests in, response bodies out, no socket and no AWS.

mod answering;
mod catalog;
mod edge;
mod eras;
mod event;
mod header_params;
mod input_required;
mod plain;
mod relay;
mod routing_headers;
mod support;
mod tasks;
