//! The JSON-RPC envelope: what is a message, and what is said about what is not.

use penstock_protocol::jsonrpc::{self, ErrorObject, Message, ParseError, code};

fn request(body: &str) -> jsonrpc::Request<'_> {
    match jsonrpc::parse(body.as_bytes()) {
        Ok(Message::Request(request)) => request,
        other => panic!("{body} gave {other:?}"),
    }
}

#[test]
fn ids_keep_their_spelling() {
    for id in ["1", "-7", "\"a\\u0062\"", "9007199254740993", "123456789012345678901234567890"] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        let answer = jsonrpc::error_response(Some(&request(&body).id), &ErrorObject::new(code::INTERNAL_ERROR, "x"));
        let answer = String::from_utf8(answer).expect("JSON is UTF-8");
        assert!(answer.starts_with(&format!(r#"{{"jsonrpc":"2.0","id":{id},"#)), "{answer}");
    }
}

#[test]
fn ids_of_other_types_are_refused() {
    for id in ["null", "1.5", "1e3", "true", "[]", "{}"] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        let error = jsonrpc::parse(body.as_bytes()).expect_err(id);
        assert!(matches!(error, ParseError::Invalid { id: None, .. }), "{id}: {error:?}");
    }
}

/// H-2: a message is UTF-8, and so is what nobody reads of it.
#[test]
fn a_body_that_is_no_utf_8_is_no_json() {
    for body in [
        &b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"x\":\"\xff\"}"[..],
        b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"\xa2\":1}",
        b"[{\"jsonrpc\":\"\xc0\xaf\"}]",
        b"\xff\xfe",
    ] {
        assert!(matches!(jsonrpc::parse(body), Err(ParseError::NotJson(_))), "{body:?}");
    }
}

#[test]
fn parameters_stay_byte_for_byte() {
    let params = r#"{ "z":1.0, "a":12345678901234567890 ,"z2":"\u00e9" }"#;
    let body = format!(r#"{{"params":{params},"method":"tools/call","id":1,"jsonrpc":"2.0"}}"#);
    assert_eq!(request(&body).params.map(|params| params.get().to_owned()).as_deref(), Some(params));
}

#[test]
fn a_message_without_id_is_a_notification_and_one_without_method_a_response() {
    let notification = br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    assert!(matches!(jsonrpc::parse(notification), Ok(Message::Notification(_))));
    let response = br#"{"jsonrpc":"2.0","id":1,"result":{}}"#;
    assert!(matches!(jsonrpc::parse(response), Ok(Message::Response(_))));
}

#[test]
fn members_named_twice_are_refused() {
    let body = br#"{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}"#;
    let error = jsonrpc::parse(body).expect_err("two methods");
    assert!(error.to_string().contains("duplicate field `method`"), "{error}");
}

#[test]
fn the_error_says_what_is_wrong_and_keeps_a_readable_id() {
    assert!(matches!(jsonrpc::parse(b"{\"jsonrpc\""), Err(ParseError::NotJson(_))));
    assert!(matches!(jsonrpc::parse(b"[{}]"), Err(ParseError::Batch)));
    assert!(matches!(jsonrpc::parse(br#"["2.0",1,"ping"]"#), Err(ParseError::Batch)), "no envelope by position");
    assert!(matches!(jsonrpc::parse("[".repeat(129).as_bytes()), Err(ParseError::TooDeep)));
    for (body, reason) in [
        (r#"{"id":7,"method":"ping"}"#, "`jsonrpc`"),
        (r#"{"jsonrpc":"2.0","id":7}"#, "`method`"),
        (r#"{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}"#, "`params`"),
        (r#"{"jsonrpc":"2.0","id":7,"method":3}"#, "invalid type"),
    ] {
        match jsonrpc::parse(body.as_bytes()) {
            Err(ParseError::Invalid { reason: said, id: Some(id) }) => {
                assert!(said.contains(reason), "{said}");
                assert_eq!(id.as_json(), "7");
            }
            other => panic!("{body} gave {other:?}"),
        }
    }
}
