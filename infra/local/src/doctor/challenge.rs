use serde_json::Value;

use super::probe::Reply;

/// The name that Lambda function URLs and API Gateway give to `WWW-Authenticate`.
pub(super) const REMAPPED: &str = "x-amzn-remapped-www-authenticate";

/// Where a challenge was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    /// `WWW-Authenticate`, where clients look.
    Header,
    /// [`REMAPPED`], where none looks.
    Remapped,
    /// `data.wwwAuthenticate` of the JSON-RPC error.
    Body,
}

/// A `Bearer` challenge (RFC 6750 section 3, RFC 9728 section 5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Challenge {
    pub(super) resource_metadata: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) error: Option<String>,
    pub(super) error_description: Option<String>,
}

/// The challenge of an answer, looked for in the order of [`Carrier`].
pub(super) fn find(reply: &Reply) -> Option<(Carrier, Challenge)> {
    let headers = |name: &str| {
        let values = reply.headers.get_all(name).into_iter();
        values.filter_map(|value| value.to_str().ok()).find_map(Challenge::parse)
    };
    let body = || {
        let body: Value = serde_json::from_slice(&reply.body).ok()?;
        Challenge::parse(body["error"]["data"]["wwwAuthenticate"].as_str()?)
    };
    let found = headers("www-authenticate").map(|challenge| (Carrier::Header, challenge));
    found
        .or_else(|| headers(REMAPPED).map(|challenge| (Carrier::Remapped, challenge)))
        .or_else(|| body().map(|challenge| (Carrier::Body, challenge)))
}

impl Challenge {
    /// The first `Bearer` challenge of a header, which may hold several (RFC 9110 section 11.6.1).
    pub(super) fn parse(header: &str) -> Option<Self> {
        let mut bearer = None;
        for item in items(header) {
            let (scheme, parameter) = split_scheme(&item);
            match scheme {
                Some(_) if bearer.is_some() => break,
                Some(scheme) if scheme.eq_ignore_ascii_case("bearer") => bearer = Some(Self::default()),
                _ => {}
            }
            if let (Some(challenge), Some((name, value))) = (&mut bearer, parameter.split_once('=')) {
                challenge.set(name.trim(), unquote(value.trim()));
            }
        }
        bearer
    }

    fn set(&mut self, name: &str, value: String) {
        let member = match name.to_ascii_lowercase().as_str() {
            "resource_metadata" => &mut self.resource_metadata,
            "scope" => &mut self.scope,
            "error" => &mut self.error,
            "error_description" => &mut self.error_description,
            _ => return,
        };
        *member = Some(value);
    }
}

/// Cuts at the commas outside quotes.
fn items(header: &str) -> Vec<String> {
    let (mut items, mut item) = (Vec::new(), String::new());
    let (mut quoted, mut escaped) = (false, false);
    for c in header.chars() {
        match c {
            ',' if !quoted => items.push(std::mem::take(&mut item)),
            '"' if !escaped => {
                quoted = !quoted;
                item.push(c);
            }
            _ => item.push(c),
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    items.push(item);
    items
}

/// `Bearer realm="x"` is a scheme and a parameter, `realm="x"` a parameter, `Bearer` a scheme.
fn split_scheme(item: &str) -> (Option<&str>, &str) {
    let item = item.trim();
    match item.split_once(' ') {
        Some((scheme, rest)) if !scheme.contains('=') => (Some(scheme), rest),
        None if !item.is_empty() && !item.contains('=') => (Some(item), ""),
        _ => (None, item),
    }
}

fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut escaped = false;
    let keep = |c: &char| {
        escaped = *c == '\\' && !escaped;
        !escaped
    };
    inner.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    fn bearer(metadata: Option<&str>, scope: Option<&str>, error: Option<&str>) -> Challenge {
        let own = |text: Option<&str>| text.map(ToOwned::to_owned);
        Challenge { resource_metadata: own(metadata), scope: own(scope), error: own(error), error_description: None }
    }

    #[test]
    fn the_first_bearer_challenge_is_read_however_it_is_spelled() {
        for (header, expected) in [
            ("Bearer", bearer(None, None, None)),
            ("bearer resource_metadata=\"https://a/b,c\"", bearer(Some("https://a/b,c"), None, None)),
            ("Bearer scope=\"a b\",error=invalid_token", bearer(None, Some("a b"), Some("invalid_token"))),
            (r#"Bearer scope="a\"b""#, bearer(None, Some("a\"b"), None)),
            ("Basic realm=\"x\", Bearer scope=\"a\", DPoP scope=\"b\"", bearer(None, Some("a"), None)),
            ("Basic, Bearer Scope = \"a\"", bearer(None, Some("a"), None)),
        ] {
            assert_eq!(Challenge::parse(header), Some(expected), "{header}");
        }
        for header in ["", "Basic realm=\"Bearer\"", "error=\"invalid_token\""] {
            assert_eq!(Challenge::parse(header), None, "{header}");
        }
    }
}
