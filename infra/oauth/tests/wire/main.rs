//! The front over HTTP, before an identity provider of the tests' own.

mod authorize;
mod browser;
mod callback;
mod consent;
mod documents;
mod log;
mod metadata;
mod page;
mod provider;
mod register;
mod revoke;
mod sign_in;
mod site;
mod support;
mod token;
