//! Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document): a client's id is the URL of what it
//! says about itself.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use penstock_fetch::Fetched;
use serde::Deserialize;
use serde::de::IgnoredAny;
use url::Url;

use super::MAX_REDIRECT_URIS;

/// Longest document URL, in bytes.
const MAX_URL: usize = 512;

/// Largest document, in bytes: what the draft's section 6.6 recommends.
const MAX_DOCUMENT: usize = 5 * 1024;

/// How long a document is good that does not say so itself.
const FRESH_BY_DEFAULT: Duration = Duration::from_mins(5);

/// How long a document is good at most, whatever it says.
const FRESH_AT_MOST: Duration = Duration::from_hours(24);

/// The members that matter here (RFC 7591, section 2).
#[derive(Deserialize)]
pub(super) struct Document {
    client_id: String,
    pub(super) client_name: String,
    pub(super) redirect_uris: Vec<String>,
    token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    client_secret: Option<IgnoredAny>,
}

/// The URL that an id is, if it is written in the one way that leaves nothing to interpret: https, a path, no user,
/// no fragment, no dot segments (the draft's section 3).
pub(super) fn url(id: &str) -> Option<Url> {
    let url = Url::parse(id).ok().filter(|url| id.len() <= MAX_URL && url.as_str() == id && url.scheme() == "https")?;
    let plain = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    plain.then_some(url)
}

/// Reads what was fetched; the reason if it is no document of the client with this URL.
pub(super) fn read(url: &Url, fetched: &Fetched) -> Result<Document, &'static str> {
    if fetched.status != StatusCode::OK {
        return Err("there is none at its URL");
    }
    if !is_json(&fetched.headers) {
        return Err("it is not sent as JSON");
    }
    if fetched.body.len() > MAX_DOCUMENT {
        return Err("it is too large");
    }
    let document: Document = serde_json::from_slice(&fetched.body)
        .map_err(|_| "it is not JSON with client_id, client_name and redirect_uris")?;
    if document.client_id != url.as_str() {
        return Err("it names another client_id");
    }
    if document.redirect_uris.is_empty() || document.redirect_uris.len() > MAX_REDIRECT_URIS {
        return Err("it has no redirect_uris, or too many");
    }
    if document.client_secret.is_some() || document.token_endpoint_auth_method.is_some_and(|method| method != "none") {
        return Err("the client would have to authenticate, which is not offered");
    }
    if lacks(document.grant_types.as_deref(), "authorization_code") || lacks(document.response_types.as_deref(), "code")
    {
        return Err("the client does not use authorization codes");
    }
    Ok(Document { token_endpoint_auth_method: None, ..document })
}

fn lacks(values: Option<&[String]>, wanted: &str) -> bool {
    values.is_some_and(|values| !values.iter().any(|value| value == wanted))
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// How long a document may be used without asking again (RFC 9111, section 4.2).
pub(super) fn fresh_for(headers: &HeaderMap) -> Duration {
    let lines = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let directives: Vec<_> =
        lines.flat_map(|line| line.split(',')).map(|part| part.trim().to_ascii_lowercase()).collect();
    if directives.iter().any(|directive| directive == "no-store" || directive.starts_with("no-cache")) {
        return Duration::ZERO;
    }
    let max_age = directives.iter().find_map(|directive| directive.strip_prefix("max-age="));
    let seconds = max_age.map(|value| value.trim_matches('"').parse().unwrap_or(0));
    seconds.map_or(FRESH_BY_DEFAULT, Duration::from_secs).min(FRESH_AT_MOST)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{fresh_for, url};

    #[test]
    fn an_id_is_a_url_that_no_parser_would_write_otherwise() {
        for id in ["https://a.example/client.json", "https://a.example:8443/c", "https://a.example/"] {
            assert!(url(id).is_some(), "{id}");
        }
        let refused = [
            "http://a.example/c",
            "https://a.example",
            "https://a.example/c#f",
            "https://user@a.example/c",
            "https://a.example/x/../c",
            "https://a.example/x/%2e%2e/c",
            "https://a.example/./c",
            "https://A.example/c",
            "https://a.example:443/c",
            "https:a.example/c",
            "https://a.example\\c",
            "https://a.example/c ",
        ];
        for id in refused {
            assert!(url(id).is_none(), "{id}");
        }
        assert!(url(&format!("https://a.example/{}", "c".repeat(512))).is_none());
    }

    #[test]
    fn a_document_is_good_as_long_as_it_says_within_a_day() {
        let cases = [
            (None, 300),
            (Some("max-age=60"), 60),
            (Some("public, MAX-AGE=\"60\""), 60),
            (Some("max-age=9999999999"), 86_400),
            (Some("max-age=-1"), 0),
            (Some("max-age=60, no-cache"), 0),
            (Some("no-store"), 0),
        ];
        for (value, seconds) in cases {
            let headers: HeaderMap =
                value.map(|value| (header::CACHE_CONTROL, HeaderValue::from_static(value))).into_iter().collect();
            assert_eq!(fresh_for(&headers), Duration::from_secs(seconds), "{value:?}");
        }
    }
}
