//! The workers that ship, as a client meets them through the gateway.

mod contract;
mod examples;
