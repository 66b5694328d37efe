//! How long keys are fresh.

use std::time::Duration;

use http::HeaderMap;
use http::header::CACHE_CONTROL;

/// The least, whatever the issuer says: it is not asked at every request.
const LEAST: Duration = Duration::from_mins(5);

/// The most: a key that is withdrawn is forgotten within a day.
const MOST: Duration = Duration::from_hours(24);

/// Where the issuer says nothing.
const UNSAID: Duration = Duration::from_hours(1);

/// What `Cache-Control` (RFC 9111, section 5.2.2) says, within bounds.
pub(super) fn lifetime(headers: &HeaderMap) -> Duration {
    let values = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let directives = values.flat_map(|value| value.split(',')).map(|directive| directive.trim().to_ascii_lowercase());
    let mut said = None;
    for directive in directives {
        match directive.split_once('=') {
            Some(("max-age", seconds)) => {
                said = seconds.trim_matches('"').parse().ok().map(Duration::from_secs).or(said);
            }
            None if matches!(&*directive, "no-store" | "no-cache") => return LEAST,
            _ => {}
        }
    }
    said.unwrap_or(UNSAID).clamp(LEAST, MOST)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::lifetime;

    #[test]
    fn keys_are_fresh_as_long_as_their_issuer_says_within_bounds() {
        for (value, seconds) in [
            ("public, max-age=900", 900),
            ("Max-Age=\"900\"", 900),
            ("max-age=0", 300),
            ("max-age=31536000", 86400),
            ("max-age=99999999999999999999999", 3600),
            ("no-store, max-age=900", 300),
            ("private", 3600),
        ] {
            let headers = HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static(value))]);
            assert_eq!(lifetime(&headers).as_secs(), seconds, "{value}");
        }
        assert_eq!(lifetime(&HeaderMap::new()).as_secs(), 3600);
    }
}
