use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::support::{self, Fixture, within};

const HEAD: &str = r#"{"statusCode":201,"headers":{"content-type":"text/plain","x-two":["a","b"]},"cookies":["c=1"]}"#;

async fn front(fixture: &mut Fixture) -> SocketAddr {
    let listener = support::loopback().await;
    let address = listener.local_addr().expect("a bound socket");
    fixture.host.front("worker", listener).expect("the worker");
    address
}

/// A request whose body is the steps the worker takes.
fn request(steps: &Value) -> String {
    let steps = steps.to_string();
    format!("POST /p%20a/th?a=1&b= HTTP/1.1\r\nHost: here\r\nContent-Length: {}\r\n\r\n{steps}", steps.len())
}

/// Reads until `end` was read.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        let byte = within(end, stream.read_u8()).await;
        let byte = byte.unwrap_or_else(|_| panic!("ended after {:?}", String::from_utf8_lossy(&text)));
        text.push(byte);
    }
    String::from_utf8(text).expect("text")
}

async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("the front");
    stream.write_all(request).await.expect("the front reads");
    let mut text = Vec::new();
    // A front that cuts the connection may reset it.
    let _ = within("an answer", stream.read_to_end(&mut text)).await;
    String::from_utf8(text).expect("text")
}

fn prelude(head: &str) -> Value {
    json!(["write", format!("{head}\0\0\0\0\0\0\0\0")])
}

#[tokio::test]
async fn an_answer_is_streamed_while_it_is_written() {
    let mut fixture = support::start().await;
    let address = front(&mut fixture).await;
    let steps = json!([prelude(HEAD), ["write", "one"], ["poke", "between"], ["write", "two"]]);
    let mut stream = TcpStream::connect(address).await.expect("the front");
    stream.write_all(request(&steps).as_bytes()).await.expect("the front reads");
    let head = read_until(&mut stream, "\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 201 Created\r\n"), "{head}");
    for header in ["content-type: text/plain", "x-two: a\r\nx-two: b", "set-cookie: c=1", "transfer-encoding: chunked"]
    {
        assert!(head.contains(header), "{header:?} is not in {head}");
    }
    assert_eq!(read_until(&mut stream, "one\r\n").await, "3\r\none\r\n");
    let mut worker = fixture.worker().await;
    worker.reaches("between").await;
    worker.go("between").await;
    assert_eq!(read_until(&mut stream, "0\r\n\r\n").await, "3\r\ntwo\r\n0\r\n\r\n");
}

#[tokio::test]
async fn the_prelude_may_be_cut_at_every_byte() {
    let mut fixture = support::start().await;
    let address = front(&mut fixture).await;
    let whole = "{\"statusCode\":200}\0\0\0\0\0\0\0\0body";
    for cut in 1..whole.len() {
        let steps = json!([["write", whole[..cut]], ["poke", "cut"], ["write", whole[cut..]]]);
        let mut stream = TcpStream::connect(address).await.expect("the front");
        stream.write_all(request(&steps).as_bytes()).await.expect("the front reads");
        if cut == 1 {
            let mut worker = fixture.worker().await;
            tokio::spawn(async move {
                loop {
                    worker.reaches("cut").await;
                    worker.go("cut").await;
                }
            });
        }
        let answer = read_until(&mut stream, "0\r\n\r\n").await;
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head");
        let text: String = body.split("\r\n").skip(1).step_by(2).collect();
        assert_eq!(text, "body", "cut at {cut}: {answer}");
    }
}

