//! The sample account over HTTP, one module per behaviour.

mod ask;
mod errors;
mod filters;
mod pages;
mod sums;
