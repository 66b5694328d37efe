//! What goes wrong, and what the user is told to do.

use std::net::TcpListener;

use crate::peer::{Ended, Peer, start};

/// Asserts exit code and a part of what is said on standard error.
fn assert_ends(ended: &Ended, code: i32, said: &str) {
    assert!(ended.errors.contains(said), "{said:?} is not in {:?}", ended.errors);
    assert_eq!(ended.status.code(), Some(code), "{}", ended.errors);
}

#[test]
fn a_json_rpc_error_ends_with_1_whatever_its_http_status() {
    for status in ["200 OK", "400 Bad Request"] {
        let peer = Peer::listen();
        let cli = peer.start(&["call", "nothing"]);
        let body =
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"unknown tool","data":{"name":"nothing"}}}"#;
        peer.accept().answer(status, "application/json", body);
        let ended = cli.end();
        assert_ends(&ended, 1, "error -32602: unknown tool");
        assert_ends(&ended, 1, r#""name": "nothing""#);
    }
}

#[test]
fn a_gateway_that_is_not_running_is_named_with_the_way_to_start_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/mcp", listener.local_addr().expect("an address"));
    drop(listener);
    let ended = start(&["tools", "--url", &url]).end();
    assert_ends(&ended, 2, &format!("nothing answers at {url}"));
    assert_ends(&ended, 2, "start it with `cargo run`");
}

#[test]
fn a_stream_that_breaks_off_is_not_a_success() {
    let peer = Peer::listen();
    let cli = peer.start(&["call", "long_operation"]);
    peer.accept().stream();
    assert_ends(&cli.end(), 2, "ended without a response");
}

#[test]
fn a_missing_token_is_asked_for() {
    let peer = Peer::listen();
    let cli = peer.start(&["call", "ping"]);
    peer.accept().answer("401 Unauthorized", "text/plain", "");
    assert_ends(&cli.end(), 2, "--token");
}

#[test]
fn a_server_that_does_not_speak_mcp_is_said_not_to() {
    for (status, media_type, body, said) in [
        ("404 Not Found", "text/html", "<h1>no</h1>", "HTTP 404 Not Found, not MCP"),
        ("502 Bad Gateway", "application/json", "{}", "HTTP 502 Bad Gateway, not MCP"),
        ("200 OK", "text/html", "<h1>hello</h1>", "\"text/html\", not JSON or an event stream"),
        ("200 OK", "application/json", "{}", "its answer is no response"),
        ("200 OK", "text/event-stream", "data: {\n\n", "does not speak MCP"),
    ] {
        let peer = Peer::listen();
        let cli = peer.start(&["call", "ping"]);
        peer.accept().answer(status, media_type, body);
        assert_ends(&cli.end(), 2, said);
    }
}

#[test]
fn arguments_that_are_not_an_object_are_refused_before_anything_is_sent() {
    for (arguments, said) in [
        ("{\"steps\": 5,}", "key must be a string at line 1 column 13"),
        ("{steps: 5}", "line 1 column 2"),
        ("[5]", "not a JSON object"),
    ] {
        assert_ends(&start(&["call", "ping", arguments]).end(), 2, said);
    }
}

#[test]
fn a_url_that_is_none_is_refused_with_an_example() {
    for url in ["localhost:3000", "ftp://127.0.0.1/mcp", "nonsense"] {
        assert_ends(&start(&["tools", "--url", url]).end(), 2, "it looks like http://127.0.0.1:3000/mcp");
    }
    assert_ends(&start(&["tools", "--token", "a\nb"]).end(), 2, "--token");
}
