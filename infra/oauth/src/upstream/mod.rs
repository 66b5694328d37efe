//! The upstream: the OpenID provider that knows the people and issues the tokens. The front is one client of it.

mod answer;
mod metadata;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use penstock_fetch::{FetchError, Fetched, Fetcher};
use url::Url;

pub(crate) use answer::{Refusal, Tokens};
use metadata::Metadata;

use crate::config::Secret;
use crate::pkce::Verifier;
use crate::scope::Scopes;
use crate::seals::{Grant, Journey};

/// How long the provider's metadata is good.
const FRESH_FOR: Duration = Duration::from_hours(1);

/// Where the front is known as which client.
pub(crate) struct Upstream {
    issuer: String,
    client_id: String,
    client_secret: Option<Secret>,
    /// Scopes the provider wants for itself and clients never see.
    own_scopes: Scopes,
    /// The front's own redirect URI there.
    callback: String,
    fetcher: Fetcher,
    metadata: Cache<(), Arc<Metadata>>,
}

/// The upstream as configured.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<Secret>,
    pub(crate) own_scopes: Scopes,
    pub(crate) callback: String,
}

/// Why the upstream did not do what it was asked for. For logs; clients read other words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UpstreamError {
    #[error("the provider cannot be reached: {0}")]
    Unreachable(#[from] FetchError),
    #[error("the provider answers with status {0}")]
    Status(u16),
    #[error("the provider's metadata cannot be used: {0}")]
    Metadata(&'static str),
    #[error("the provider's answer is no token answer")]
    Malformed,
    #[error("the provider refuses: {0:?}")]
    Refused(Refusal),
    #[error("the provider has no endpoint to revoke tokens")]
    NoRevocation,
}

impl Upstream {
    pub(crate) fn new(settings: Settings, fetcher: Fetcher) -> Self {
        let Settings { issuer, client_id, client_secret, own_scopes, callback } = settings;
        let metadata = Cache::builder().max_capacity(1).time_to_live(FRESH_FOR).build();
        Self { issuer, client_id, client_secret, own_scopes, callback, fetcher, metadata }
    }

    /// Where a person signs in, and comes back from with `state`.
    pub(crate) async fn sign_in(
        &self,
        journey: &Journey,
        state: &str,
        hints: &[(&str, &str)],
    ) -> Result<Url, UpstreamError> {
        let metadata = self.metadata().await?;
        let mut url = Url::parse(&metadata.authorization_endpoint)
            .map_err(|_| UpstreamError::Metadata("authorization_endpoint"))?;
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.callback),
            ("state", state),
            ("code_challenge", &journey.verifier.challenge()),
            ("code_challenge_method", "S256"),
            ("resource", &journey.grant.resource),
        ]);
        let scopes = journey.grant.scopes.and(&self.own_scopes);
        if !scopes.is_empty() {
            url.query_pairs_mut().append_pair("scope", &scopes.joined());
        }
        url.query_pairs_mut().extend_pairs(hints);
        Ok(url)
    }

    /// Whether an authorization response may be the upstream's, by the `iss` it carries (RFC 9207, section 2.4).
    pub(crate) async fn sent(&self, iss: Option<&str>) -> Result<bool, UpstreamError> {
        match iss {
            Some(iss) => Ok(iss == self.issuer),
            None => Ok(!self.metadata().await?.authorization_response_iss_parameter_supported),
        }
    }

    /// Redeems the upstream's code.
    pub(crate) async fn redeem(&self, code: &str, verifier: &Verifier, grant: &Grant) -> Result<Tokens, UpstreamError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.callback),
            ("code_verifier", verifier.as_str()),
        ];
        self.tokens(&form, &grant.scopes).await
    }

    /// Uses the upstream's refresh token; `fewer` are the scopes wanted if not all. The front's own are not asked for
    /// then: it needs them at sign-in, and the person may have refused some.
    pub(crate) async fn refresh(
        &self,
        token: &str,
        granted: &Scopes,
        fewer: Option<&Scopes>,
    ) -> Result<Tokens, UpstreamError> {
        let scope = fewer.map(Scopes::joined);
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let form: Vec<_> = form.into_iter().chain(scope.as_deref().map(|scope| ("scope", scope))).collect();
        self.tokens(&form, fewer.unwrap_or(granted)).await
    }

    /// Ends the upstream's refresh token.
    pub(crate) async fn revoke(&self, token: &str) -> Result<(), UpstreamError> {
        let metadata = self.metadata().await?;
        let endpoint = metadata.revocation_endpoint.as_deref().ok_or(UpstreamError::NoRevocation)?;
        let answer = self.post(&metadata, endpoint, &[("token", token), ("token_type_hint", "refresh_token")]).await?;
        if answer.status.is_success() { Ok(()) } else { Err(answer::refusal(&answer)) }
    }

    async fn tokens(&self, form: &[(&str, &str)], asked: &Scopes) -> Result<Tokens, UpstreamError> {
        let metadata = self.metadata().await?;
        let answer = self.post(&metadata, &metadata.token_endpoint, form).await?;
        if !answer.status.is_success() {
            return Err(answer::refusal(&answer));
        }
        let mut tokens = answer::tokens(&answer, asked).ok_or(UpstreamError::Malformed)?;
        tokens.scopes = tokens.scopes.without(&self.own_scopes);
        Ok(tokens)
    }

    /// Posts as the front's client (RFC 6749, section 2.3.1).
    async fn post(&self, metadata: &Metadata, endpoint: &str, form: &[(&str, &str)]) -> Result<Fetched, UpstreamError> {
        let id = ("client_id", self.client_id.as_str());
        let Some(secret) = self.client_secret.as_ref().map(Secret::expose) else {
            return Ok(self.fetcher.post_form(endpoint, &[form, &[id]].concat(), None).await?);
        };
        if metadata.takes_basic() {
            return Ok(self.fetcher.post_form(endpoint, form, Some((&self.client_id, secret))).await?);
        }
        Ok(self.fetcher.post_form(endpoint, &[form, &[id, ("client_secret", secret)]].concat(), None).await?)
    }

    /// Fetched when it is needed first, by one request for all that wait.
    async fn metadata(&self) -> Result<Arc<Metadata>, UpstreamError> {
        let found = self.metadata.try_get_with((), metadata::discover(&self.fetcher, &self.issuer)).await;
        found.map_err(|error| (*error).clone())
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
