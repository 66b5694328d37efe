//! What a token must say to be good here (RFC 9068, section 4; RFC 8707; rule A-4).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_protocol::call::Caller;
use serde_json::{Map, Value};

use super::resource::Resource;
use super::settings::IssuerSettings;
use super::token::{InvalidToken, Verified};

/// How far the issuer's clock may be from ours.
const LEEWAY: Duration = Duration::from_secs(30);

/// Claims that only ID tokens have (`OpenID` Connect Core, sections 2 and 3.3.2.11).
const OF_ID_TOKENS: [&str; 3] = ["nonce", "at_hash", "c_hash"];

/// The caller a token speaks for, and when it expires.
pub(super) fn caller(
    token: &Verified,
    issuer: &IssuerSettings,
    resource: &Resource,
    now: SystemTime,
) -> Result<(Caller, SystemTime), InvalidToken> {
    let claims = Claims(&token.claims);
    let expires = in_force(&claims, now)?;
    for_access(&claims, token.typed_for_access)?;
    // `azp` is what issuers call it that do not follow RFC 9068.
    let client_id = claims.text("client_id")?.or(claims.text("azp")?).map(str::to_owned);
    for_us(&claims, issuer, resource, client_id.as_deref())?;
    let subject = claims.text("sub")?.filter(|subject| !subject.is_empty()).ok_or(InvalidToken::Claims)?;
    let scopes = claims.words("scope")?.or(claims.words("scp")?).unwrap_or_default();
    let groups = claims.texts(&issuer.groups_claim)?.unwrap_or_default();
    let tenant = match &issuer.tenant_claim {
        Some(name) => claims.text(name)?.map(str::to_owned),
        None => None,
    };
    let issuer = issuer.issuer.clone();
    Ok((Caller { subject: subject.to_owned(), issuer, client_id, scopes, groups, tenant }, expires))
}

fn in_force(claims: &Claims<'_>, now: SystemTime) -> Result<SystemTime, InvalidToken> {
    let expires = claims.time("exp")?.ok_or(InvalidToken::Claims)?;
    if expires + LEEWAY <= now {
        return Err(InvalidToken::Expired);
    }
    let begins = [claims.time("nbf")?, claims.time("iat")?];
    if begins.into_iter().flatten().any(|begin| begin > now + LEEWAY) {
        return Err(InvalidToken::NotYet);
    }
    Ok(expires)
}

/// An ID token says who signed in, to the client alone; it opens nothing. Cognito says by `token_use` what a token is,
/// RFC 9068 by its type; of any other, the claims tell.
fn for_access(claims: &Claims<'_>, typed_for_access: bool) -> Result<(), InvalidToken> {
    let for_access = match claims.text("token_use")? {
        Some(used_for) => used_for == "access",
        None => typed_for_access || !OF_ID_TOKENS.iter().any(|name| claims.0.contains_key(*name)),
    };
    if for_access { Ok(()) } else { Err(InvalidToken::NotForAccess) }
}

/// A token of a listed client needs no audience if it says that it is for access: Cognito names one only if it is
/// asked for.
fn for_us(
    claims: &Claims<'_>,
    issuer: &IssuerSettings,
    resource: &Resource,
    client_id: Option<&str>,
) -> Result<(), InvalidToken> {
    let listed = match &issuer.client_ids {
        Some(client_ids) if !client_ids.iter().any(|listed| client_id == Some(listed)) => {
            return Err(InvalidToken::Client);
        }
        client_ids => client_ids.is_some(),
    };
    let for_us = match claims.texts("aud")? {
        Some(audiences) => audiences.iter().any(|audience| resource.is(audience)),
        None => listed && claims.text("token_use")? == Some("access"),
    };
    if for_us { Ok(()) } else { Err(InvalidToken::Audience) }
}

struct Claims<'a>(&'a Map<String, Value>);

impl<'a> Claims<'a> {
    fn text(&self, name: &str) -> Result<Option<&'a str>, InvalidToken> {
        self.0.get(name).map(|value| value.as_str().ok_or(InvalidToken::Claims)).transpose()
    }

    /// A string, or an array of them.
    fn texts(&self, name: &str) -> Result<Option<Vec<String>>, InvalidToken> {
        let texts = match self.0.get(name) {
            None => return Ok(None),
            Some(Value::Array(items)) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
            Some(value) => value.as_str().map(|text| vec![text.to_owned()]),
        };
        texts.map(Some).ok_or(InvalidToken::Claims)
    }

    /// Words separated by spaces, or an array of strings.
    fn words(&self, name: &str) -> Result<Option<Vec<String>>, InvalidToken> {
        let texts = self.texts(name)?;
        Ok(texts.map(|texts| texts.iter().flat_map(|text| text.split_ascii_whitespace()).map(str::to_owned).collect()))
    }

    /// `NumericDate` (RFC 7519, section 2): seconds since 1970, fractions allowed.
    fn time(&self, name: &str) -> Result<Option<SystemTime>, InvalidToken> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let seconds = value.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        // Room for the leeway to be added.
        let time =
            seconds.and_then(|seconds| UNIX_EPOCH.checked_add(seconds)?.checked_add(LEEWAY)?.checked_sub(LEEWAY));
        time.map(Some).ok_or(InvalidToken::Claims)
    }
}
