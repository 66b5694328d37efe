//! `get_cost_and_usage` as Lambda runs it: the real binary, against a peer that plays Cost Explorer byte by byte.

mod pages;
mod peer;
mod refusals;
mod requests;
