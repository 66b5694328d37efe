//! Policies against a catalog: what is read, what is refused, what is decided.

mod arguments;
mod listing;
mod loading;
mod rules;
mod support;
