//! The workers that ship, as a client meets them through the gateway.

mod dynamodb;
mod github;
mod weather;
