//! `penstock audit` as a process, on templates made by hand: one gateway with its front and one tool, and what can be
//! wrong with them.

mod entries;
mod front;
mod invokers;
mod output;
mod roles;
mod support;
mod templates;
mod wildcards;
