use std::collections::BTreeMap;

use axum::extract::{FromRequest, RawForm, Request};

use super::refusal::Refusal;

/// More than any request has.
const MAX_PARAMETERS: usize = 64;

/// The parameters of a request, from its query or its form, each at most once (RFC 6749, section 3.1).
#[derive(Debug)]
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// A parameter's value. One without a value was not sent (RFC 6749, section 3.1).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A value the request needs.
    pub(super) fn require(&self, name: &'static str, missing: &'static str) -> Result<&str, Refusal> {
        self.get(name).ok_or(Refusal::invalid_request(missing))
    }

    fn parse(form: &[u8]) -> Result<Self, Refusal> {
        let mut parameters = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(form) {
            if parameters.len() == MAX_PARAMETERS || parameters.insert(name.into_owned(), value.into_owned()).is_some()
            {
                return Err(Refusal::invalid_request("a parameter is there twice, or there are too many"));
            }
        }
        Ok(Self(parameters))
    }
}

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let form = RawForm::from_request(request, state).await;
        Self::parse(&form.map_err(|_| Refusal::invalid_request("this is not a form of an acceptable size"))?.0)
    }
}
