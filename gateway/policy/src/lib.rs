//! Authorization policies over what a gateway serves, written in [Cedar](https://www.cedarpolicy.com).
//!
//! A [`Model`] puts a catalog into Cedar's terms: an entity for each entry and a schema for the arguments. [`Policies`]
//! are read from a folder and fit that schema, or are not taken at all. A [`Question`] is who wants to do what with which
//! entry, and with which arguments, if they are known already; without them the [`Decision`] says whether any would be
//! allowed, so that a list shows what can be called.

mod action;
mod arguments;
mod decide;
mod entry;
mod mentions;
mod model;
mod parse;
mod place;
mod policies;
mod possible;
mod schema;
mod source;

pub use action::{Action, UnknownAction};
pub use decide::{Decision, Input, Question};
pub use entry::Entry;
pub use model::{InvalidModel, Model};
pub use policies::{InvalidPolicies, Policies};
