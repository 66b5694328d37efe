use reqwest::StatusCode;
use reqwest::Url;
use reqwest::header::{ACCEPT, HeaderValue};
use serde_json::{Map, Value};

use super::case::Case;
use super::probe::{Ask, Reply};

/// A metadata document, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Document {
    pub(super) url: Url,
    /// Absent where there was no answer.
    pub(super) status: Option<StatusCode>,
    /// What is in it, or what is wrong with it.
    pub(super) content: Result<Map<String, Value>, String>,
}

impl Document {
    /// Gets a document the way clients do: 200 and a JSON object is one, anything else is not.
    pub(super) async fn fetch(case: &Case, url: Url) -> Self {
        let ask = Ask::get(url.clone()).header(ACCEPT, HeaderValue::from_static("application/json"));
        match case.probe.send(ask).await {
            Ok(reply) => Self { url, status: Some(reply.status), content: content(&reply) },
            Err(silence) => Self { url, status: None, content: Err(silence.to_string()) },
        }
    }

    /// A member that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.content.as_ref().ok()?.get(name)?.as_str()
    }

    /// Whether a member is `true`.
    pub(super) fn is(&self, name: &str) -> bool {
        self.content.as_ref().is_ok_and(|content| content.get(name) == Some(&Value::Bool(true)))
    }

    /// A member that is a list of texts.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&str>> {
        let list = self.content.as_ref().ok()?.get(name)?.as_array()?;
        list.iter().map(Value::as_str).collect()
    }
}

fn content(reply: &Reply) -> Result<Map<String, Value>, String> {
    if reply.status != StatusCode::OK {
        return Err(format!("HTTP {}", reply.status.as_u16()));
    }
    reply.object().ok_or_else(|| format!("a body of type {:?} that is no JSON object", reply.media_type()))
}
