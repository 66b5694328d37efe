use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, header};

use super::parameters::Parameters;
use super::refusal::Refusal;

/// The one client: in a deployment, the app client at Cognito.
#[derive(Clone)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// Its secret; a public client has none.
    pub secret: Option<String>,
    /// The one URI its users are sent back to.
    pub redirect_uri: String,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, redirect_uri) = (&self.id, &self.redirect_uri);
        formatter.debug_struct("Client").field("id", id).field("redirect_uri", redirect_uri).finish_non_exhaustive()
    }
}

impl Client {
    /// The ways it can authenticate, by their names in metadata (RFC 8414, section 2).
    pub(super) fn methods(&self) -> &'static [&'static str] {
        match self.secret {
            Some(_) => &["client_secret_basic", "client_secret_post"],
            None => &["none"],
        }
    }

    /// Checks that the sender of a form is this client (RFC 6749, sections 2.3.1 and 3.2.1).
    pub(super) fn authenticate(&self, headers: &HeaderMap, form: &Parameters) -> Result<(), Refusal> {
        let (id, secret) = match headers.get(header::AUTHORIZATION) {
            Some(_) if form.get("client_secret").is_some() => {
                return Err(Refusal::invalid_request("a client authenticates in one way"));
            }
            Some(authorization) => {
                let (id, secret) = basic(authorization.as_bytes()).ok_or(Refusal::invalid_client())?;
                if form.get("client_id").is_some_and(|other| other != id) {
                    return Err(Refusal::invalid_request("the form names another client than its header"));
                }
                (id, Some(secret))
            }
            None => {
                let id = form.get("client_id").unwrap_or_default().to_owned();
                (id, form.get("client_secret").map(ToOwned::to_owned))
            }
        };
        if id == self.id && secret == self.secret { Ok(()) } else { Err(Refusal::invalid_client()) }
    }
}

/// Id and secret of an `Authorization` header; both are form-encoded in it.
fn basic(authorization: &[u8]) -> Option<(String, String)> {
    let (scheme, encoded) = authorization.split_at_checked("basic ".len())?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let pair = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

fn decoded(text: &str) -> String {
    // As the value of a form: the whole text is one value, for it has no `&` that is not escaped.
    url::form_urlencoded::parse(format!("={text}").as_bytes()).map(|(_, value)| value).collect()
}
