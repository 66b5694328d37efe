//! What every function that speaks HTTP starts with: its configuration, its log, and the secret it shares with the
//! distribution in front of it.

mod environment;
pub mod log;
mod origin_secrets;

pub use environment::{ConfigError, Environment};
pub use origin_secrets::{InvalidOriginSecrets, OriginSecrets};
