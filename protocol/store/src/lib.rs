//! What the instances of a gateway, and workers, remember together: a small key-value store.
//!
//! A function's instances share no memory, and the next request of a client may meet any of them. What has to
//! outlive one request is an item here: a key, a value of at most [`MAX_VALUE`] bytes, a time at which it is gone.
//! The only tool against races is compare-and-set: [`When`] a write may happen, and [`update()`] around it.
//!
//! # Key spaces
//!
//! A key is `<space>/<rest>`; each space has one owner, the module that reads and writes its values.
//!
//! | space | owner | value |
//! |---|---|---|
//! | `session/` | the gateway's `rpc/session` | what a session wants to hear, and whether it has ended |
//! | `answer/` | the gateway's `rpc/session` | a client's answer to a question, until the call that asked has read it |
//! | `cancelled/` | the gateway's `rpc/session` | a client's note that it wants a request no longer |
//! | `cancel/` | the gateway's `rpc/call`; workers read theirs | nobody wants a call's answer any more |
//! | `task/` | the gateway's `rpc/tasks` | a task, its call, the answers it was given, its result |
//! | `catalog/` | the gateway's `catalog/copy.rs` | what one instance has read of Parameter Store, for all of them |
//! | `test/` | `testing`, the suite every store has to pass | anything |
//!
//! | type | where items live |
//! |---|---|
//! | [`MemoryStore`] | in this process |
//! | [`DynamoStore`] | in a DynamoDB table |

mod dynamo;
mod error;
mod expiry;
mod memory;
mod store;
mod update;

#[cfg(feature = "testing")]
pub mod testing;

pub use dynamo::DynamoStore;
pub use error::StoreError;
pub use memory::MemoryStore;
pub use store::{Item, MAX_KEY, MAX_VALUE, Store, When, Write};
pub use update::update;
