use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

/// Lines kept to explain why a function did not start.
const LINES_KEPT: usize = 20;

/// Longest line; what follows is passed on as a line of its own.
const MAX_LINE: usize = 64 * 1024;

/// What a function's processes wrote to stdout and stderr: passed on to the host's stderr with the
/// function's name in front (JSON lines as they are), the last lines kept.
#[derive(Debug)]
pub(crate) struct Output {
    function: String,
    last: Mutex<VecDeque<String>>,
}

impl Output {
    pub(crate) fn new(function: &str) -> Self {
        Self { function: function.to_owned(), last: Mutex::default() }
    }

    pub(crate) fn last_lines(&self) -> Vec<String> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Passes on all that `source` yields until it ends. One write for all lines that came together.
    pub(crate) async fn pass_on(self: Arc<Self>, mut source: impl AsyncRead + Unpin) {
        let mut read = BytesMut::with_capacity(4096);
        let mut stderr = tokio::io::stderr();
        loop {
            let ended = !matches!(source.read_buf(&mut read).await, Ok(count) if count > 0);
            let mut text = Vec::new();
            while let Some(line) = next_line(&mut read, ended) {
                self.format(&line, &mut text);
            }
            if !text.is_empty() {
                // A closed stderr must not stop the function from being drained.
                let _ = stderr.write_all(&text).await;
                let _ = stderr.flush().await;
            }
            if ended {
                return;
            }
        }
    }

    fn format(&self, line: &[u8], text: &mut Vec<u8>) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        if !line.starts_with('{') {
            text.extend_from_slice(format!("[{}] ", self.function).as_bytes());
        }
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == LINES_KEPT {
            last.pop_front();
        }
        last.push_back(line.to_owned());
    }
}

fn next_line(read: &mut BytesMut, ended: bool) -> Option<BytesMut> {
    let end = read.iter().take(MAX_LINE).position(|byte| *byte == b'\n');
    if let Some(end) = end {
        let line = read.split_to(end);
        read.advance(1);
        return Some(line);
    }
    let cut = read.len() >= MAX_LINE || (ended && !read.is_empty());
    cut.then(|| read.split_to(read.len().min(MAX_LINE)))
}
