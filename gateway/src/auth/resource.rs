//! The resource this gateway is: its canonical URI, and where its metadata is (RFC 9728, section 3).

use std::str::FromStr;

use http::Uri;
use penstock_fetch::configured_url;

/// The well-known path of RFC 9728.
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The gateway's canonical URI, which clients use and tokens name as their audience (rule A-8). It is configured:
/// behind a distribution, `Host` is another's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    uri: String,
    metadata_url: String,
    path_form: String,
    on_this_machine: bool,
}

/// Not a canonical URI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidResource {
    /// Not a URL clients can use.
    #[error("{0:?} is no canonical URI: write https://host/path, without query, fragment or slash at the end")]
    NotAUrl(String),
    /// One of several spellings.
    #[error("{0:?} is no canonical URI: write {1:?}")]
    Spelling(String, String),
}

impl Resource {
    /// The canonical URI.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Where clients find the metadata document.
    pub(crate) fn metadata_url(&self) -> &str {
        &self.metadata_url
    }

    /// Whether the metadata document is at this path: of the form that ends in the resource's own path, or at the root
    /// (rule A-1).
    pub(crate) fn has_metadata_at(&self, path: &str) -> bool {
        path == WELL_KNOWN || path == self.path_form
    }

    /// Whether clients reach it on this machine only.
    pub(crate) fn is_on_this_machine(&self) -> bool {
        self.on_this_machine
    }

    /// Whether `audience` names this resource. Spellings that every URL parser takes for the same are the same:
    /// clients write `https://host/` for `https://host`, and issuers repeat it.
    pub(super) fn is(&self, audience: &str) -> bool {
        audience == self.uri || configured_url(audience).is_ok_and(|url| canonical(url.as_str()) == self.uri)
    }
}

/// A URL with an empty path is written with a slash by parsers and without one by RFC 9728.
fn canonical(url: &str) -> &str {
    let bare = url.strip_suffix('/').filter(|bare| bare.matches('/').count() == 2);
    bare.unwrap_or(url)
}

impl FromStr for Resource {
    type Err = InvalidResource;

    fn from_str(text: &str) -> Result<Self, InvalidResource> {
        let invalid = || InvalidResource::NotAUrl(text.to_owned());
        let url = configured_url(text).map_err(|_| invalid())?;
        let uri = canonical(url.as_str());
        if uri.contains(['?', '"', '\\']) || uri.ends_with('/') {
            return Err(invalid());
        }
        if uri != text {
            return Err(InvalidResource::Spelling(text.to_owned(), uri.to_owned()));
        }
        let parsed: Uri = uri.parse().map_err(|_| invalid())?;
        let (scheme, authority) = parsed.scheme_str().zip(parsed.authority()).ok_or_else(invalid)?;
        let path_form = format!("{WELL_KNOWN}{}", canonical_path(parsed.path()));
        Ok(Self {
            uri: uri.to_owned(),
            metadata_url: format!("{scheme}://{authority}{path_form}"),
            path_form,
            on_this_machine: scheme == "http",
        })
    }
}

fn canonical_path(path: &str) -> &str {
    if path == "/" { "" } else { path }
}

#[cfg(test)]
mod tests {
    use super::Resource;

    fn resource(text: &str) -> Resource {
        text.parse().expect("a canonical URI")
    }

    /// the path of the resource follows the well-known path.
    #[test]
    fn the_metadata_is_at_the_root_and_behind_the_path() {
        let with_path = resource("https://mcp.example.com/team/mcp");
        let url = "https://mcp.example.com/.well-known/oauth-protected-resource/team/mcp";
        assert_eq!(with_path.metadata_url(), url);
        assert!(with_path.has_metadata_at("/.well-known/oauth-protected-resource/team/mcp"));
        assert!(with_path.has_metadata_at("/.well-known/oauth-protected-resource"));
        assert!(!with_path.has_metadata_at("/.well-known/oauth-protected-resource/mcp"));
        let bare = resource("https://mcp.example.com");
        assert_eq!(bare.metadata_url(), "https://mcp.example.com/.well-known/oauth-protected-resource");
        assert!(!bare.has_metadata_at("/.well-known/oauth-protected-resource/"));
    }

    /// one spelling, and it is configured.
    #[test]
    fn only_the_canonical_spelling_is_taken() {
        for (text, advice) in [
            ("https://MCP.example.com/mcp", "write \"https://mcp.example.com/mcp\""),
            ("https://mcp.example.com:443/mcp", "write \"https://mcp.example.com/mcp\""),
            ("https://mcp.example.com/", "write \"https://mcp.example.com\""),
            ("https://mcp.example.com/mcp/", "without query"),
            ("https://mcp.example.com/mcp?a=b", "without query"),
            ("https://mcp.example.com/mcp#a", "without query"),
            ("http://mcp.example.com/mcp", "without query"),
            ("mcp.example.com/mcp", "without query"),
        ] {
            let error = text.parse::<Resource>().expect_err(text).to_string();
            assert!(error.contains(advice), "{error}");
        }
        assert!(resource("http://127.0.0.1:3000/mcp").is_on_this_machine());
    }

    /// an audience is this resource and no neighbour of it.
    #[test]
    fn an_audience_may_be_spelled_differently_but_not_be_another() {
        let with_path = resource("https://mcp.example.com/mcp");
        for (audience, same) in [
            ("https://mcp.example.com/mcp", true),
            ("https://MCP.example.com:443/mcp", true),
            ("https://mcp.example.com/mcp/", false),
            ("https://mcp.example.com", false),
            ("https://mcp.example.com/mcp/other", false),
            ("https://mcp.example.com.evil.example/mcp", false),
            ("http://mcp.example.com/mcp", false),
            ("", false),
        ] {
            assert_eq!(with_path.is(audience), same, "{audience}");
        }
        let bare = resource("https://mcp.example.com");
        assert!(bare.is("https://mcp.example.com/") && !bare.is("https://mcp.example.com/mcp"));
    }
}
