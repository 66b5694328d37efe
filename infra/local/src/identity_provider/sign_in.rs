use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;

use super::authorize::{Authorization, Failure};
use super::claims::Grant;
use super::parameters::Parameters;
use super::refusal::Refusal;
use super::users::{self, USERS};
use super::{Provider, pages};

/// What of a request its page sends again.
const SENT_AGAIN: [&str; 9] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "resource",
    "nonce",
];

/// Begins the names of the boxes that grant a scope.
const GRANT: &str = "grant.";

/// What a code is good for, once.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) challenge: String,
}

/// `GET`: the page to sign in at.
pub(super) async fn show(State(provider): State<Arc<Provider>>, parameters: Result<Parameters, Refusal>) -> Response {
    let parameters = match parameters {
        Ok(parameters) => parameters,
        Err(refusal) => return pages::refused(&refusal),
    };
    match Authorization::read(&provider, &parameters) {
        Ok(request) => {
            let page = pages::SignIn {
                issuer: &provider.issuer,
                resource: request.resource,
                sent_again: SENT_AGAIN.iter().filter_map(|name| Some((*name, parameters.get(name)?))).collect(),
                users: &USERS,
                chosen: request.hint.unwrap_or(&USERS[0]),
                grant: GRANT,
                scopes: &request.scopes,
            };
            page.response()
        }
        Err(failure) => provider.fail(failure, &parameters),
    }
}

/// `POST`: what was chosen there.
pub(super) async fn submit(State(provider): State<Arc<Provider>>, parameters: Result<Parameters, Refusal>) -> Response {
    let parameters = match parameters {
        Ok(parameters) => parameters,
        Err(refusal) => return pages::refused(&refusal),
    };
    let request = match Authorization::read(&provider, &parameters) {
        Ok(request) => request,
        Err(failure) => return provider.fail(failure, &parameters),
    };
    match provider.code(&request, &parameters) {
        Ok(code) => provider.send_back(&[("code", &code)], request.state),
        Err(refusal) => provider.fail(Failure::Sent(refusal), &parameters),
    }
}

impl Provider {
    fn code(&self, request: &Authorization<'_>, parameters: &Parameters) -> Result<String, Refusal> {
        let denied = Refusal::new("access_denied", "the user did not sign in, or grants nothing");
        if parameters.get("cancel").is_some() {
            return Err(denied);
        }
        let user = parameters.get("user").and_then(users::find).ok_or(denied)?;
        let is_granted = |scope: &&String| parameters.get(&format!("{GRANT}{scope}")).is_some();
        let scopes: Vec<String> = request.scopes.iter().filter(is_granted).cloned().collect();
        if scopes.is_empty() && !request.scopes.is_empty() {
            return Err(denied);
        }
        let grant = Grant {
            user,
            scopes,
            resource: request.resource.map(ToOwned::to_owned),
            nonce: request.nonce.map(ToOwned::to_owned),
            signed_in: Timestamp::now().as_second(),
        };
        tracing::info!(user = user.name, "signed in at the development identity provider");
        Ok(self.codes.put(Code { grant, challenge: request.challenge.to_owned() })?)
    }

    fn fail(&self, failure: Failure, parameters: &Parameters) -> Response {
        match failure {
            Failure::Shown(refusal) => pages::refused(&refusal),
            Failure::Sent(Refusal { code, description }) => {
                self.send_back(&[("error", code), ("error_description", description)], parameters.get("state"))
            }
        }
    }
}
