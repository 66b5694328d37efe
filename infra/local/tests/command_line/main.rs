//! `penstock call` and `penstock tools` as processes, against a peer that plays the gateway byte by byte.

mod call;
mod peer;
mod policy;
mod refusals;
mod tools;
