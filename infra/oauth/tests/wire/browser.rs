//! What a browser and an HTTP client do: send, keep a cookie, follow nothing.

use std::collections::HashMap;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use url::form_urlencoded::Serializer;

/// A browser with a cookie jar of its own.
#[derive(Clone)]
pub(crate) struct Browser {
    http: Client<HttpConnector, Full<Bytes>>,
    pub(crate) cookie: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

pub(crate) fn encoded(parameters: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(parameters).finish()
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self { http: Client::builder(TokioExecutor::new()).build_http(), cookie: None }
    }

    pub(crate) async fn get(&mut self, url: &str) -> Answer {
        self.send(Method::GET, url, &[], String::new()).await
    }

    pub(crate) async fn post(&mut self, url: &str, form: &[(&str, &str)]) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, url, &headers, encoded(form)).await
    }

    pub(crate) async fn send(&mut self, method: Method, url: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = self.http.request(request.body(Full::from(body)).expect("a request")).await.expect("an answer");
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get("set-cookie") {
            let cookie = cookie.to_str().expect("text");
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        let body = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8(body.to_vec()).expect("text");
        Answer { status: parts.status.as_u16(), headers: parts.headers, text }
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default()
    }

    /// Where it sends the browser, without the query.
    pub(crate) fn target(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header("location").split('?').next().expect("a URL")
    }

    /// The query of where it sends the browser; no parameter twice.
    pub(crate) fn parameters(&self) -> HashMap<String, String> {
        let url = url::Url::parse(self.header("location")).unwrap_or_else(|_| panic!("a redirect: {self:?}"));
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let parameters: HashMap<_, _> = pairs.iter().cloned().collect();
        assert_eq!(parameters.len(), pairs.len(), "{url}");
        parameters
    }

    /// The consent page's ticket.
    pub(crate) fn ticket(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"ticket\" value=\"").unwrap_or_else(|| panic!("a page: {self:?}"));
        rest.split('"').next().expect("a value").to_owned()
    }

    /// An error answer of an endpoint for clients.
    pub(crate) fn error(&self) -> (u16, String) {
        assert_eq!(self.header("cache-control"), "no-store");
        (self.status, self.json()["error"].as_str().expect("an error").to_owned())
    }

    /// Asserts that the person is shown why they are sent nowhere.
    pub(crate) fn is_a_refusal(&self, status: u16) {
        assert_eq!(self.status, status, "{self:?}");
        assert!(
            !self.headers.contains_key("location") && self.text.contains("<h1>Sign-in cannot go on</h1>"),
            "{self:?}"
        );
    }
}
