//! What an authorization request has to be (RFC 6749, section 4.1.1, RFC 7636 and RFC 8707), and where its errors go.

use axum::response::{IntoResponse as _, Redirect, Response};
use url::Url;

use super::Provider;
use super::parameters::Parameters;
use super::refusal::Refusal;
use super::users::{self, User};

pub(super) const PATH: &str = "/authorize";

/// Length of an S256 challenge: 32 bytes in base64url (RFC 7636, section 4.2).
const CHALLENGE: usize = 43;

/// A request that may be answered with a code.
#[derive(Debug)]
pub(super) struct Authorization<'a> {
    pub(super) state: Option<&'a str>,
    pub(super) scopes: Vec<String>,
    pub(super) challenge: &'a str,
    pub(super) resource: Option<&'a str>,
    pub(super) nonce: Option<&'a str>,
    pub(super) hint: Option<&'static User>,
}

/// Why there is none.
#[derive(Debug, Clone, Copy)]
pub(super) enum Failure {
    /// Where the user would be sent is not trusted, so the user is told (RFC 6749, section 4.1.2.1).
    Shown(Refusal),
    /// The client is told.
    Sent(Refusal),
}

impl<'a> Authorization<'a> {
    pub(super) fn read(provider: &Provider, parameters: &'a Parameters) -> Result<Self, Failure> {
        let client = &provider.settings.client;
        if parameters.get("client_id") != Some(&client.id) {
            return Err(Failure::Shown(Refusal::invalid_request("no such client is registered")));
        }
        if parameters.get("redirect_uri") != Some(&client.redirect_uri) {
            return Err(Failure::Shown(Refusal::invalid_request(
                "the client is not registered with this redirect URI",
            )));
        }
        Self::read_trusted(provider, parameters).map_err(Failure::Sent)
    }

    fn read_trusted(provider: &Provider, parameters: &'a Parameters) -> Result<Self, Refusal> {
        if parameters.require("response_type", "there is no response_type")? != "code" {
            return Err(Refusal::new("unsupported_response_type", "the only response type is \"code\""));
        }
        let challenge = parameters.require("code_challenge", "there is no code_challenge")?;
        if parameters.get("code_challenge_method") != Some("S256") || challenge.len() != CHALLENGE {
            return Err(Refusal::invalid_request("the code challenge is not one of the method S256"));
        }
        if parameters.get("prompt").is_some_and(|prompt| prompt.split(' ').any(|one| one == "none")) {
            return Err(Refusal::new("login_required", "nobody is ever signed in already"));
        }
        Ok(Self {
            state: parameters.get("state"),
            scopes: provider.scopes(parameters)?,
            challenge,
            resource: provider.resource(parameters)?,
            nonce: parameters.get("nonce"),
            hint: parameters.get("login_hint").and_then(users::find),
        })
    }
}

impl Provider {
    /// The scopes a request asks for; all there are if it names none, short of an ID token.
    pub(super) fn scopes(&self, parameters: &Parameters) -> Result<Vec<String>, Refusal> {
        let known = &self.settings.scopes;
        let Some(asked) = parameters.get("scope") else {
            return Ok(known.iter().filter(|scope| *scope != super::OPENID).cloned().collect());
        };
        let mut scopes: Vec<String> = Vec::new();
        for scope in asked.split(' ') {
            if !known.contains(scope) {
                return Err(Refusal::invalid_scope());
            }
            if !scopes.iter().any(|before| before == scope) {
                scopes.push(scope.to_owned());
            }
        }
        Ok(scopes)
    }

    /// The resource a request asks for.
    pub(super) fn resource<'a>(&self, parameters: &'a Parameters) -> Result<Option<&'a str>, Refusal> {
        let resource = parameters.get("resource");
        if resource.is_some_and(|resource| resource != self.settings.resource) {
            return Err(Refusal::invalid_target());
        }
        Ok(resource)
    }

    /// Sends the user back to the client with these parameters, the request's `state`, and the issuer (RFC 9207).
    pub(super) fn send_back(&self, answer: &[(&str, &str)], state: Option<&str>) -> Response {
        let Ok(mut target) = Url::parse(&self.settings.client.redirect_uri) else {
            return super::pages::refused(&Refusal::invalid_request("the client's redirect URI is none"));
        };
        target.query_pairs_mut().extend_pairs(answer).extend_pairs(state.map(|state| ("state", state)));
        target.query_pairs_mut().append_pair("iss", &self.issuer);
        Redirect::to(target.as_str()).into_response()
    }
}
