//! The sample account over HTTP, one module per behaviour.

mod ask;
mod comparisons;
mod dimension_values;
mod drivers;
mod errors;
mod filters;
mod forecast;
mod log_pages;
mod log_patterns;
mod logs;
mod other_services;
mod pages;
mod sums;
mod tags;
