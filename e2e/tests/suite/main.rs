//! Real clients and real processes: the local host, the gateway and the workers as they ship.
//!
//! One file a behaviour. Every test starts a host of its own on a free port, so none sees another.

mod alternation;
mod bytes;
mod cancellation;
mod concurrency;
mod disconnect;
mod faults;
mod lambda_api;
mod large;
mod parameter_store;
mod refusals;
mod rust_sdk;
mod shipped;
mod socket;
mod streaming;
mod tenants;
