use super::MAX_MESSAGE;

/// Parses an event stream (WHATWG HTML, "Interpreting an event stream"), cut anywhere, into the data
/// of its `message` events. Comments, ids, retry times and events of other types are left out.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    line: Vec<u8>,
    data: Vec<u8>,
    /// Whether the event's type is one other than `message`.
    foreign: bool,
    /// Whether a line has been read: only the very first may begin with a byte order mark.
    begun: bool,
    /// Whether the last byte was a carriage return, whose line feed may come in the next chunk.
    after_return: bool,
    comments: usize,
}

/// An event is longer than the client reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event is longer than {MAX_MESSAGE} bytes")]
pub(crate) struct TooLong;

impl Parser {
    /// Feeds the next chunk; answers the events it completes.
    ///
    /// # Errors
    /// [`TooLong`]
    pub(crate) fn push(&mut self, mut chunk: &[u8]) -> Result<Vec<Vec<u8>>, TooLong> {
        let mut events = Vec::new();
        if self.after_return && !chunk.is_empty() {
            chunk = chunk.strip_prefix(b"\n").unwrap_or(chunk);
            self.after_return = false;
        }
        while let Some(end) = chunk.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
            self.extend_line(&chunk[..end])?;
            self.after_return = chunk[end] == b'\r' && end + 1 == chunk.len();
            let width = if chunk[end..].starts_with(b"\r\n") { 2 } else { 1 };
            chunk = &chunk[end + width..];
            events.extend(self.end_line());
        }
        self.extend_line(chunk)?;
        Ok(events)
    }

    /// How many comments there were so far.
    pub(crate) fn comments(&self) -> usize {
        self.comments
    }

    fn extend_line(&mut self, piece: &[u8]) -> Result<(), TooLong> {
        if self.data.len() + self.line.len() + piece.len() > MAX_MESSAGE {
            return Err(TooLong);
        }
        self.line.extend_from_slice(piece);
        Ok(())
    }

    /// Interprets the line; an empty one ends the event.
    fn end_line(&mut self) -> Option<Vec<u8>> {
        let line = std::mem::take(&mut self.line);
        let line = if self.begun { &line } else { line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line) };
        self.begun = true;
        if line.is_empty() {
            let foreign = std::mem::take(&mut self.foreign);
            let mut data = std::mem::take(&mut self.data);
            data.pop();
            return (!foreign && !data.is_empty()).then_some(data);
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (field, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"" => self.comments += 1,
            b"event" => self.foreign = !matches!(value, b"" | b"message"),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_MESSAGE, Parser, TooLong};

    const STREAM: &[u8] =
        b"\xef\xbb\xbf: hello\n\ndata: one\n\nevent: message\r\nid: 7\r\ndata:two\r\ndata: lines\r\n\n\
        event: ping\rdata: not ours\r\rretry: 5\ndata\n\ndata:  spaced\n\ndata: \xc3\xa4 cut off";

    fn text(events: Vec<Vec<u8>>) -> Vec<String> {
        events.into_iter().map(|event| String::from_utf8(event).expect("UTF-8")).collect()
    }

    #[test]
    fn only_the_data_of_complete_message_events_comes_out() {
        let events = Parser::default().push(STREAM).expect("short events");
        assert_eq!(text(events), ["one", "two\nlines", " spaced"]);
    }

    #[test]
    fn chunks_may_be_cut_at_any_byte() {
        let whole = Parser::default().push(STREAM).expect("short events");
        for cut in 0..=STREAM.len() {
            let mut parser = Parser::default();
            let mut events = parser.push(&STREAM[..cut]).expect("short events");
            events.extend(parser.push(&[]).expect("nothing"));
            events.extend(parser.push(&STREAM[cut..]).expect("short events"));
            assert_eq!(events, whole, "cut at {cut}");
        }
        let mut parser = Parser::default();
        let single: Vec<_> = STREAM.iter().flat_map(|byte| parser.push(&[*byte]).expect("short events")).collect();
        assert_eq!(single, whole);
    }

    #[test]
    fn an_endless_line_is_refused_before_it_fills_memory() {
        let mut parser = Parser::default();
        let chunk = vec![b'x'; 1024 * 1024];
        let refused = (0..=MAX_MESSAGE / chunk.len()).find_map(|_| parser.push(&chunk).err());
        assert_eq!(refused, Some(TooLong));
    }
}
