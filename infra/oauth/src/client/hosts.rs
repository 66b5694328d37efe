//! Whose client documents are read.

use std::str::FromStr;
use std::sync::Arc;

use url::{Host, Url};

/// Hosts whose client metadata documents are read: the trust policy of the CIMD draft, section 6.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientHosts {
    any_public: bool,
    names: Vec<String>,
}

/// Text that is no list of hosts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be `*` for any public host, or host names separated by commas; {0:?} is neither")]
pub struct InvalidClientHosts(String);

impl ClientHosts {
    pub(crate) fn admit(&self, url: &Url) -> bool {
        self.names(url) || (self.any_public && matches!(url.host(), Some(Host::Domain(_))))
    }

    /// Whether a host is one of those an operator has listed by name.
    pub(crate) fn names(&self, url: &Url) -> bool {
        url.host().is_some_and(|host| self.names.contains(&host.to_string()))
    }

    /// Those that are this machine, by name or by number.
    pub(crate) fn on_this_machine(&self) -> Arc<[String]> {
        self.names.iter().filter(|name| is_this_machine(name)).cloned().collect()
    }
}

impl FromStr for ClientHosts {
    type Err = InvalidClientHosts;

    fn from_str(text: &str) -> Result<Self, InvalidClientHosts> {
        let mut hosts = Self { any_public: false, names: Vec::new() };
        for name in text.split(',').map(str::trim) {
            match Host::parse(name) {
                _ if name == "*" => hosts.any_public = true,
                Ok(Host::Domain(domain)) if domain == name && !name.contains('*') => hosts.names.push(domain),
                Ok(Host::Ipv4(_)) if is_this_machine(name) => hosts.names.push(name.to_owned()),
                _ => return Err(InvalidClientHosts(name.to_owned())),
            }
        }
        Ok(hosts)
    }
}

fn is_this_machine(name: &str) -> bool {
    ["localhost", "127.0.0.1"].contains(&name)
}
