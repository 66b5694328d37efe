//! The messages in the bytes of an answer, checked as they become whole.

use serde_json::Value;

use crate::Exchange;

/// Follows the body of an answer, however it is cut, and checks each message in it, and that there
/// is one response a request with nothing behind it (rules T-1, T-2).
#[derive(Debug)]
pub struct Reader {
    exchange: Exchange,
    kind: Kind,
    buffer: Vec<u8>,
    /// How far the buffer is known to hold no end of an event.
    searched: usize,
    /// Responses still to come: one a request.
    awaited: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Json,
    Events,
    Other,
}

impl Reader {
    /// Reads an answer of the given `Content-Type`; anything but JSON and events is passed over.
    pub fn new(exchange: Exchange, content_type: Option<&[u8]>) -> Self {
        let kind = match content_type {
            Some(kind) if kind.starts_with(b"application/json") => Kind::Json,
            Some(kind) if kind.starts_with(b"text/event-stream") => Kind::Events,
            _ => Kind::Other,
        };
        let awaited = exchange.requests().max(1);
        Self { exchange, kind, buffer: Vec::new(), searched: 0, awaited }
    }

    /// Takes the next bytes and answers the messages they complete.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Vec<Value>, String> {
        let mut messages = Vec::new();
        if self.kind == Kind::Other {
            return Ok(messages);
        }
        self.buffer.extend_from_slice(bytes);
        while self.kind == Kind::Events {
            let Some(end) = self.buffer[self.searched..].windows(2).position(|pair| pair == b"\n\n") else {
                self.searched = self.buffer.len().saturating_sub(1);
                break;
            };
            let event: Vec<u8> = self.buffer.drain(..self.searched + end + 2).collect();
            self.searched = 0;
            messages.extend(self.event(&event)?);
        }
        Ok(messages)
    }

    /// The body has ended as it should; a JSON body is a message now.
    ///
    /// # Errors
    /// What is wrong with that message, or with the end.
    pub fn end(&mut self) -> Result<Option<Value>, String> {
        let rest = std::mem::take(&mut self.buffer);
        match std::mem::replace(&mut self.kind, Kind::Other) {
            Kind::Json => self.message(&rest, true).map(Some),
            Kind::Events if self.awaited > 0 => Err("the stream ends without a response (T-1)".to_owned()),
            Kind::Events if !rest.is_empty() => Err(format!("the stream ends within an event: {rest:?}")),
            Kind::Events | Kind::Other => Ok(None),
        }
    }

    /// Checks the message of one event, if it is one: comments and other types are not.
    fn event(&mut self, event: &[u8]) -> Result<Option<Value>, String> {
        let text = std::str::from_utf8(event).map_err(|error| error.to_string())?;
        let field = |name: &str| text.lines().filter_map(|line| line.strip_prefix(name)).collect::<Vec<_>>();
        if field("event: ").iter().any(|kind| *kind != "message") {
            return Ok(None);
        }
        match *field("data: ") {
            [] => Ok(None),
            [data] => self.message(data.as_bytes(), false).map(Some),
            _ => Err(format!("an event of more than one data line, which some clients cannot read (T-8): {text}")),
        }
    }

    fn message(&mut self, json: &[u8], is_whole: bool) -> Result<Value, String> {
        let message: Value = serde_json::from_slice(json).map_err(|error| {
            format!("{error}: {:?}", String::from_utf8_lossy(json).chars().take(400).collect::<String>())
        })?;
        if self.awaited == 0 {
            return Err(format!("a message behind the response (T-2): {message}"));
        }
        self.exchange.check(&message)?;
        match &message {
            Value::Array(responses) => self.awaited = self.awaited.saturating_sub(responses.len()),
            message if message.get("method").is_none() => self.awaited -= 1,
            _ if is_whole => return Err(format!("a JSON body that is no response (H-3): {message}")),
            _ => {}
        }
        Ok(message)
    }
}
