//! What a client is told to do next: the `WWW-Authenticate` header (RFC 6750, section 3; RFC 9728, section 5.1).

use std::fmt;

use http::HeaderValue;

/// A challenge of the scheme `Bearer`. Members that are empty are left out.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Challenge<'a> {
    /// The error code of RFC 6750, section 3.1.
    pub(crate) error: &'a str,
    /// A sentence for whoever reads the client's log.
    pub(crate) description: &'a str,
    /// The scopes to ask for, separated by spaces (rule A-6).
    pub(crate) scope: &'a str,
    /// Where the resource's metadata is (rule A-2).
    pub(crate) resource_metadata: &'a str,
}

impl Challenge<'_> {
    /// The value of the header.
    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::try_from(self.to_string()).unwrap_or(HeaderValue::from_static("Bearer"))
    }
}

impl fmt::Display for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters = [
            ("error", self.error),
            ("error_description", self.description),
            ("scope", self.scope),
            ("resource_metadata", self.resource_metadata),
        ];
        f.write_str("Bearer")?;
        let mut separator = " ";
        for (name, value) in parameters.into_iter().filter(|(_, value)| !value.is_empty()) {
            // What would end the quoted string early is in no scope and no URL that was let in.
            write!(f, "{separator}{name}=\"{}\"", value.replace(['"', '\\'], ""))?;
            separator = ", ";
        }
        Ok(())
    }
}
