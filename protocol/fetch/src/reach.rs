//! How far a URL may lead.

use std::net::IpAddr;
use std::sync::Arc;

use url::{Host, Url};

use crate::FetchError;
use crate::resolver::PublicOnly;

/// How far URLs may lead, which depends on who names them.
#[derive(Debug, Clone)]
pub enum Reach {
    /// An operator names them: https anywhere, http on this machine.
    Configured,
    /// Strangers name them: https at public addresses, so that nobody reaches through us into a private network
    /// (server-side request forgery). The hosts listed may also be on this machine, for development.
    Public {
        /// Host names, in lower case.
        on_this_machine: Arc<[String]>,
    },
}

impl Reach {
    /// Public addresses only.
    pub fn public() -> Self {
        Self::Public { on_this_machine: Arc::new([]) }
    }

    pub(crate) fn resolver(&self) -> Option<PublicOnly> {
        match self {
            Self::Configured => None,
            Self::Public { on_this_machine } => Some(PublicOnly { on_this_machine: on_this_machine.clone() }),
        }
    }

    pub(crate) fn admit(&self, text: &str) -> Result<Url, FetchError> {
        let url = Url::parse(text).map_err(|_| FetchError::Url("not an absolute URL"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Url("it names a user"));
        }
        if url.fragment().is_some() {
            return Err(FetchError::Url("it has a fragment"));
        }
        let host = url.host().ok_or(FetchError::Url("it names no host"))?;
        match self {
            Self::Configured if url.scheme() == "https" || (url.scheme() == "http" && is_loopback_host(&host)) => {
                Ok(url)
            }
            Self::Configured => Err(FetchError::Url("only https, or http on this machine")),
            Self::Public { .. } if url.scheme() != "https" => Err(FetchError::Url("only https")),
            // The resolver never sees a literal address.
            Self::Public { on_this_machine } => match &host {
                Host::Domain(_) => Ok(url),
                literal
                    if on_this_machine.iter().any(|host| *host == literal.to_string()) && is_loopback_host(literal) =>
                {
                    Ok(url)
                }
                _ => Err(FetchError::Url("an address where a host name should be")),
            },
        }
    }
}

/// Whether a URL leads to this machine, by name or by address.
pub fn is_loopback(url: &Url) -> bool {
    url.host().is_some_and(|host| is_loopback_host(&host))
}

fn is_loopback_host(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => IpAddr::V4(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).is_loopback(),
    }
}
