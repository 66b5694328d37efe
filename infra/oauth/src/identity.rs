//! Who the front is and which resource it gives access to. Both are configured, never taken from a request.

use std::fmt;
use std::str::FromStr;

use penstock_fetch::{configured_url, is_loopback};
use url::Url;

/// The front's issuer identifier (RFC 8414, section 2): an origin, written without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    on_this_machine: bool,
}

/// The resource that tokens are for (RFC 8707, section 2): the gateway's canonical URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    text: String,
    url: Url,
}

impl Issuer {
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL of a path, which begins with a slash.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// Whether the front is for trying things out on one machine.
    pub(crate) const fn is_on_this_machine(&self) -> bool {
        self.on_this_machine
    }

    /// Whether cookies can be kept to TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }
}

impl FromStr for Issuer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = configured_url(text).map_err(|error| error.to_string())?;
        if url.path() != "/" || url.query().is_some() {
            return Err("must be an origin: a scheme, a host, perhaps a port, and no path".to_owned());
        }
        let on_this_machine = is_loopback(&url);
        Ok(Self { text: url.as_str().trim_end_matches('/').to_owned(), on_this_machine })
    }
}

impl Resource {
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The host people know the resource by.
    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether a client means this resource; scheme and host may be written in any case (rule A-8).
    pub(crate) fn is(&self, named: &str) -> bool {
        Url::parse(named).is_ok_and(|url| url == self.url)
    }
}

impl FromStr for Resource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = configured_url(text).map_err(|error| error.to_string())?;
        Ok(Self { text: text.to_owned(), url })
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
