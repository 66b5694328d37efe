//! The workers that ship, as a client meets them through the gateway.

mod client;
mod contract;
mod cost_explorer;
mod documents;
mod dynamodb;
mod examples;
mod github;
mod libraries;
mod logs;
mod moto;
mod new_tool;
mod weather;
