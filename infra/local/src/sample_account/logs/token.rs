//! `nextToken`: where the next page begins, and of which request.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::sample_account::error::ApiError;

/// Where a page begins: so many events into a minute.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    /// Minutes since the epoch.
    pub(super) minute: i64,
    /// Events of that minute that earlier pages have searched.
    pub(super) events: usize,
}

/// What a token belongs to: the request without it, and without the size of a page, which may change from one to the
/// next.
#[derive(Debug)]
pub(super) struct Pages {
    request: u64,
}

impl Pages {
    /// The pages of the answer to a request.
    pub(super) fn of(request: &Value) -> Self {
        let mut request = request.clone();
        if let Some(members) = request.as_object_mut() {
            members.remove("nextToken");
            members.remove("limit");
        }
        let mut hasher = DefaultHasher::new();
        request.to_string().hash(&mut hasher);
        Self { request: hasher.finish() }
    }

    /// The token of the page that begins at `position`.
    pub(super) fn token(&self, position: Position) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}/{}/{}", position.minute, position.events, self.request))
    }

    /// Where the page of a token begins.
    ///
    /// # Errors
    /// `InvalidParameterException` for a token that was not given out for this request.
    pub(super) fn position(&self, token: &str) -> Result<Position, ApiError> {
        match read(token) {
            Some((position, request)) if request == self.request => Ok(position),
            _ => Err(ApiError::invalid_parameter("The specified nextToken is invalid.")),
        }
    }
}

fn read(token: &str) -> Option<(Position, u64)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = text.splitn(3, '/');
    let position = Position { minute: parts.next()?.parse().ok()?, events: parts.next()?.parse().ok()? };
    Some((position, parts.next()?.parse().ok()?))
}
