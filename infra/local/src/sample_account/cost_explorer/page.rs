//! Paging: where the next page begins, and of which answer.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use serde_json::Value;

use crate::sample_account::error::ApiError;

/// Groups (or totals, if nothing is grouped) on a page. Far fewer than the real service sends, so that
/// everyday questions already have several pages.
pub(super) const PAGE_SIZE: usize = 50;

/// What a page belongs to: the request without its token, and the day the bill was computed on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pages {
    request: u64,
    today: Date,
}

/// A page of a list.
#[derive(Debug)]
pub(super) struct Cut<T> {
    /// What is on it.
    pub(super) items: Vec<T>,
    /// Length of the whole list.
    pub(super) total: usize,
    /// Token of the next page; absent on the last.
    pub(super) next: Option<String>,
}

impl Pages {
    /// The pages of the answer to a request.
    pub(super) fn of(request: &Value, today: Date) -> Self {
        let mut request = request.clone();
        if let Some(members) = request.as_object_mut() {
            members.remove("NextPageToken");
        }
        let mut hasher = DefaultHasher::new();
        request.to_string().hash(&mut hasher);
        Self { request: hasher.finish(), today }
    }

    /// The token of the page that begins at `offset`.
    pub(super) fn token(&self, offset: usize) -> String {
        URL_SAFE_NO_PAD.encode(format!("{offset}/{}/{}", self.request, self.today))
    }

    /// Where the page of a token begins; the first page has none.
    ///
    /// # Errors
    /// The API's own: a token that is not ours, of another request, or of another day's bill.
    pub(super) fn offset(&self, token: Option<&str>) -> Result<usize, ApiError> {
        let Some(token) = token else { return Ok(0) };
        let (offset, request, today) = read(token).ok_or_else(ApiError::invalid_next_token)?;
        if request != self.request {
            return Err(ApiError::request_changed());
        }
        if today != self.today {
            return Err(ApiError::bill_expired());
        }
        Ok(offset)
    }

    /// The page of a list that a token names, and the token of the next one.
    ///
    /// # Errors
    /// As [`offset`](Self::offset).
    pub(super) fn cut<T>(&self, list: Vec<T>, token: Option<&str>, size: usize) -> Result<Cut<T>, ApiError> {
        let (offset, total) = (self.offset(token)?, list.len());
        if offset > 0 && offset >= total {
            return Err(ApiError::invalid_next_token());
        }
        let items = list.into_iter().skip(offset).take(size).collect();
        Ok(Cut { items, total, next: (total - offset > size).then(|| self.token(offset + size)) })
    }
}

fn read(token: &str) -> Option<(usize, u64, Date)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = text.splitn(3, '/');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}
