//! An HTTP API that an operator names by its base URL.

mod error;

use std::env;
use std::fmt::Display;
use std::path::Path;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use serde::de::DeserializeOwned;
use url::Url;

use crate::{FetchError, Fetched, Fetcher, Reach, Roots, configured_url};

pub use error::{ServiceError, ServiceSetupError, in_words};

/// How long one exchange may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The largest JSON answer read, in bytes.
const MAX_JSON: usize = 4 * 1024 * 1024;

/// Redirects followed one after another.
const MAX_REDIRECTS: usize = 3;

/// Names a PEM file of certificate authorities to trust beside Mozilla's.
const ROOTS_FILE: &str = "PENSTOCK_CA_BUNDLE";

/// An HTTP API below a base URL. Requests, their headers and redirects stay at its origin.
#[derive(Debug, Clone)]
pub struct Service {
    fetcher: Fetcher,
    base: Url,
}

/// Text that may be longer than what was read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text, or its beginning. What is not UTF-8 in it has been replaced.
    pub text: String,
    /// Whether there is more.
    pub is_cut: bool,
}

/// A request in the making.
#[derive(Debug, Clone)]
pub struct Get {
    service: Service,
    url: Url,
    headers: HeaderMap,
}

impl Service {
    /// The service at the URL that the environment variable `variable` holds. `PENSTOCK_CA_BUNDLE` may name further
    /// authorities to trust. Connects to nothing yet.
    ///
    /// # Errors
    /// [`ServiceSetupError`], which names the variable.
    pub fn from_env(variable: &'static str) -> Result<Self, ServiceSetupError> {
        let roots = match set(ROOTS_FILE) {
            Some(file) => Roots::with_file(Path::new(&file)).map_err(ServiceSetupError::Roots)?,
            None => Roots::default(),
        };
        Self::new(variable, &set(variable).unwrap_or_default(), &roots)
    }

    fn new(variable: &'static str, url: &str, roots: &Roots) -> Result<Self, ServiceSetupError> {
        let wrong = |reason: String| ServiceSetupError::Url { variable, reason };
        if url.is_empty() {
            return Err(wrong("not set".to_owned()));
        }
        let base = configured_url(url).map_err(|error| wrong(error.to_string()))?;
        if base.query().is_some() {
            return Err(wrong("a base URL has no query".to_owned()));
        }
        let fetcher = Fetcher::new(Reach::Configured, roots).map_err(|error| wrong(error.to_string()))?;
        Ok(Self { fetcher, base })
    }

    /// A request for what is at `path` below the base URL, e.g. `v1/search`.
    pub fn get(&self, path: &str) -> Get {
        let get = Get { service: self.clone(), url: self.base.clone(), headers: HeaderMap::new() };
        path.split('/').fold(get, Get::segment)
    }

    /// Where a redirect leads, if that is at this origin.
    fn redirected(&self, from: &Url, fetched: &Fetched) -> Option<Url> {
        let location = fetched.headers.get(LOCATION)?.to_str().ok()?;
        let to = from.join(location).ok()?;
        (fetched.status.is_redirection() && to.origin() == self.base.origin()).then_some(to)
    }
}

/// A variable's value; one that is empty counts as not set.
fn set(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}

impl Get {
    /// Adds one segment to the path, whatever it holds; `.` and `..` are none and change nothing.
    #[must_use]
    pub fn segment(mut self, text: &str) -> Self {
        if let Ok(mut path) = self.url.path_segments_mut() {
            path.pop_if_empty().push(text);
        }
        self
    }

    /// Adds a parameter to the query.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        self.url.query_pairs_mut().append_pair(name, &value.to_string());
        self
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sends the request for a JSON document of at most 4 MiB.
    ///
    /// # Errors
    /// [`ServiceError`] if there is no answer, none with a status of success, or another document than `T`.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, ServiceError> {
        let host = self.url.host_str().unwrap_or_default().to_owned();
        let parsed = async {
            let (fetched, is_cut) = self.send(MAX_JSON).await?;
            if is_cut {
                return Err(FetchError::TooLarge.into());
            }
            serde_json::from_slice(&fetched.body).map_err(|_| ServiceError::Incomprehensible)
        };
        parsed.await.inspect_err(|error| log(&host, error))
    }

    /// Sends the request for a text, of which at most `most` bytes are read.
    ///
    /// # Errors
    /// [`ServiceError`] if there is no answer, or none with a status of success.
    pub async fn text(self, most: usize) -> Result<Text, ServiceError> {
        let host = self.url.host_str().unwrap_or_default().to_owned();
        let (fetched, is_cut) = self.send(most).await.inspect_err(|error| log(&host, error))?;
        let whole = match std::str::from_utf8(&fetched.body) {
            // The bound fell into a character.
            Err(error) if is_cut && error.error_len().is_none() => &fetched.body[..error.valid_up_to()],
            _ => &fetched.body[..],
        };
        Ok(Text { text: String::from_utf8_lossy(whole).into_owned(), is_cut })
    }

    async fn send(mut self, most: usize) -> Result<(Fetched, bool), ServiceError> {
        for _ in 0..=MAX_REDIRECTS {
            let request = self.service.fetcher.http.get(self.url.clone());
            let request = request.timeout(TIMEOUT).headers(self.headers.clone());
            let (fetched, is_cut) = crate::read(request, most).await?;
            if fetched.status.is_success() {
                return Ok((fetched, is_cut));
            }
            let Some(to) = self.service.redirected(&self.url, &fetched) else {
                return Err(ServiceError::Refused(Box::new(fetched)));
            };
            self.url = to;
        }
        Err(ServiceError::Incomprehensible)
    }
}

/// Queries hold arguments, so the host is all that is logged of the URL.
fn log(host: &str, error: &ServiceError) {
    tracing::warn!(host, %error, "a service did not give what it was asked for");
}

#[cfg(test)]
mod tests;
