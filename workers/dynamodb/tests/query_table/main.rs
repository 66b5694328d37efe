//! The real binary, asking a stand-in for DynamoDB's JSON protocol.

mod pages;
mod refusals;
mod requests;
mod support;
