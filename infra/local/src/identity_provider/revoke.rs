use std::sync::Arc;

use axum::extract::State;
use http::{HeaderMap, StatusCode};

use super::Provider;
use super::parameters::Parameters;
use super::refusal::Refusal;

pub(super) const PATH: &str = "/revoke";

/// Ends a refresh token (RFC 7009). A token that is unknown is as good as ended; access tokens end by themselves.
pub(super) async fn revoke(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    form: Parameters,
) -> Result<StatusCode, Refusal> {
    provider.settings.client.authenticate(&headers, &form)?;
    drop(provider.refresh_tokens.take(form.require("token", "there is no token")?));
    Ok(StatusCode::OK)
}
