use std::collections::VecDeque;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use serde_json::{Number, Value};

use super::sse::Parser;
use super::{ClientError, MAX_MESSAGE, innermost};

/// One message of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// How far the call has come.
    Progress(Progress),
    /// Something to read along.
    Log(Log),
    /// The result, or why there is none. Always the last message.
    Response(Result<Value, RpcError>),
}

/// The parameters of `notifications/progress`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Progress {
    /// Work done.
    #[serde(rename = "progress")]
    pub done: Number,
    /// All work there is, if known.
    pub total: Option<Number>,
    /// What is happening.
    pub message: Option<String>,
}

/// The parameters of `notifications/message`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Log {
    /// Its severity.
    pub level: String,
    /// What it says.
    pub data: Value,
}

/// A JSON-RPC error.
#[derive(Debug, Clone, PartialEq, Deserialize, thiserror::Error)]
#[error("error {code}: {message}")]
pub struct RpcError {
    /// The error's code.
    pub code: i64,
    /// One sentence.
    pub message: String,
    /// Detail, if any.
    #[serde(default)]
    pub data: Option<Value>,
}

/// An answer being read. Dropping it closes the connection.
#[derive(Debug)]
pub struct Answer {
    response: Response,
    url: String,
    /// Absent where the answer is one JSON body.
    events: Option<Parser>,
    ready: VecDeque<Message>,
}

#[derive(Deserialize)]
struct Envelope {
    method: Option<String>,
    #[serde(default)]
    params: Value,
    result: Option<Value>,
    error: Option<RpcError>,
}

impl Answer {
    /// Looks at the head of a response.
    pub(super) async fn read(response: Response, url: String) -> Result<Self, ClientError> {
        let status = response.status();
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let events = (status.is_success() && media_type == "text/event-stream").then(Parser::default);
        let is_json = media_type == "application/json";
        let mut answer = Self { response, url, events, ready: VecDeque::new() };
        if status == StatusCode::UNAUTHORIZED {
            return Err(ClientError::Unauthorized(answer.url));
        }
        if answer.events.is_none() {
            if !is_json {
                let reason = format!("its answer is {media_type:?}, not JSON or an event stream");
                return Err(answer.refusal(status, reason));
            }
            let body = answer.body().await?;
            // Refusals carry a JSON-RPC error with their HTTP status; without one, the status is all there is.
            match message(&body) {
                Ok(Some(message)) => answer.ready.push_back(message),
                Ok(None) => return Err(answer.refusal(status, "its answer is no response".to_owned())),
                Err(error) => return Err(answer.refusal(status, error.to_string())),
            }
        }
        Ok(answer)
    }

    /// The next message; none after the response.
    ///
    /// # Errors
    /// [`ClientError`] if the stream breaks, ends without a response, or is not MCP.
    pub async fn next(&mut self) -> Result<Option<Message>, ClientError> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                if matches!(message, Message::Response(_)) {
                    self.events = None;
                    self.ready.clear();
                }
                return Ok(Some(message));
            }
            if self.events.is_none() {
                return Ok(None);
            }
            let Some(chunk) = self.chunk().await? else {
                let reason = "the stream ended without a response".to_owned();
                return Err(ClientError::Broken { url: self.url.clone(), reason });
            };
            let Some(parser) = &mut self.events else { return Ok(None) };
            let events = parser.push(&chunk).map_err(|error| not_mcp(&self.url, error.to_string()))?;
            for event in events {
                let message = message(&event).map_err(|error| not_mcp(&self.url, error.to_string()))?;
                self.ready.extend(message);
            }
        }
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, ClientError> {
        let chunk = self.response.chunk().await;
        chunk.map_err(|error| ClientError::Broken { url: self.url.clone(), reason: innermost(&error) })
    }

    async fn body(&mut self) -> Result<Vec<u8>, ClientError> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            if body.len() + chunk.len() > MAX_MESSAGE {
                return Err(not_mcp(&self.url, format!("its answer is longer than {MAX_MESSAGE} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn refusal(self, status: StatusCode, reason: String) -> ClientError {
        if status.is_success() { not_mcp(&self.url, reason) } else { ClientError::Status { url: self.url, status } }
    }
}

fn not_mcp(url: &str, reason: String) -> ClientError {
    ClientError::NotMcp { url: url.to_owned(), reason }
}

/// Reads one JSON-RPC message; none if it is a notification of no interest here.
fn message(json: &[u8]) -> Result<Option<Message>, serde_json::Error> {
    let envelope: Envelope = serde_json::from_slice(json)?;
    Ok(match envelope {
        Envelope { error: Some(error), .. } => Some(Message::Response(Err(error))),
        Envelope { result: Some(result), .. } => Some(Message::Response(Ok(result))),
        Envelope { method: Some(method), params, .. } if method == "notifications/progress" => {
            Some(Message::Progress(serde_json::from_value(params)?))
        }
        Envelope { method: Some(method), params, .. } if method == "notifications/message" => {
            Some(Message::Log(serde_json::from_value(params)?))
        }
        Envelope { .. } => None,
    })
}
