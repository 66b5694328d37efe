//! The tools as Lambda runs them: the real binary, against a peer that plays Cost Explorer byte by byte.

mod comparisons;
mod drivers;
mod forecast;
mod pages;
mod peer;
mod refusals;
mod requests;
mod values;
