//! Bodies that are no message, or hardly one.

use crate::wire::{Case, Raw};

/// Bodies posted without a version: what has to be refused before there is an era.
const BODIES: [(&str, &str); 38] = [
    ("empty body", ""),
    ("white space", " \r\n\t"),
    ("truncated", r#"{"jsonrpc":"2.0","id":1,"method":"#),
    ("two messages", r#"{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}"#),
    ("trailing text", r#"{"jsonrpc":"2.0","id":1,"method":"ping"} x"#),
    ("trailing comma", r#"{"jsonrpc":"2.0","id":1,"method":"ping",}"#),
    ("comment", r#"{"jsonrpc":"2.0",/**/"id":1,"method":"ping"}"#),
    ("single quotes", r"{'jsonrpc':'2.0','id':1,'method':'ping'}"),
    ("byte order mark", "\u{feff}{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"),
    ("number", "5"),
    ("string", "\"ping\""),
    ("null", "null"),
    ("empty object", "{}"),
    ("empty array", "[]"),
    ("batch of one", r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#),
    ("id null", r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#),
    ("id float", r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#),
    ("id with a point", r#"{"jsonrpc":"2.0","id":1.0,"method":"ping"}"#),
    ("id with an exponent", r#"{"jsonrpc":"2.0","id":1e2,"method":"ping"}"#),
    ("id of 64 bits", r#"{"jsonrpc":"2.0","id":9223372036854775807,"method":"ping"}"#),
    ("id of 64 unsigned bits", r#"{"jsonrpc":"2.0","id":18446744073709551615,"method":"ping"}"#),
    ("id beyond 64 bits", r#"{"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"ping"}"#),
    ("id negative", r#"{"jsonrpc":"2.0","id":-7,"method":"ping"}"#),
    ("id string", r#"{"jsonrpc":"2.0","id":"a\u00e9","method":"ping"}"#),
    ("id empty string", r#"{"jsonrpc":"2.0","id":"","method":"ping"}"#),
    ("id boolean", r#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#),
    ("id array", r#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#),
    ("id object", r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#),
    ("jsonrpc missing", r#"{"id":1,"method":"ping"}"#),
    ("jsonrpc 1.0", r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#),
    ("jsonrpc number", r#"{"jsonrpc":2.0,"id":1,"method":"ping"}"#),
    ("method missing", r#"{"jsonrpc":"2.0","id":1}"#),
    ("method number", r#"{"jsonrpc":"2.0","id":1,"method":5}"#),
    ("method empty", r#"{"jsonrpc":"2.0","id":1,"method":""}"#),
    ("params array", r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#),
    ("params null", r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":null}"#),
    ("result and error", r#"{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}"#),
    ("unknown members", r#"{"jsonrpc":"2.0","id":1,"method":"ping","x":1,"y":{}}"#),
];

/// Members named twice: two readers must not see two values (rule S-6).
const TWICE: [(&str, &str); 6] = [
    ("id twice", r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#),
    ("method twice", r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}"#),
    ("jsonrpc twice", r#"{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"ping"}"#),
    ("params twice", r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{},"params":{"a":1}}"#),
    (
        "name twice",
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nobody","name":"test_custom_header","arguments":{"value":"a"}}}"#,
    ),
    (
        "arguments twice",
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"test_custom_header","arguments":{},"arguments":{"value":"a"}}}"#,
    ),
];

/// Parameters of the handshake revisions that do not fit.
const PARAMS: [(&str, &str, &str); 12] = [
    ("name missing", "tools/call", "{}"),
    ("name number", "tools/call", r#"{"name":5}"#),
    ("name empty", "tools/call", r#"{"name":""}"#),
    ("name unknown", "tools/call", r#"{"name":"nobody"}"#),
    ("arguments array", "tools/call", r#"{"name":"test_custom_header","arguments":[]}"#),
    ("arguments string", "tools/call", r#"{"name":"test_custom_header","arguments":"a"}"#),
    ("arguments null", "tools/call", r#"{"name":"test_custom_header","arguments":null}"#),
    ("argument of another type", "tools/call", r#"{"name":"test_custom_header","arguments":{"value":5}}"#),
    ("argument unknown", "tools/call", r#"{"name":"test_custom_header","arguments":{"value":"a","x":1}}"#),
    ("cursor unknown", "tools/list", r#"{"cursor":"x"}"#),
    ("cursor empty", "tools/list", r#"{"cursor":""}"#),
    ("cursor number", "tools/list", r#"{"cursor":5}"#),
];

/// Every case of this file.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: &str, body: Vec<u8>| {
        let request = Raw::post(body).header("mcp-protocol-version", "2025-11-25");
        cases.push(Case { name: name.to_owned(), request });
    };
    for (name, body) in BODIES.iter().chain(&TWICE) {
        add(name, body.as_bytes().to_vec());
    }
    for (name, method, params) in PARAMS {
        add(name, format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#).into());
    }
    let value = |value: &[u8]| {
        let head = br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"test_custom_header","arguments":{"value":"#;
        [head, value, b"}}}"].concat()
    };
    let deep = |levels: usize| [vec![b'['; levels], vec![b']'; levels]].concat();
    add("nested deep", value(&deep(100)));
    add("nested too deep", value(&deep(10_000)));
    add("nothing but depth", deep(100_000));
    add("lone surrogate", value(br#""\ud800""#));
    add("reversed surrogates", value(br#""\udc00\ud800""#));
    add("null character", value(br#""\u0000""#));
    add("raw control character", value(b"\"\x01\""));
    add("no UTF-8", value(b"\"\xff\xfe\""));
    add("no UTF-8 in an unknown member", b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"x\":\"\xff\"}".to_vec());
    add("overlong UTF-8", value(b"\"\xc0\xaf\""));
    add(
        "UTF-16",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}".encode_utf16().flat_map(u16::to_le_bytes).collect(),
    );
    add("oversize", vec![b' '; 5 * 1024 * 1024]);
    add("huge number", value(&[b"1e999".as_slice()].concat()));
    add("a request", br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.to_vec());
    add("a call", value(br#""a""#));
    cases
}
