//! The token endpoint (RFC 6749, section 3.2).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde::Serialize;

use super::claims::Grant;
use super::parameters::Parameters;
use super::refusal::Refusal;
use super::{OPENID, Provider, TEST_GRANT, users};

pub(super) const PATH: &str = "/token";

/// RFC 6749, section 5.1.
#[derive(Serialize)]
struct Tokens {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

pub(super) async fn exchange(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    form: Parameters,
) -> Result<Response, Refusal> {
    let tokens = match form.require("grant_type", "there is no grant_type")? {
        "authorization_code" => provider.redeem(&headers, &form),
        "refresh_token" => provider.refresh(&headers, &form),
        TEST_GRANT => provider.test(&form),
        _ => Err(Refusal::new("unsupported_grant_type", "this provider has no such grant")),
    }?;
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(tokens)).into_response())
}

impl Provider {
    fn redeem(&self, headers: &HeaderMap, form: &Parameters) -> Result<Tokens, Refusal> {
        self.settings.client.authenticate(headers, form)?;
        let code = form.require("code", "there is no code")?;
        let verifier = form.require("code_verifier", "there is no code_verifier")?;
        let redirect_uri = form.require("redirect_uri", "there is no redirect_uri")?;
        let resource = self.resource(form)?;
        // Whatever is wrong with the rest: who knows the code has had their one try.
        let code = self.codes.take(code).ok_or(Refusal::invalid_grant("the code is unknown, expired or used"))?;
        if redirect_uri != self.settings.client.redirect_uri {
            return Err(Refusal::invalid_grant("the code was sent to another redirect URI"));
        }
        if BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) != code.challenge {
            return Err(Refusal::invalid_grant("the code_verifier is not that of the request"));
        }
        if resource.is_some() && resource != code.grant.resource.as_deref() {
            return Err(Refusal::invalid_target());
        }
        let refresh_token = self.refresh_tokens.put(code.grant.clone())?;
        self.tokens(&code.grant, Some(refresh_token))
    }

    /// Each refresh token is good for one use, and followed by another (RFC 9700, section 4.14.2).
    fn refresh(&self, headers: &HeaderMap, form: &Parameters) -> Result<Tokens, Refusal> {
        self.settings.client.authenticate(headers, form)?;
        let token = form.require("refresh_token", "there is no refresh_token")?;
        let narrowed = form.get("scope").map(|_| self.scopes(form)).transpose()?;
        let resource = self.resource(form)?;
        let unknown = Refusal::invalid_grant("the refresh token is unknown, expired or used");
        let granted = self.refresh_tokens.take(token).ok_or(unknown)?;
        if resource.is_some() && resource != granted.resource.as_deref() {
            return Err(Refusal::invalid_target());
        }
        // What an ID token would repeat belongs to the sign-in.
        let mut grant = Grant { nonce: None, ..granted.clone() };
        if let Some(scopes) = narrowed {
            if scopes.iter().any(|scope| !granted.scopes.contains(scope)) {
                return Err(Refusal::new("invalid_scope", "more than the user granted"));
            }
            grant.scopes = scopes;
        }
        let next = self.refresh_tokens.put(granted)?;
        self.tokens(&grant, Some(next))
    }

    /// A token for whoever is named: what makes this provider one for development.
    fn test(&self, form: &Parameters) -> Result<Tokens, Refusal> {
        let user = form.require("user", "there is no user")?;
        let user = users::find(user).ok_or(Refusal::invalid_request("there is no such user"))?;
        let resource = self.resource(form)?.map(ToOwned::to_owned);
        let signed_in = Timestamp::now().as_second();
        self.tokens(&Grant { user, scopes: self.scopes(form)?, resource, nonce: None, signed_in }, None)
    }

    fn tokens(&self, grant: &Grant, refresh_token: Option<String>) -> Result<Tokens, Refusal> {
        let asks_for_id = grant.scopes.iter().any(|scope| scope == OPENID);
        Ok(Tokens {
            access_token: self.key.sign(&grant.access_token(self))?,
            token_type: "Bearer",
            expires_in: self.settings.token_lifetime.as_secs(),
            scope: grant.scopes.join(" "),
            id_token: if asks_for_id { Some(self.key.sign(&grant.id_token(self))?) } else { None },
            refresh_token,
        })
    }
}
