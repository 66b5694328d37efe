//! The messages in the bytes of an answer, checked as they become whole.

use serde_json::Value;

use crate::Exchange;

/// Follows the body of an answer, however it is cut, and checks each message in it.
#[derive(Debug)]
pub struct Reader {
    exchange: Exchange,
    kind: Kind,
    buffer: Vec<u8>,
    /// How far the buffer is known to hold no end of an event.
    searched: usize,
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
        Self { exchange, kind, buffer: Vec::new(), searched: 0 }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// What is wrong with a message they complete.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        if self.kind == Kind::Other {
            return Ok(());
        }
        self.buffer.extend_from_slice(bytes);
        while self.kind == Kind::Events {
            let Some(end) = self.buffer[self.searched..].windows(2).position(|pair| pair == b"\n\n") else {
                self.searched = self.buffer.len().saturating_sub(1);
                return Ok(());
            };
            let event: Vec<u8> = self.buffer.drain(..self.searched + end + 2).collect();
            self.searched = 0;
            self.event(&event)?;
        }
        Ok(())
    }

    /// The body has ended as it should.
    ///
    /// # Errors
    /// What is wrong with the message it holds, or with its end.
    pub fn end(&mut self) -> Result<(), String> {
        let rest = std::mem::take(&mut self.buffer);
        match self.kind {
            Kind::Json => self.message(&rest),
            Kind::Events if !rest.is_empty() => Err(format!("the stream ends within an event: {rest:?}")),
            Kind::Events | Kind::Other => Ok(()),
        }
    }

    /// Checks the message of one event, if it is one: comments and other types are not.
    fn event(&self, event: &[u8]) -> Result<(), String> {
        let text = std::str::from_utf8(event).map_err(|error| error.to_string())?;
        let field = |name: &str| text.lines().filter_map(|line| line.strip_prefix(name)).collect::<Vec<_>>();
        if field("event: ").iter().any(|kind| *kind != "message") {
            return Ok(());
        }
        match *field("data: ") {
            [] => Ok(()),
            [data] => self.message(data.as_bytes()),
            _ => Err(format!("an event of more than one data line, which some clients cannot read (T-8): {text}")),
        }
    }

    fn message(&self, json: &[u8]) -> Result<(), String> {
        let message: Value = serde_json::from_slice(json).map_err(|error| {
            format!("{error}: {:?}", String::from_utf8_lossy(json).chars().take(400).collect::<String>())
        })?;
        self.exchange.check(&message)
    }
}
