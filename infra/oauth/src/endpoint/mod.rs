//! One file an endpoint, in the order a client meets them.

pub(crate) mod authorize;
pub(crate) mod callback;
pub(crate) mod consent;
pub(crate) mod metadata;
pub(crate) mod register;
pub(crate) mod revoke;
pub(crate) mod token;
