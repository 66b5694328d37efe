//! `penstock dev` as a process: what it prints, what it refuses, what it leaves behind.

mod auth;
mod catalog;
mod changes;
mod lifetime;
mod new;
mod output;
mod rust;
mod sample_account;
mod support;
