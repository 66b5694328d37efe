//! `penstock contract` over a worker that keeps the contract, and over one for each way to break it.

mod command;
mod kinds;
mod mistakes;
mod support;
