//! Good and bad messages of every revision.

use penstock_schemas::{REVISIONS, check};
use serde_json::{Value, json};

/// The revisions in which a client shakes hands first.
const HANDSHAKE: [&str; 3] = ["2025-03-26", "2025-06-18", "2025-11-25"];
const STATELESS: &str = "2026-07-28";

fn request(method: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": {} })
}

fn result(result: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "result": result })
}

fn error(code: i64, data: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": code, "message": "no", "data": data } })
}

fn notification(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

/// Whether `message` is a valid answer to a request for `method`.
fn valid(revision: &str, method: &str, message: &Value) -> bool {
    let checked = check(revision, Some(&request(method)), message);
    if let Err(mistake) = &checked {
        println!("{mistake}");
    }
    checked.is_ok()
}

#[test]
fn results_are_held_to_the_definition_of_their_method() {
    let tool = json!({ "name": "t", "inputSchema": { "type": "object" } });
    for revision in HANDSHAKE {
        assert!(valid(revision, "ping", &result(&json!({}))), "{revision}");
        assert!(valid(revision, "tools/list", &result(&json!({ "tools": [tool] }))), "{revision}");
        assert!(!valid(revision, "tools/list", &result(&json!({}))), "{revision}");
        assert!(!valid(revision, "tools/list", &result(&json!({ "tools": [{ "name": "t" }] }))), "{revision}");
        assert!(valid(revision, "tools/call", &result(&json!({ "content": [] }))), "{revision}");
        assert!(!valid(revision, "tools/call", &result(&json!({ "content": "text" }))), "{revision}");
        assert!(!valid(revision, "server/discover", &result(&json!({}))), "{revision}: no such method");
        assert!(!valid(revision, "nonsense", &result(&json!({}))), "{revision}: no such method");
    }
    let list = json!({ "tools": [tool], "resultType": "complete", "ttlMs": 0, "cacheScope": "public" });
    assert!(valid(STATELESS, "tools/list", &result(&list)));
    for member in ["tools", "resultType", "ttlMs", "cacheScope"] {
        let mut list = list.clone();
        list.as_object_mut().expect("an object").remove(member);
        assert!(!valid(STATELESS, "tools/list", &result(&list)), "without {member}");
    }
    assert!(!valid(STATELESS, "ping", &result(&json!({ "resultType": "complete" }))), "no such method");
    assert!(!valid(STATELESS, "initialize", &result(&json!({ "resultType": "complete" }))), "no such method");
}

#[test]
fn content_is_held_to_its_formats() {
    let image = |data: &str| {
        result(
            &json!({ "resultType": "complete", "content": [{ "type": "image", "mimeType": "image/png", "data": data }] }),
        )
    };
    let link = |uri: &str| {
        result(&json!({ "resultType": "complete", "content": [{ "type": "resource_link", "name": "r", "uri": uri }] }))
    };
    for revision in ["2025-06-18", "2025-11-25", STATELESS] {
        assert!(valid(revision, "tools/call", &image("AAAA")), "{revision}");
        assert!(!valid(revision, "tools/call", &image("not base64")), "{revision}");
        assert!(valid(revision, "tools/call", &link("test://r")), "{revision}");
        assert!(!valid(revision, "tools/call", &link("no uri")), "{revision}");
    }
    assert!(!valid("2025-03-26", "tools/call", &link("test://r")), "links came later");
}

/// Q-1, Q-2: `anyOf` alone would take any object with a `resultType`.
#[test]
fn the_result_type_decides_what_a_result_must_be() {
    let asking = json!({ "resultType": "input_required", "requestState": "s" });
    assert!(valid(STATELESS, "tools/call", &result(&asking)));
    assert!(!valid(STATELESS, "tools/list", &result(&asking)), "lists never ask");
    assert!(!valid(STATELESS, "tools/call", &result(&json!({ "resultType": "input_required" }))), "asks nothing");
    assert!(!valid(STATELESS, "tools/call", &result(&json!({ "resultType": "complete" }))), "no content");
    assert!(!valid(STATELESS, "tools/call", &result(&json!({ "resultType": "later", "content": [] }))));
    let elicit = |params: Value| json!({ "resultType": "input_required", "inputRequests": { "a": { "method": "elicitation/create", "params": params } } });
    let form = json!({ "message": "?", "requestedSchema": { "type": "object", "properties": {} } });
    assert!(valid(STATELESS, "tools/call", &result(&elicit(form))));
    assert!(!valid(STATELESS, "tools/call", &result(&elicit(json!({})))));
}

/// K-2, K-3: the extension has a schema of its own.
#[test]
fn what_the_tasks_extension_adds_is_held_to_its_schema() {
    let task = |result_type: &str, status: &str| {
        let date = "2026-11-21T00:00:00Z";
        json!({ "resultType": result_type, "taskId": "t", "status": status, "createdAt": date, "lastUpdatedAt": date, "ttlMs": 1 })
    };
    assert!(valid(STATELESS, "tools/call", &result(&task("task", "working"))));
    assert!(!valid(STATELESS, "tools/call", &result(&json!({ "resultType": "task", "taskId": "t" }))), "no status");
    assert!(!valid(STATELESS, "prompts/get", &result(&task("task", "working"))), "only tools are tasks");
    assert!(!valid("2025-11-25", "tools/call", &result(&task("task", "working"))), "only one revision has them");
    assert!(valid(STATELESS, "tasks/get", &result(&task("complete", "working"))));
    assert!(!valid(STATELESS, "tasks/get", &result(&task("complete", "completed"))), "no result");
    assert!(!valid(STATELESS, "tasks/get", &result(&task("task", "working"))), "SEP-2663 says complete");
    assert!(valid(STATELESS, "tasks/cancel", &result(&json!({ "resultType": "complete" }))));
    assert!(!valid(STATELESS, "tasks/list", &result(&json!({ "resultType": "complete" }))), "not in the extension");
}

#[test]
fn a_handshake_is_held_to_its_revision() {
    let agreed = json!({ "protocolVersion": "x", "capabilities": {}, "serverInfo": { "name": "n", "version": "1" } });
    for revision in HANDSHAKE {
        assert!(valid(revision, "initialize", &result(&agreed)), "{revision}");
        assert!(!valid(revision, "initialize", &result(&json!({ "protocolVersion": "x" }))), "{revision}");
    }
    let discovered = json!({ "resultType": "complete", "supportedVersions": [], "capabilities": {}, "ttlMs": 0, "cacheScope": "public" });
    assert!(valid(STATELESS, "server/discover", &result(&discovered)));
    assert!(!valid(STATELESS, "server/discover", &result(&json!({ "resultType": "complete" }))));
}

/// E-2
#[test]
fn errors_of_2026_07_28_have_its_codes_and_their_data() {
    assert!(valid(STATELESS, "tools/call", &error(-32602, &json!(1))));
    assert!(valid(STATELESS, "tools/call", &error(42, &Value::Null)), "outside the reserved range");
    for code in [-32002, -32042, -32000, -32099, -32768] {
        assert!(!valid(STATELESS, "tools/call", &error(code, &Value::Null)), "{code}");
    }
    assert!(valid(STATELESS, "tools/call", &error(-32021, &json!({ "requiredCapabilities": { "sampling": {} } }))));
    assert!(!valid(STATELESS, "tools/call", &error(-32021, &json!({ "requiredCapabilities": [] }))));
    assert!(valid(STATELESS, "tools/call", &error(-32022, &json!({ "supported": [], "requested": "x" }))));
    assert!(!valid(STATELESS, "tools/call", &error(-32022, &json!({}))));
    for revision in HANDSHAKE {
        assert!(valid(revision, "resources/read", &error(-32002, &json!({ "uri": "x" }))), "{revision}");
    }
    assert!(!valid("2025-11-25", "tools/call", &error(-32042, &json!({}))), "must name elicitations");
}

/// E-1
#[test]
fn an_answer_echoes_the_id_it_was_asked_with() {
    let other = json!({ "jsonrpc": "2.0", "id": "1", "result": {} });
    assert!(check("2025-11-25", Some(&request("ping")), &other).is_err(), "a string is no number");
    for revision in REVISIONS {
        let without = json!({ "jsonrpc": "2.0", "error": { "code": -32602, "message": "no" } });
        assert!(check(revision, Some(&request("tools/call")), &without).is_err(), "{revision}");
        let unreadable = json!({ "jsonrpc": "2.0", "error": { "code": -32700, "message": "no" } });
        assert!(check(revision, None, &unreadable).is_ok(), "{revision}");
        let null = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": "no" } });
        assert!(check(revision, None, &null).is_err(), "{revision}");
        assert!(check(revision, None, &result(&json!({}))).is_err(), "{revision}: a result for no request");
    }
}

#[test]
fn notifications_are_those_the_revision_defines() {
    for revision in REVISIONS {
        let progress = notification("notifications/progress", &json!({ "progressToken": 1, "progress": 0.5 }));
        assert!(valid(revision, "tools/call", &progress), "{revision}");
        let tokenless = notification("notifications/progress", &json!({ "progress": 1 }));
        assert!(!valid(revision, "tools/call", &tokenless), "{revision}");
        let bare = json!({ "method": "notifications/message", "params": { "level": "info", "data": 1 } });
        assert!(!valid(revision, "tools/call", &bare), "{revision}: without `jsonrpc`");
        assert!(!valid(revision, "tools/call", &notification("notifications/nonsense", &json!({}))), "{revision}");
        let acknowledged = notification(
            "notifications/subscriptions/acknowledged",
            &json!({ "_meta": { "io.modelcontextprotocol/subscriptionId": 1 }, "notifications": {} }),
        );
        assert_eq!(valid(revision, "subscriptions/listen", &acknowledged), revision == STATELESS);
    }
}

#[test]
fn only_handshake_servers_ask_on_the_stream() {
    let ping = json!({ "jsonrpc": "2.0", "id": "s", "method": "ping" });
    let form = json!({ "message": "?", "requestedSchema": { "type": "object", "properties": {} } });
    let elicit = json!({ "jsonrpc": "2.0", "id": 2, "method": "elicitation/create", "params": form });
    for (revision, pings, elicits) in
        [("2025-03-26", true, false), ("2025-06-18", true, true), ("2025-11-25", true, true), (STATELESS, false, false)]
    {
        assert_eq!(valid(revision, "tools/call", &ping), pings, "{revision}");
        assert_eq!(valid(revision, "tools/call", &elicit), elicits, "{revision}");
    }
}

#[test]
fn batches_exist_in_the_first_revision_only() {
    let asked =
        json!([{ "jsonrpc": "2.0", "id": 1, "method": "ping" }, { "jsonrpc": "2.0", "id": 2, "method": "tools/list" }]);
    let answered =
        json!([{ "jsonrpc": "2.0", "id": 2, "result": { "tools": [] } }, { "jsonrpc": "2.0", "id": 1, "result": {} }]);
    let swapped = json!([{ "jsonrpc": "2.0", "id": 2, "result": {} }, { "jsonrpc": "2.0", "id": 1, "result": {} }]);
    for revision in REVISIONS {
        assert_eq!(check(revision, Some(&asked), &answered).is_ok(), revision == "2025-03-26", "{revision}");
        assert!(check(revision, Some(&asked), &swapped).is_err(), "{revision}");
        assert!(check(revision, Some(&asked), &json!([])).is_err(), "{revision}");
    }
}

#[test]
fn what_is_no_message_and_what_is_no_revision_are_named() {
    for message in [json!({}), json!(5), json!([]), json!({ "result": {}, "error": {} }), json!({ "method": 5 })] {
        assert!(check(STATELESS, Some(&request("tools/call")), &message).is_err(), "{message}");
    }
    assert!(check("2024-11-05", Some(&request("ping")), &result(&json!({}))).is_err());
}
