//! The store in a DynamoDB table, over HTTP: against moto, and against the endpoint of `penstock dev`.

mod lost_answer;
mod promises;
mod requests;
mod support;
