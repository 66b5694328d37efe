//! What tokens say: the claims of Cognito's, so that nothing in front of this provider has to know which it is.

use jiff::Timestamp;
use serde::Serialize;

use super::Provider;
use super::users::User;

/// What a user let a client do.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) user: &'static User,
    pub(super) scopes: Vec<String>,
    /// The audience. Without one a token has no `aud`, like Cognito's.
    pub(super) resource: Option<String>,
    /// What ties an ID token to the request for it.
    pub(super) nonce: Option<String>,
    /// When the user signed in, in seconds since 1970.
    pub(super) signed_in: i64,
}

#[derive(Serialize)]
struct Common<'a> {
    iss: &'a str,
    sub: &'static str,
    #[serde(rename = "cognito:groups")]
    groups: &'static [&'static str],
    /// [`TENANT_CLAIM`](super::TENANT_CLAIM).
    #[serde(rename = "custom:tenant")]
    tenant: &'static str,
    auth_time: i64,
    iat: i64,
    exp: i64,
    jti: String,
}

#[derive(Serialize)]
struct AccessToken<'a> {
    #[serde(flatten)]
    common: Common<'a>,
    token_use: &'static str,
    client_id: &'a str,
    username: &'static str,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
}

#[derive(Serialize)]
struct IdToken<'a> {
    #[serde(flatten)]
    common: Common<'a>,
    token_use: &'static str,
    aud: &'a str,
    #[serde(rename = "cognito:username")]
    username: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
}

impl Grant {
    pub(super) fn access_token<'a>(&'a self, provider: &'a Provider) -> impl Serialize + use<'a> {
        AccessToken {
            common: self.common(provider),
            token_use: "access",
            client_id: &provider.settings.client.id,
            username: self.user.name,
            scope: self.scopes.join(" "),
            aud: self.resource.as_deref(),
        }
    }

    pub(super) fn id_token<'a>(&'a self, provider: &'a Provider) -> impl Serialize + use<'a> {
        IdToken {
            common: self.common(provider),
            token_use: "id",
            aud: &provider.settings.client.id,
            username: self.user.name,
            nonce: self.nonce.as_deref(),
        }
    }

    fn common<'a>(&self, provider: &'a Provider) -> Common<'a> {
        let now = Timestamp::now().as_second();
        let lifetime = i64::try_from(provider.settings.token_lifetime.as_secs()).unwrap_or(i64::MAX);
        Common {
            iss: &provider.issuer,
            sub: self.user.subject,
            groups: self.user.groups,
            tenant: self.user.tenant,
            auth_time: self.signed_in,
            iat: now,
            exp: now.saturating_add(lifetime),
            jti: uuid::Uuid::new_v4().to_string(),
        }
    }
}
