//! Arguments that do not fit their tool: an error the model can correct, and nobody is billed.

use crate::support::{Draft, entry, gateway, post, request};
use serde_json::{Value, json};

const META: &str = "io.modelcontextprotocol/serverInfo";

fn tool(contract: &str) -> Value {
    let mut tool = entry("tool");
    tool["contract"] = json!(contract);
    tool["definition"]["inputSchema"] = json!({
        "type": "object",
        "properties": {
            "city": { "type": "string", "x-mcp-header": "City" },
            "days": { "type": "integer", "maximum": 14 },
        },
        "required": ["city"],
    });
    tool
}

fn call(arguments: &Value) -> Draft {
    let draft = request("tools/call", json!({ "name": "tool", "arguments": arguments }));
    match arguments["city"].as_str() {
        Some(city) => draft.header("mcp-param-city", city),
        None => draft,
    }
}

/// R-10: wrong arguments are a result with `isError` in the revision's shape, whatever the worker's contract.
#[tokio::test]
async fn wrong_arguments_are_an_error_result_and_the_worker_is_not_invoked() {
    for contract in ["frames", "event", "arguments"] {
        let (gateway, worker) = gateway(&[tool(contract)]);
        let (status, body) = call(&json!({ "city": "Graz", "days": 15 })).json(&gateway).await;
        assert_eq!(status, 200);
        let result = &body["result"];
        let text = "The arguments do not match the tool's inputSchema.\n/days: 15 is greater than the maximum of 14";
        assert_eq!(result["content"], json!([{ "type": "text", "text": text }]));
        assert_eq!((&result["isError"], &result["resultType"]), (&json!(true), &json!("complete")));
        assert_eq!(result["_meta"][META]["name"], "penstock-gateway");
        assert!(worker.invocations().is_empty(), "{contract}");
    }
}

#[tokio::test]
async fn handshake_clients_get_the_error_result_without_what_their_revision_lacks() {
    let (gateway, worker) = gateway(&[tool("frames")]);
    let body = json!({ "jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": { "name": "tool" } });
    let draft = post(&body.to_string()).header("mcp-protocol-version", "2025-06-18");
    let (status, body) = draft.json(&gateway).await;
    assert_eq!((status.as_u16(), &body["id"]), (200, &json!("a")));
    let members: Vec<_> = body["result"].as_object().expect("a result").keys().collect();
    assert_eq!(members, ["content", "isError"]);
    let text = body["result"]["content"][0]["text"].as_str().expect("text");
    assert!(text.ends_with("\"city\" is a required property"), "{text}");
    assert!(worker.invocations().is_empty());
}

/// H-14 comes first: a header that contradicts the body is no mistake of the model's.
#[tokio::test]
async fn headers_are_compared_before_arguments_are_checked() {
    let (gateway, _worker) = gateway(&[tool("frames")]);
    let draft = call(&json!({ "city": "Graz", "days": 15 }));
    assert_eq!(draft.header("mcp-param-city", "Linz").refusal(&gateway).await, (400, -32020));
}

/// R-14: what passes is passed on as it was spelled.
#[tokio::test]
async fn arguments_that_fit_reach_the_worker_byte_for_byte() {
    let (gateway, worker) = gateway(&[tool("arguments")]);
    let arguments = "{ \"city\" : \"Gr\\u0061z\", \"days\": 14.0, \"big\": 12345678901234567890123 }";
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"tool","arguments":{arguments},"_meta":{}}}}}"#,
        crate::support::meta(),
    );
    worker.says("{\"content\":[]}").await;
    let invocations = worker.invocations_handle();
    drop(worker);
    let (_, answer) = call(&json!({ "city": "Graz" })).body(body).json(&gateway).await;
    assert_eq!(answer["result"]["content"], json!([]), "{answer}");
    assert_eq!(invocations.lock().expect("not poisoned")[0].raw, arguments);
}

/// S-6: a worker's reader may take the other of two values.
#[tokio::test]
async fn a_member_named_twice_is_an_error_result() {
    let (gateway, worker) = gateway(&[tool("frames")]);
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"tool","arguments":{{"city":"Linz","city":"Graz"}},"_meta":{}}}}}"#,
        crate::support::meta(),
    );
    let (_, answer) = call(&json!({ "city": "Graz" })).body(body).json(&gateway).await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    assert!(worker.invocations().is_empty());
}

/// S-7: seven bytes of JSON can take 700 of memory, so arguments are counted while they are read.
#[tokio::test]
async fn arguments_with_too_many_values_are_an_error_result() {
    let (gateway, worker) = gateway(&[tool("frames")]);
    let many = vec![0; 100_000];
    let (status, answer) = call(&json!({ "city": "Graz", "many": many })).json(&gateway).await;
    assert_eq!((status.as_u16(), &answer["result"]["isError"]), (200, &json!(true)));
    assert!(worker.invocations().is_empty());
}

/// R-10: what cannot be checked is not served, and does not hurt the others.
#[tokio::test]
async fn a_tool_whose_schema_is_no_schema_is_left_out_of_the_catalog() {
    for (member, schema) in [
        ("inputSchema", json!({ "type": "object", "$ref": "https://example.com/schema" })),
        ("inputSchema", json!({ "type": "object", "properties": { "a": { "pattern": "^(?=x)" } } })),
        ("inputSchema", json!({ "type": "object", "$schema": "https://example.com/dialect" })),
        ("outputSchema", json!({ "$ref": "#" })),
    ] {
        let mut unsound = entry("unsound");
        unsound["definition"][member] = schema;
        let (gateway, _worker) = gateway(&[unsound, entry("sound")]);
        let (_, body) = request("tools/list", json!({})).json(&gateway).await;
        let tools = body["result"]["tools"].as_array().expect("tools");
        assert_eq!(tools.iter().map(|tool| &tool["name"]).collect::<Vec<_>>(), ["sound"]);
    }
}
