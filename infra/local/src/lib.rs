//! Penstock on a developer's machine: the local host and the command line.
//!
//! | module | holds |
//! |---|---|
//! | [`cli`] | the subcommands |
//! | [`dev`] | `penstock dev`: build, run, say how to connect |
//! | [`catalog`] | the tools of a folder of workers |
//! | [`host`] | a Lambda-compatible host that runs functions as processes |
//! | [`identity_provider`] | a stand-in for Cognito, to sign in at |
//! | [`sample_account`] | a stand-in for the Cost Explorer API |
//! | [`store_api`] | a stand-in for the DynamoDB table of the store |
//! | [`token`] | test tokens of that stand-in |
//! | [`new`] | `penstock new`: a tool to begin with |
//! | [`client`] | the MCP client of `penstock call` and `penstock tools` |
//! | [`doctor`] | `penstock doctor`: what is wrong with a URL |
//! | [`contract`] | `penstock contract`: what is wrong with a worker |
//! | [`release`] | `penstock promote` and `penstock rollback`: which version is whose |
//! | [`audit`] | `penstock audit`: what tools may do, and who may invoke them |

pub mod audit;
pub mod catalog;
pub mod cli;
pub mod client;
pub mod contract;
pub mod dev;
pub mod doctor;
pub mod host;
pub mod identity_provider;
pub mod new;
pub mod release;
pub mod sample_account;
pub mod store_api;
pub mod token;
