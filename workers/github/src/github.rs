//! The GitHub REST API.

use http::HeaderValue;
use http::header::{ACCEPT, AUTHORIZATION, HeaderName};
use penstock_aws::TrustError;
use penstock_fetch::{Get, Service, ServiceError, ServiceSetupError, Text};
use serde::de::DeserializeOwned;

use crate::token::{Token, TokenError, Tokens};

/// Names the API's base URL: GitHub's own, or an enterprise server's, which ends in `/api/v3`.
const URL: &str = "PENSTOCK_GITHUB_URL";

/// The version asked for. The oldest that GitHub serves, and so known to the most enterprise servers
/// (<https://docs.github.com/rest/about-the-rest-api/api-versions>).
const VERSION: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-github-api-version"), HeaderValue::from_static("2022-11-28"));

const JSON: HeaderValue = HeaderValue::from_static("application/vnd.github+json");

/// Asks for a file's bytes in place of a JSON document around them.
const RAW: HeaderValue = HeaderValue::from_static("application/vnd.github.raw+json");

/// A client of the API. The token goes to the base URL's origin and nowhere else.
#[derive(Debug)]
pub(crate) struct GitHub {
    service: Service,
    tokens: Tokens,
}

/// Why the client cannot be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error(transparent)]
    Service(#[from] ServiceSetupError),
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error("{variable} holds no token: a token is one word")]
    Token { variable: &'static str },
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum GitHubError {
    /// There is no token to ask with.
    Token(TokenError),
    /// GitHub did not give what it was asked for; asked with a token or without.
    Service { error: ServiceError, with_token: bool },
}

impl GitHubError {
    /// Whether GitHub says that there is no such thing.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Service { error: ServiceError::Refused(answer), .. } if answer.status == 404)
    }

    fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Service { error: ServiceError::Refused(answer), .. } if answer.status == 401)
    }
}

impl GitHub {
    /// The API and the token that the environment names. Connects to nothing yet.
    ///
    /// # Errors
    /// What is configured wrongly, by name.
    pub(crate) async fn from_env() -> Result<Self, SetupError> {
        Ok(Self { service: Service::from_env(URL)?, tokens: Tokens::from_env().await? })
    }

    /// A request for what is at `path` below the base URL.
    pub(crate) fn get(&self, path: &str) -> Get {
        self.service.get(path).header(VERSION.0, VERSION.1)
    }

    /// Sends a request for a document.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn json<T: DeserializeOwned>(&self, get: Get) -> Result<T, GitHubError> {
        self.send(get.header(ACCEPT, JSON), Get::json).await
    }

    /// Sends a request for a file, of which at most `most` bytes are read.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn raw(&self, get: Get, most: usize) -> Result<Text, GitHubError> {
        self.send(get.header(ACCEPT, RAW), |get| get.text(most)).await
    }

    /// Sends a request with the token; once more if the token has been replaced since it was read.
    async fn send<T, F>(&self, get: Get, send: impl Fn(Get) -> F) -> Result<T, GitHubError>
    where
        F: Future<Output = Result<T, ServiceError>>,
    {
        let token = self.tokens.current().await.map_err(GitHubError::Token)?;
        let with_token = token.is_some();
        let attempt = async |token: Option<&Token>| {
            let get = match token {
                Some(token) => get.clone().header(AUTHORIZATION, token.bearer()),
                None => get.clone(),
            };
            send(get).await.map_err(|error| GitHubError::Service { error, with_token })
        };
        match attempt(token.as_ref()).await {
            Err(error) if error.is_unauthorized() => match self.tokens.newer_than(token.as_ref()).await {
                Ok(Some(newer)) => attempt(Some(&newer)).await,
                _ => Err(error),
            },
            outcome => outcome,
        }
    }
}
