//! A host with the fixture worker on it, a client of its Invoke API, and the worker's side of the
//! conversation. Every wait ends after [`PATIENCE`], so that a hang is a failure with a name.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use penstock::host::{Function, Host, Options};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    let Ok(value) = tokio::time::timeout(PATIENCE, future).await else { panic!("waited in vain for {what}") };
    value
}

/// A host with one function, `worker`, and the socket its processes report to.
pub(crate) struct Fixture {
    pub(crate) host: Host,
    pub(crate) function: Function,
    control: TcpListener,
    client: Client<HttpConnector, Full<Bytes>>,
}

pub(crate) async fn start() -> Fixture {
    start_with(|_, _| {}).await
}

/// Starts a host after `change` had its say.
pub(crate) async fn start_with(change: impl FnOnce(&mut Function, &mut Options)) -> Fixture {
    let control = loopback().await;
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/worker/bootstrap");
    let mut function = Function::new("worker", program);
    let port = control.local_addr().expect("a bound socket").port();
    function.environment.insert("CONTROL".to_owned(), port.to_string().into());
    function.timeout = Duration::from_mins(5);
    let mut options = Options { init_limit: Duration::from_mins(1), ..Options::default() };
    change(&mut function, &mut options);
    let host = Host::start(loopback().await, vec![function.clone()], &options).expect("the host starts");
    Fixture { host, function, control, client: Client::builder(TokioExecutor::new()).build_http() }
}

pub(crate) async fn loopback() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a loopback port")
}

/// The event that makes the worker go through `steps`.
pub(crate) fn steps(steps: &Value) -> Value {
    json!({ "steps": steps })
}

impl Fixture {
    /// Waits until a process of the function has started.
    pub(crate) async fn worker(&self) -> Worker {
        let (stream, _) = within("a process", self.control.accept()).await.expect("a connection");
        Worker::new(stream).await
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Response<Incoming> {
        let mut request = Request::post(format!("{}{path}", self.host.invoke_url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).expect("a request");
        within("an answer", self.client.request(request)).await.expect("an answer")
    }

    /// Invokes the worker and waits for its whole answer.
    pub(crate) async fn call(&self, event: Value) -> Answer {
        Answer::read(self.post("/2015-03-31/functions/worker/invocations", &[], event.to_string()).await).await
    }

    /// Invokes the worker with a streamed answer.
    pub(crate) async fn stream(&self, event: Value) -> EventStream {
        self.stream_with(&[], event).await
    }

    /// The same with more headers.
    pub(crate) async fn stream_with(&self, headers: &[(&str, &str)], event: Value) -> EventStream {
        let path = "/2021-11-15/functions/worker/response-streaming-invocations";
        let response = self.post(path, headers, event.to_string()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "application/vnd.amazon.eventstream");
        EventStream { body: response.into_body(), decoder: MessageFrameDecoder::new(), held: BytesMut::new() }
    }

    /// The process id of the worker that answers next.
    pub(crate) async fn pid(&self) -> u64 {
        let answer = self.call(steps(&json!([["describe"]]))).await;
        answer.body["pid"].as_u64().expect("a process id")
    }
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) async fn read(response: Response<Incoming>) -> Self {
        let (parts, body) = response.into_parts();
        let body = within("a body", body.collect()).await.expect("a body").to_bytes();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).expect("JSON") };
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// The `errorType` of a failed call.
    pub(crate) fn error_type(&self) -> &str {
        assert_eq!(self.status, StatusCode::OK);
        assert_eq!(self.headers["x-amz-function-error"], "Unhandled");
        self.body["errorType"].as_str().expect("an errorType")
    }
}

/// A streamed answer, decoded.
pub(crate) struct EventStream {
    body: Incoming,
    decoder: MessageFrameDecoder,
    held: BytesMut,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Event {
    Chunk(Bytes),
    Complete(Value),
}

impl EventStream {
    pub(crate) async fn next(&mut self) -> Event {
        loop {
            if let DecodedFrame::Complete(message) = self.decoder.decode_frame(&mut self.held).expect("a frame") {
                let header = |name: &str| {
                    let header = message.headers().iter().find(|header| header.name().as_str() == name);
                    header.expect("a header").value().as_string().expect("a string").as_str().to_owned()
                };
                assert_eq!(header(":message-type"), "event");
                let payload = message.payload().clone();
                return match (header(":event-type").as_str(), header(":content-type").as_str()) {
                    ("PayloadChunk", "application/octet-stream") => Event::Chunk(payload),
                    ("InvokeComplete", "application/json") => {
                        Event::Complete(serde_json::from_slice(&payload).expect("JSON"))
                    }
                    other => panic!("unexpected event {other:?}"),
                };
            }
            let frame =
                within("an event", self.body.frame()).await.expect("the stream ended").expect("the stream broke");
            self.held.extend_from_slice(&frame.into_data().expect("data"));
        }
    }

    /// The next chunk, as text.
    pub(crate) async fn chunk(&mut self) -> String {
        match self.next().await {
            Event::Chunk(chunk) => String::from_utf8(chunk.to_vec()).expect("text"),
            Event::Complete(end) => panic!("the stream ended: {end}"),
        }
    }

    /// The rest: how many bytes of payload, and how it ended.
    pub(crate) async fn rest(&mut self) -> (usize, Value) {
        let mut bytes = 0;
        loop {
            match self.next().await {
                Event::Chunk(chunk) => bytes += chunk.len(),
                Event::Complete(end) => return (bytes, end),
            }
        }
    }
}

/// A process of the function, as it reports itself.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) pid: u64,
    lines: Lines<BufReader<OwnedReadHalf>>,
    writer: OwnedWriteHalf,
}

impl Worker {
    async fn new(stream: TcpStream) -> Self {
        let (reader, writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let start = within("a report", lines.next_line()).await.expect("a line").expect("a line");
        let pid = start.strip_prefix("start ").expect("a start").parse().expect("a process id");
        Self { pid, lines, writer }
    }

    /// Waits until the worker says `line`.
    pub(crate) async fn says(&mut self, line: &str) {
        assert_eq!(self.line().await, line);
    }

    pub(crate) async fn line(&mut self) -> String {
        within("a report", self.lines.next_line()).await.expect("a line").expect("the worker is gone")
    }

    /// What the worker has said so far and nobody has read.
    pub(crate) async fn said_so_far(&mut self) -> Vec<String> {
        let mut said = Vec::new();
        while let Ok(Ok(Some(line))) = tokio::time::timeout(Duration::ZERO, self.lines.next_line()).await {
            said.push(line);
        }
        said
    }

    /// Waits until the worker reaches the step `["poke", name]`.
    pub(crate) async fn reaches(&mut self, name: &str) {
        self.says(&format!("poke {name}")).await;
    }

    /// Lets the worker go on from there.
    pub(crate) async fn go(&mut self, name: &str) {
        self.writer.write_all(format!("go {name}\n").as_bytes()).await.expect("the worker listens");
    }

    /// Waits until the process is dead.
    pub(crate) async fn gone(mut self) {
        // A killed process may also reset the connection.
        while let Ok(Some(_)) = within("the end of the process", self.lines.next_line()).await {}
    }
}
