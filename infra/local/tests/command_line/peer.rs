//! The other end: a socket the test writes to, and the process under test.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// How long the process may take to connect.
const PATIENCE: Duration = Duration::from_secs(30);

/// A loopback port that plays the gateway.
pub(crate) struct Peer {
    url: String,
    connections: Receiver<TcpStream>,
}

/// A request, and the socket to answer on.
pub(crate) struct Exchange {
    /// Request line and headers, in lower case.
    pub(crate) head: String,
    /// The body, which is always JSON.
    pub(crate) body: Value,
    stream: TcpStream,
}

/// `penstock` with the arguments of a test.
pub(crate) struct Cli {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// How a process ended.
pub(crate) struct Ended {
    /// Its status.
    pub(crate) status: ExitStatus,
    /// The lines of standard output nobody has read yet.
    pub(crate) output: Vec<String>,
    /// Standard error.
    pub(crate) errors: String,
}

impl Peer {
    pub(crate) fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/mcp", listener.local_addr().expect("a bound socket has an address"));
        let (sender, connections) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                drop(sender.send(stream));
            }
        });
        Self { url, connections }
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Cli {
        start(&[arguments, &["--url", &self.url]].concat())
    }

    /// Waits for the next request.
    pub(crate) fn accept(&self) -> Exchange {
        let stream = self.connections.recv_timeout(PATIENCE).expect("the process connects");
        let mut reader = BufReader::new(&stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).expect("a request"), 0, "the request ends early: {head}");
        }
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        let mut body = vec![0; length.parse().expect("a number")];
        reader.read_exact(&mut body).expect("a whole body");
        let body = serde_json::from_slice(&body).expect("the body is JSON");
        Exchange { head, body, stream }
    }
}

impl Exchange {
    pub(crate) fn write(&mut self, bytes: &str) {
        self.stream.write_all(bytes.as_bytes()).expect("the process still reads");
    }

    /// Answers with one whole body.
    pub(crate) fn answer(mut self, status: &str, media_type: &str, body: &str) {
        let length = body.len();
        self.write(&format!(
            "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        ));
    }

    /// Begins an event stream that ends with the connection.
    pub(crate) fn stream(&mut self) {
        self.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n: hello\n\n");
    }

    /// Waits until the process has closed its end.
    pub(crate) fn closed(mut self) {
        self.stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        assert_eq!(self.stream.read(&mut [0]).unwrap_or(0), 0, "the process goes on writing");
    }
}

/// Starts `penstock` with nothing added to `arguments`.
pub(crate) fn start(arguments: &[&str]) -> Cli {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the binary starts");
    let stdout = process.stdout.take().expect("standard output is piped");
    Cli { process, lines: BufReader::new(stdout).lines() }
}

impl Cli {
    /// Waits for the next line of standard output.
    pub(crate) fn line(&mut self) -> String {
        self.lines.next().expect("another line").expect("UTF-8")
    }

    /// Sends SIGINT, as Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        let status = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        assert!(status.expect("kill starts").success());
    }

    /// Waits for the process to end.
    pub(crate) fn end(mut self) -> Ended {
        let output = self.lines.map(|line| line.expect("UTF-8")).collect();
        let mut errors = String::new();
        let mut stderr = self.process.stderr.take().expect("standard error is piped");
        stderr.read_to_string(&mut errors).expect("UTF-8");
        Ended { status: self.process.wait().expect("the process ends"), output, errors }
    }
}
