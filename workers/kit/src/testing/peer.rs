//! A stand-in for the HTTP service a tool asks.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Result, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde_json::Value;

/// An HTTP server on this machine that answers as the test says. Runs until the test's process ends.
#[derive(Debug)]
pub struct Peer {
    url: String,
    requests: Receiver<Request>,
}

/// What a tool asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Path and query, as they were sent.
    pub target: String,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

/// What it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    /// An answer with a JSON body.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string()).with_header("content-type", "application/json")
    }

    /// An answer with any other body.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: String::new(), body: body.into() }
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers = [&self.headers, name, ": ", value, "\r\n"].concat();
        self
    }
}

impl Peer {
    /// Starts a server on a free port.
    ///
    /// # Panics
    /// If there is none.
    pub fn start(mut answer: impl FnMut(&Request) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let (sender, requests) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                // A worker that was killed is no failure of the peer.
                drop(stream.and_then(|stream| exchange(&stream, &sender, &mut answer)));
            }
        });
        Self { url, requests }
    }

    /// Gives each answer once, then the last one for ever.
    ///
    /// # Panics
    /// If there is no free port or no answer.
    pub fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        assert!(!answers.is_empty(), "a peer needs an answer");
        Self::start(move |_| {
            if answers.len() > 1 { answers.pop() } else { answers.first().cloned() }.expect("an answer")
        })
    }

    /// Where it is, e.g. `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The requests since this was last asked.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

fn exchange(
    mut stream: &TcpStream,
    requests: &Sender<Request>,
    answer: &mut impl FnMut(&Request) -> Answer,
) -> Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
    let mut lines = head.lines();
    let target = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
    let headers: BTreeMap<_, _> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let request = Request { target, headers, body: String::from_utf8_lossy(&body).into_owned() };
    let Answer { status, headers, body } = answer(&request);
    // Before the answer, so that whoever has read the answer finds the request.
    drop(requests.send(request));
    let length = body.len();
    write!(stream, "HTTP/1.1 {status} Status\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
}
