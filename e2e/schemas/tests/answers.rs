//! The bytes of whole answers, checked against the request they answer.

use penstock_schemas::{Exchange, Reader};

const CALL: &[u8] = br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}"#;
const PROGRESS: &str =
    r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#;
const RESULT: &str = r#"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#;

/// Reads `body` cut at `at` as the answer to [`CALL`]; answers how many messages it holds.
fn read(kind: &[u8], body: &str, at: usize) -> Result<usize, String> {
    let mut reader = Reader::new(Exchange::new(&[b"2025-11-25"], CALL), Some(kind));
    let (one, two) = body.as_bytes().split_at(at);
    let messages = reader.take(one)?.len() + reader.take(two)?.len();
    Ok(messages + usize::from(reader.end()?.is_some()))
}

#[test]
fn every_event_is_checked_wherever_the_stream_is_cut() {
    let good = format!("data: {PROGRESS}\n\n:\n\nevent: other\ndata: x\n\ndata: {RESULT}\n\n");
    let bad = good.replace("\"content\"", "\"contents\"");
    for at in 0..good.len() {
        assert_eq!(read(b"text/event-stream", &good, at), Ok(2), "cut at {at}");
        assert!(read(b"text/event-stream", &bad, at).is_err(), "cut at {at}");
    }
}

#[test]
fn a_stream_that_ends_within_an_event_is_no_answer() {
    assert!(read(b"text/event-stream", &format!("data: {RESULT}\n"), 3).is_err());
}

/// T-1, T-2
#[test]
fn a_stream_ends_with_its_one_response() {
    let (progress, result) = (format!("data: {PROGRESS}\n\n"), format!("data: {RESULT}\n\n"));
    assert_eq!(read(b"text/event-stream", &format!("{progress}{result}:\n\n"), 9), Ok(2));
    for stream in [progress.clone(), String::new(), format!("{result}{progress}"), format!("{result}{result}")] {
        assert!(read(b"text/event-stream", &stream, 0).is_err(), "{stream}");
    }
}

/// T-8: some clients parse each line on its own.
#[test]
fn an_event_of_two_lines_is_refused() {
    assert!(read(b"text/event-stream", "data: {}\ndata: {}\n\n", 3).is_err());
}

#[test]
fn a_json_body_is_one_message() {
    assert_eq!(read(b"application/json; charset=utf-8", RESULT, 9), Ok(1));
    assert!(read(b"application/json", PROGRESS, 9).is_err(), "no response");
    assert!(read(b"application/json", "", 0).is_err());
    assert_eq!(read(b"text/plain", "refused", 3), Ok(0), "HTTP's business");
}

/// L-1
#[test]
fn the_revision_is_what_the_request_says() {
    let meta = br#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2025-06-18"}}}"#;
    for (versions, body, revision) in [
        (&[b"2025-11-25" as &[u8]][..], CALL, "2025-11-25"),
        (&[b" 2026-07-28 "], CALL, "2026-07-28"),
        (&[], CALL, "2025-03-26"),
        (&[b"1999-01-01"], CALL, "2026-07-28"),
        (&[b"2025-06-18", b"2025-06-18"], CALL, "2026-07-28"),
        (&[b"2026-07-28"], meta, "2025-06-18"),
        (&[], b"{", "2025-03-26"),
    ] {
        assert_eq!(Exchange::new(versions, body).revision(), revision);
    }
}

#[test]
fn a_handshake_is_checked_as_what_it_agrees_on() {
    let body = br#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#;
    let exchange = Exchange::new(&[], body);
    let answer = |agreed: &str| {
        serde_json::json!({ "jsonrpc": "2.0", "id": 1, "result": {
            "protocolVersion": agreed, "capabilities": {}, "serverInfo": { "name": "n", "version": "1" } } })
    };
    assert_eq!(exchange.check(&answer("2025-11-25")), Ok(()));
    assert!(exchange.check(&answer("2026-07-28")).is_err(), "no handshake there");
}
