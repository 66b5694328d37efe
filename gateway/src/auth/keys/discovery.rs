//! Where an issuer's keys are: `OpenID` Connect Discovery 1.0, section 4, or RFC 8414, section 3.

use http::StatusCode;
use penstock_fetch::{Fetched, Fetcher, configured_url};
use serde::Deserialize;

use super::KeysError;

/// The members of the metadata that are read.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

/// Asks an issuer where its keys are.
pub(super) async fn jwks_uri(fetcher: &Fetcher, issuer: &str) -> Result<String, KeysError> {
    let mut status = None;
    for url in locations(issuer) {
        let answer = fetch(fetcher, "the issuer's metadata", &url).await?;
        if answer.status == StatusCode::OK {
            return read(&answer.body, issuer);
        }
        status = Some(answer.status.as_u16());
    }
    Err(KeysError::Status("the issuer's metadata", status.unwrap_or_default()))
}

/// Gets a document, whatever its status.
pub(super) async fn fetch(fetcher: &Fetcher, what: &'static str, url: &str) -> Result<Fetched, KeysError> {
    fetcher.get(url).await.map_err(|error| KeysError::Fetch { what, error })
}

/// `OpenID`'s well-known path follows the issuer's path; RFC 8414's goes before it.
fn locations(issuer: &str) -> impl Iterator<Item = String> {
    let bare = issuer.trim_end_matches('/');
    let inserted = configured_url(issuer).ok().map(|url| {
        let path = url.path().trim_end_matches('/');
        format!("{}/.well-known/oauth-authorization-server{path}", url.origin().ascii_serialization())
    });
    [format!("{bare}/.well-known/openid-configuration")].into_iter().chain(inserted)
}

/// Metadata of another issuer is an attack or a mistake (RFC 8414, section 3.3).
fn read(document: &[u8], issuer: &str) -> Result<String, KeysError> {
    let metadata: Metadata =
        serde_json::from_slice(document).map_err(|_| KeysError::Document("the issuer's metadata names no keys"))?;
    if metadata.issuer != issuer {
        return Err(KeysError::Document("the metadata is another issuer's"));
    }
    // Nobody elsewhere sends the gateway to its own machine.
    if issuer.starts_with("https:") && !metadata.jwks_uri.starts_with("https:") {
        return Err(KeysError::Document("the metadata names keys that are not at an https URL"));
    }
    Ok(metadata.jwks_uri)
}

#[cfg(test)]
mod tests {
    use super::{locations, read};

    #[test]
    fn an_issuer_with_a_path_has_two_well_known_places() {
        let expected = [
            "https://login.example.com/pool/.well-known/openid-configuration",
            "https://login.example.com/.well-known/oauth-authorization-server/pool",
        ];
        assert!(locations("https://login.example.com/pool").eq(expected));
        assert!(locations("https://login.example.com/pool/").eq(expected));
    }

    #[test]
    fn metadata_must_be_the_issuers_own_and_name_keys_elsewhere() {
        const ISSUER: &str = "https://login.example.com";
        for (metadata, sound) in [
            (r#"{"issuer":"https://login.example.com","jwks_uri":"https://keys.example.com/"}"#, true),
            (r#"{"issuer":"https://login.example.com/","jwks_uri":"https://keys.example.com/"}"#, false),
            (r#"{"issuer":"https://evil.example.com","jwks_uri":"https://keys.example.com/"}"#, false),
            (r#"{"issuer":"https://login.example.com","jwks_uri":"http://127.0.0.1/"}"#, false),
            (r#"{"issuer":"https://login.example.com"}"#, false),
            ("", false),
        ] {
            assert_eq!(read(metadata.as_bytes(), ISSUER).is_ok(), sound, "{metadata}");
        }
    }
}
