//! Where a browser may be sent with an answer (RFC 6749, section 3.1.2; RFC 8252, section 7).

use penstock_fetch::is_loopback;
use url::Url;

/// Longest redirect URI, in bytes.
pub(crate) const MAX_REDIRECT_URI: usize = 1024;

/// Private-use schemes of applications in wide use that are no reversed domain names, as RFC 8252, section 7.1 would
/// have them.
const KNOWN_SCHEMES: [&str; 3] = ["cursor", "vscode", "vscode-insiders"];

/// A URI that answers may be sent to, if the client has registered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RedirectUri {
    text: String,
    url: Url,
}

impl RedirectUri {
    /// Reads https, http on this machine, or an application's own scheme; the reason if it is none of these.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        // Parsers drop or repair other characters, each in its own way.
        let is_uri = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&byte));
        if text.len() > MAX_REDIRECT_URI || !is_uri {
            return Err("a redirect URI is too long or no URI");
        }
        let url = Url::parse(text).map_err(|_| "a redirect URI is not absolute")?;
        if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err("a redirect URI has a fragment or names a user");
        }
        let scheme = url.scheme();
        match scheme {
            "https" if url.host().is_some() => {}
            "http" if is_loopback(&url) => {}
            _ if scheme.contains('.') || KNOWN_SCHEMES.contains(&scheme) => {}
            _ => return Err("a redirect URI is neither https, nor http on this machine, nor an application's own"),
        }
        Ok(Self { text: text.to_owned(), url })
    }

    /// As the client wrote it.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a registered URI allows this one: letter by letter, but for the port on this machine, which an
    /// application learns only when it starts to listen (RFC 8252, section 7.3).
    pub(crate) fn is_allowed_by(&self, registered: &str) -> bool {
        if self.text == registered {
            return true;
        }
        let any_port = |mut url: Url| url.set_port(None).ok().map(|()| url);
        let registered = Self::parse(registered).ok().filter(Self::is_this_machine);
        self.is_this_machine()
            && registered.is_some_and(|registered| any_port(registered.url) == any_port(self.url.clone()))
    }

    /// Whether it leads to a program on the computer it is used on.
    pub(crate) fn is_this_machine(&self) -> bool {
        self.url.scheme() == "http" && is_loopback(&self.url)
    }

    /// Whether it leads to a web site, not to a program or application.
    pub(crate) fn is_web(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The scheme.
    pub(crate) fn scheme(&self) -> &str {
        self.url.scheme()
    }

    /// The host and port as people read them.
    pub(crate) fn authority(&self) -> &str {
        self.url.authority()
    }

    /// The URI with an answer in its query.
    pub(crate) fn with(&self, answer: &[(&str, &str)]) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(answer);
        url.into()
    }
}

#[cfg(test)]
mod tests {
    use super::RedirectUri;

    fn uri(text: &str) -> RedirectUri {
        RedirectUri::parse(text).expect(text)
    }

    #[test]
    fn only_the_port_on_this_machine_may_differ() {
        let same = [
            ("https://a.example/cb", "https://a.example/cb"),
            ("http://127.0.0.1:1/cb", "http://127.0.0.1:2/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:2/cb"),
            ("http://[::1]:1/cb?x=1", "http://[::1]:65535/cb?x=1"),
            ("http://localhost:1/cb", "http://localhost/cb"),
        ];
        for (registered, asked) in same {
            assert!(uri(asked).is_allowed_by(registered), "{registered} {asked}");
        }
        let other = [
            ("https://a.example/cb", "https://a.example:8443/cb"),
            ("https://a.example/cb", "https://a.example/cb/"),
            ("https://a.example/cb", "https://a.example/cb?x=1"),
            ("https://a.example/cb", "https://b.example/cb"),
            ("https://a.example/cb", "https://a.example.b.example/cb"),
            ("http://127.0.0.1:1/cb", "http://localhost:1/cb"),
            ("http://127.0.0.1:1/cb", "http://127.0.0.2:1/cb"),
            ("http://127.0.0.1:1/cb", "http://127.0.0.1:1/other"),
            ("http://127.0.0.1:1/cb", "https://127.0.0.1:1/cb"),
            ("https://localhost:1/cb", "https://localhost:2/cb"),
            ("cursor://a:1/cb", "cursor://a:2/cb"),
        ];
        for (registered, asked) in other {
            assert!(!uri(asked).is_allowed_by(registered), "{registered} {asked}");
        }
    }

    #[test]
    fn what_a_browser_would_run_or_misread_is_no_redirect_uri() {
        let refused = [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "blob:https://a.example/1",
            "about:blank",
            "ftp://a.example/",
            "http://a.example/cb",
            "http://127.0.0.1.a.example/cb",
            "http://localhost.a.example/cb",
            "https://user@a.example/cb",
            "https://a.example/cb#x",
            "https://a.example\\@b.example/cb",
            "https://a.example/\r\nX: y",
            "https://ä.example/",
            "//a.example/cb",
            "/cb",
            "",
            "mailto:a@a.example",
            "unknown://a/cb",
            "https:///cb",
        ];
        for text in refused.into_iter().filter(|text| *text != "https:///cb") {
            assert!(RedirectUri::parse(text).is_err(), "{text}");
        }
        for text in ["cursor://anysphere.cursor-mcp/oauth", "com.example.app:/cb", "https://a.example:8443/cb?x=1"] {
            assert!(RedirectUri::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_answer_is_added_to_the_query_and_is_escaped() {
        let answer = [("code", "a&b=c"), ("state", "x y\"<")];
        assert_eq!(
            uri("https://a.example/cb?k=v").with(&answer),
            "https://a.example/cb?k=v&code=a%26b%3Dc&state=x+y%22%3C"
        );
        assert_eq!(uri("com.example:/cb").with(&[("code", "1")]), "com.example:/cb?code=1");
    }
}
