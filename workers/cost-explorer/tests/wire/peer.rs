//! A socket that plays Cost Explorer, and worker processes that ask it.

use std::io::{BufRead as _, BufReader, Read as _, Result, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_kit::testing::{Worker, event};
use serde_json::{Value, json};

/// Answers requests from a script.
pub(crate) struct Peer {
    url: String,
    requests: Receiver<Request>,
}

/// What the worker sent.
pub(crate) struct Request {
    /// Request line and headers, in lower case.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: Value,
}

impl Peer {
    /// Gives each answer of `script` once, then the last one for ever.
    pub(crate) fn answering(script: Vec<(u16, Value)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let (sender, requests) = channel();
        std::thread::spawn(move || {
            let last = script.last().cloned().into_iter().cycle();
            for ((status, answer), stream) in script.into_iter().chain(last).zip(listener.incoming()) {
                // A worker that was killed is no failure of the peer.
                drop(stream.and_then(|stream| exchange(&stream, &sender, status, &answer)));
            }
        });
        Self { url, requests }
    }

    /// A worker deployed as `get_cost_and_usage`, with credentials.
    pub(crate) fn worker(&self) -> Tool {
        self.tool("get_cost_and_usage")
    }

    /// A worker deployed as any tool, with credentials.
    pub(crate) fn tool(&self, name: &'static str) -> Tool {
        start(name, &self.url, &CREDENTIALS)
    }

    /// A worker that finds no credentials anywhere.
    pub(crate) fn worker_without_credentials(&self) -> Tool {
        start("get_cost_and_usage", &self.url, &[])
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

/// A worker deployed as a tool.
pub(crate) struct Tool {
    name: &'static str,
    worker: Worker,
}

/// Credentials as good as any to a peer that does not look at them.
pub(crate) const CREDENTIALS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")];

/// A worker whose Cost Explorer is at `url`, and which tries everything once.
pub(crate) fn start(name: &'static str, url: &str, environment: &[(&str, &str)]) -> Tool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-cost-explorer"));
    command
        .env_clear()
        .env("PENSTOCK_TOOL", name)
        .env("AWS_ENDPOINT_URL_COST_EXPLORER", url)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_MAX_ATTEMPTS", "1")
        .envs(environment.iter().copied());
    Tool { name, worker: Worker::start(command) }
}

/// Calls the tool; answers all frames.
pub(crate) fn call(tool: &Tool, arguments: Value) -> Vec<Value> {
    tool.worker.invoke(&event(tool.name, arguments)).frames().expect("the worker contract")
}

/// Calls the tool, which has so many seconds; answers all frames.
pub(crate) fn call_within(tool: &Tool, arguments: Value, seconds: u64) -> Vec<Value> {
    let deadline = SystemTime::now() + Duration::from_secs(seconds);
    let deadline = deadline.duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
    let mut event = event(tool.name, arguments);
    event["context"]["deadlineMs"] = json!(deadline);
    tool.worker.invoke(&event).frames().expect("the worker contract")
}

/// Calls the tool, which must succeed; answers its result.
pub(crate) fn result(tool: &Tool, arguments: Value) -> Value {
    let result = call(tool, arguments).pop().map(|mut frame| frame["result"].take()).unwrap_or_default();
    assert!(result["structuredContent"].is_object(), "{result}");
    result
}

/// The text of a result.
pub(crate) fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().expect("a text")
}

/// Calls the tool, which must fail; answers what the model reads.
pub(crate) fn refusal(tool: &Tool, arguments: Value) -> String {
    let frames = call(tool, arguments);
    let [frame] = frames.as_slice() else { panic!("more than a result: {frames:?}") };
    assert_eq!(frame["result"]["isError"], true, "{frame}");
    text(&frame["result"]).to_owned()
}

/// One page of an answer.
pub(crate) fn page(results: &[Value], next: Option<&str>) -> (u16, Value) {
    let mut page = json!({ "ResultsByTime": results, "DimensionValueAttributes": [] });
    if let Some(next) = next {
        page["NextPageToken"] = json!(next);
    }
    (200, page)
}

/// A period with groups, or with a total if the only group has no key.
pub(crate) fn period(start: &str, end: &str, groups: &[(&str, &str)]) -> Value {
    let metrics = |amount: &str| json!({ "UnblendedCost": { "Amount": amount, "Unit": "USD" } });
    let mut result =
        json!({ "TimePeriod": { "Start": start, "End": end }, "Total": {}, "Groups": [], "Estimated": false });
    if let [("", amount)] = groups {
        result["Total"] = metrics(amount);
    } else {
        let group = |(key, amount): &(&str, &str)| json!({ "Keys": [key], "Metrics": metrics(amount) });
        result["Groups"] = groups.iter().map(group).collect();
    }
    result
}

fn exchange(mut stream: &TcpStream, requests: &Sender<Request>, status: u16, answer: &Value) -> Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
    let mut body = vec![0; length.parse().unwrap_or(0)];
    reader.read_exact(&mut body)?;
    // Before the answer, so that whoever has read the answer finds the request.
    drop(requests.send(Request { head, body: serde_json::from_slice(&body)? }));
    let answer = answer.to_string();
    let length = answer.len();
    write!(
        stream,
        "HTTP/1.1 {status} Status\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{answer}"
    )
}