#[tokio::test]
async fn the_event_is_that_of_payload_format_two() {
    let mut fixture = support::start().await;
    let address = front(&mut fixture).await;
    let body = json!([["describe"]]).to_string();
    let request = format!(
        "PUT /p%20a/th?a=1&b=%20 HTTP/1.1\r\nHOST: here\r\nX-Many: a\r\nx-many: b\r\nUser-Agent: tester\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    // Not an HTTP answer, so that the client is told 502; what the worker saw is in its output.
    let answer = exchange(address, request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 502 Bad Gateway\r\n"), "{answer}");
    assert!(answer.ends_with(r#"{"Message":"Internal Server Error"}"#), "{answer}");
    let event = echoed(&mut fixture, address, &request).await;
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["rawPath"], "/p%20a/th");
    assert_eq!(event["rawQueryString"], "a=1&b=%20");
    assert_eq!(event["headers"]["x-many"], "a,b");
    assert_eq!(event["headers"]["host"], "here");
    assert_eq!(event["isBase64Encoded"], false);
    assert!(event.get("cookies").is_none());
    let http = &event["requestContext"]["http"];
    assert_eq!(http["method"], "PUT");
    assert_eq!(http["path"], "/p%20a/th");
    assert_eq!(http["protocol"], "HTTP/1.1");
    assert_eq!(http["sourceIp"], "127.0.0.1");
    assert_eq!(http["userAgent"], "tester");
    assert!(event["requestContext"]["timeEpoch"].is_i64());
}

/// The event the worker is given for a request, with a body that makes it answer with the event.
async fn echoed(fixture: &mut Fixture, address: SocketAddr, request: &str) -> Value {
    let (head, body) = request.split_once("\r\n\r\n").expect("a head");
    let steps = json!([["echo"]]).to_string();
    let head = head.replace(&format!("Content-Length: {}", body.len()), &format!("Content-Length: {}", steps.len()));
    let answer = exchange(address, format!("{head}\r\n\r\n{steps}").as_bytes()).await;
    let (_, body) = answer.split_once("\r\n\r\n").expect("a head");
    let _ = fixture.worker().await;
    let text: String = body.split("\r\n").skip(1).step_by(2).collect();
    serde_json::from_str(&text).expect("the event")
}

#[tokio::test]
async fn cookies_have_their_own_place_in_the_event() {
    let mut fixture = support::start().await;
    let address = front(&mut fixture).await;
    let request = "POST / HTTP/1.1\r\nHost: here\r\nCookie: a=1; b=2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let event = echoed(&mut fixture, address, request).await;
    assert_eq!(event["cookies"], json!(["a=1", "b=2"]));
    assert!(event["headers"].get("cookie").is_none());
}

#[tokio::test]
async fn a_body_that_is_not_text_is_sent_as_base64() {
    let mut fixture = support::start().await;
    let address = front(&mut fixture).await;
    // Latin-1, which no JSON is; the worker fails on it, after it was decoded.
    let request = b"POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 3\r\n\r\n\xff\xfe\xfd";
    let answer = exchange(address, request).await;
    assert!(answer.starts_with("HTTP/1.1 502"), "{answer}");
    let output = fixture.host.last_output("worker").expect("the worker").join("\n");
    assert!(output.contains("is not valid JSON"), "{output}");
}

#[tokio::test]
async fn a_function_that_fails_before_its_head_is_a_bad_gateway() {
    let mut fixture = support::start().await;
    let address = front(&mut fixture).await;
    for steps in [json!([["exit", 1]]), json!([["error", "A", "b"]]), json!([["write", "{\"statusCode\":200}"]])] {
        let request = request(&steps).replace("Host:", "Connection: close\r\nHost:");
        let answer = exchange(address, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 502 Bad Gateway\r\n"), "{steps}: {answer}");
    }
}

#[tokio::test]
async fn a_function_that_dies_after_its_head_cuts_the_connection() {
    let mut fixture = support::start().await;
    let address = front(&mut fixture).await;
    let answer = exchange(address, request(&json!([prelude(HEAD), ["write", "one"], ["exit", 1]])).as_bytes()).await;
    assert!(answer.ends_with("3\r\none\r\n"), "{answer}");
}

#[tokio::test]
async fn a_request_beyond_the_concurrency_is_throttled() {
    let mut fixture = support::start_with(|function, _| function.reserved_concurrency = Some(0)).await;
    let address = front(&mut fixture).await;
    let answer = exchange(address, b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{answer}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let mut fixture = support::start_with(|_, options| options.max_request = 1000).await;
    let address = front(&mut fixture).await;
    // The body fits, but the event it is part of does not.
    for size in [990, 1001] {
        let request = format!("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: {size}\r\n\r\n{}", "x".repeat(size));
        let mut stream = TcpStream::connect(address).await.expect("the front");
        stream.write_all(request.as_bytes()).await.expect("the front reads");
        let answer = read_until(&mut stream, "\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 413 Payload Too Large\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_upload_and_the_process_goes_on() {
    let mut fixture = support::start_with(|function, _| function.timeout = Duration::from_mins(5)).await;
    let address = front(&mut fixture).await;
    let steps = json!([prelude(HEAD), ["write", "one"], ["poke", "left"], ["until_closed"]]);
    let mut stream = TcpStream::connect(address).await.expect("the front");
    stream.write_all(request(&steps).as_bytes()).await.expect("the front reads");
    read_until(&mut stream, "one\r\n").await;
    let mut worker = fixture.worker().await;
    worker.reaches("left").await;
    drop(stream);
    worker.go("left").await;
    worker.says("closed 410").await;
    assert_eq!(fixture.pid().await, worker.pid);
}

#[tokio::test]
async fn an_answer_without_a_body_leaves_the_upload_to_its_end() {
    let mut fixture = support::start().await;
    let address = front(&mut fixture).await;
    // Nothing is read of the body of a 204, so that its reader is gone at once.
    let steps = json!([["write", "{\"statusCode\":204}\0\0\0\0\0\0\0\0"], ["status_of_upload"]]);
    let mut stream = TcpStream::connect(address).await.expect("the front");
    stream.write_all(request(&steps).as_bytes()).await.expect("the front reads");
    assert!(read_until(&mut stream, "\r\n\r\n").await.starts_with("HTTP/1.1 204"));
    fixture.worker().await.says("upload 202").await;
}
