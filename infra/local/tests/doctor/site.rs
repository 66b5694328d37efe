//! A gateway and its authorization server at one origin, with everything that can be wrong about them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::mcp;
use super::server::{Answer, Asked};

/// The one token that is good.
pub(crate) const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.\
     c2lnbmF0dXJlLW9mLXRoZS10b2tlbiwgd2hpY2ggaXMgbG9uZ2VyIHRoYW4gd2hhdCBpcyBxdW90ZWQgb2YgYSBmb3JlaWduIHRleHQ";

pub(crate) const RESOURCE: &str = "/.well-known/oauth-protected-resource/mcp";
pub(crate) const ROOT: &str = "/.well-known/oauth-protected-resource";
pub(crate) const ISSUER: &str = "/.well-known/oauth-authorization-server";

/// What requests without a good token are answered; the second is what came with one that is none.
pub(crate) type Refuse = fn(sent: &str) -> Answer;

/// What is served, and how it behaves. [`Site::healthy`] is as it should be.
pub(crate) struct Site {
    /// Documents by path; what is not there is 404.
    pub(crate) documents: BTreeMap<&'static str, Answer>,
    pub(crate) refuse: Refuse,
    /// Whether a token is good, by the `Authorization` header and the query.
    pub(crate) admit: fn(site: &Site, asked: &Asked) -> bool,
    pub(crate) token: &'static str,
    pub(crate) register: fn() -> Answer,
    /// By redirect URI and query.
    pub(crate) authorize: fn(query: &str) -> Answer,
    pub(crate) checks_origin: bool,
    pub(crate) preflight: fn() -> Answer,
    pub(crate) speak: fn(asked: &Asked) -> Answer,
}

impl Site {
    pub(crate) fn healthy() -> Self {
        let resource = Answer::json(200, &resource());
        let documents = BTreeMap::from([
            ("/health", Answer::new(200)),
            (RESOURCE, resource.clone()),
            (ROOT, resource),
            (ISSUER, Answer::json(200, &issuer())),
        ]);
        Self {
            documents,
            refuse: refuse_well,
            admit: |site, asked| asked.header("authorization") == format!("Bearer {}", site.token),
            token: "",
            register: || Answer::json(201, &json!({ "client_id": "doctor", "token_endpoint_auth_method": "none" })),
            authorize: authorize_well,
            checks_origin: true,
            preflight: || {
                Answer::new(204)
                    .header("access-control-allow-origin", "http://localhost:6274")
                    .header("access-control-allow-headers", "Authorization, *")
            },
            speak: mcp::speak,
        }
    }

    /// The same site for one token.
    pub(crate) fn with_token(mut self, token: &'static str) -> Self {
        self.token = token;
        self
    }

    /// Changes the document at `path`.
    pub(crate) fn change(&mut self, path: &'static str, change: fn(&mut Value)) {
        let document = self.documents.get_mut(path).expect("a document");
        let (_, text) = document.parts.first_mut().expect("a body");
        let mut value = serde_json::from_str(text).expect("JSON");
        change(&mut value);
        *text = value.to_string();
    }

    /// Replaces the document at `path`.
    pub(crate) fn serve(&mut self, path: &'static str, answer: Answer) {
        self.documents.insert(path, answer);
    }

    pub(crate) fn answer(&self, asked: &Asked) -> Answer {
        match (asked.method.as_str(), asked.path.as_str()) {
            ("OPTIONS", "/mcp") => (self.preflight)(),
            (_, "/mcp") if self.checks_origin && asked.header("origin").contains("invalid") => Answer::new(403),
            (_, "/mcp") if !(self.admit)(self, asked) => (self.refuse)(asked.header("authorization")),
            ("POST", "/mcp") => (self.speak)(asked),
            ("POST", "/register") => (self.register)(),
            ("GET", "/authorize") => (self.authorize)(&asked.query),
            ("GET", path) => self.documents.get(path).cloned().unwrap_or(Answer::new(404)),
            _ => Answer::new(405),
        }
    }
}

/// A 401 that says where to go.
pub(crate) fn refuse_well(sent: &str) -> Answer {
    let error = if sent.is_empty() { "" } else { "error=\"invalid_token\", " };
    let pointer = format!("Bearer {error}resource_metadata=\"{{origin}}{RESOURCE}\", scope=\"tools\"");
    Answer::new(401).header("www-authenticate", pointer)
}

fn authorize_well(query: &str) -> Answer {
    if query.contains("doctor.invalid") {
        return Answer::new(400);
    }
    if !query.contains("code_challenge=") {
        let back = "http://127.0.0.1:33418/callback?error=invalid_request";
        return Answer::new(302).header("location", back);
    }
    Answer::new(200).header("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
}

fn resource() -> Value {
    json!({
        "resource": "{origin}/mcp",
        "authorization_servers": ["{origin}"],
        "scopes_supported": ["tools"],
        "bearer_methods_supported": ["header"],
    })
}

fn issuer() -> Value {
    json!({
        "issuer": "{origin}",
        "authorization_endpoint": "{origin}/authorize",
        "token_endpoint": "{origin}/token",
        "registration_endpoint": "{origin}/register",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "client_id_metadata_document_supported": true,
        "authorization_response_iss_parameter_supported": true,
    })
}
