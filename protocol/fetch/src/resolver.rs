//! Names to addresses, public ones only.

use std::io;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::public::is_public;

/// Looks names up and leaves out every address that is not public. The addresses found here are the ones connected
/// to, so a name cannot change between the check and the connection.
#[derive(Debug)]
pub(crate) struct PublicOnly {
    pub(crate) on_this_machine: Arc<[String]>,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let on_this_machine = self.on_this_machine.iter().any(|host| host == name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted: Vec<_> = found
                .filter(|address| is_public(address.ip()) || (on_this_machine && address.ip().is_loopback()))
                .collect();
            if admitted.is_empty() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the host has no public address").into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}
