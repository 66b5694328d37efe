//! `analyze_logs` as Lambda runs it: the real binary, against a stand-in for CloudWatch Logs.

mod pages;
mod partial;
mod refusals;
mod support;
