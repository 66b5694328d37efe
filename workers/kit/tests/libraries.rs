//! A library lists what it serves while it runs, and answers for each of it.

use std::collections::BTreeMap;

use penstock_kit::content::ResourceContents;
use penstock_kit::testing::{
    ask, assert_manifest_is_valid, completion_event, event, listing_event, prompt_event, resource_event,
};
use penstock_kit::{
    Call, Completion, Completions, Content, Contents, Family, Messages, PromptEntry, PromptEntryArgument,
    PromptLibrary, ResourceEntry, ResourceLibrary, ToolError,
};
use serde_json::{Value, json};

/// One prompt that greets.
struct Greetings;

impl PromptLibrary for Greetings {
    const MANIFEST: &str = r#"{ "kind": "promptLibrary", "definition": { "name": "greetings", "title": "Greetings" },
        "completes": true, "cache": { "ttlMs": 5000 }, "timeoutSeconds": 10 }"#;

    async fn list(&self, call: &Call) -> Result<Vec<PromptEntry>, ToolError> {
        assert!(call.caller().is_none(), "a listing is for all");
        let whom = PromptEntryArgument { name: "whom".to_owned(), required: true, ..PromptEntryArgument::default() };
        Ok(vec![PromptEntry { name: "greet".to_owned(), arguments: vec![whom], ..PromptEntry::default() }])
    }

    async fn get(&self, name: &str, arguments: BTreeMap<String, String>, _: &Call) -> Result<Messages, ToolError> {
        if name != "greet" {
            return Err(ToolError::unknown_prompt(name));
        }
        let whom = arguments.get("whom").map_or("you", String::as_str);
        Ok(Messages::new().user(Content::text(format!("Greet {whom}."))))
    }

    async fn complete(&self, name: &str, completion: Completion, _: &Call) -> Result<Completions, ToolError> {
        Ok(Completions::matching(&completion, [&*format!("{name}er"), completion.argument()]))
    }
}

/// One page.
struct Pages;

impl ResourceLibrary for Pages {
    const MANIFEST: &str = r#"{ "kind": "resourceLibrary", "definition": { "name": "pages" }, "timeoutSeconds": 10 }"#;

    async fn list(&self, _: &Call) -> Result<Vec<ResourceEntry>, ToolError> {
        let mime_type = Some("text/plain".to_owned());
        let (uri, name) = ("page://1".to_owned(), "one".to_owned());
        Ok(vec![ResourceEntry { uri, name, mime_type, size: Some(4), ..ResourceEntry::default() }])
    }

    async fn read(&self, uri: &str, _: &Call) -> Result<Contents, ToolError> {
        let page = (uri == "page://1").then(|| ResourceContents::text(uri, "text/plain", "Once"));
        Ok(Vec::from_iter(page).into())
    }
}

async fn greetings(event: Value) -> Value {
    ask(Family::new().prompt_library(|| Greetings), &event).await.pop().expect("a terminal frame")
}

async fn pages(event: Value) -> Value {
    ask(Family::new().resource_library(|| Pages), &event).await.pop().expect("a terminal frame")
}

#[test]
fn a_library_has_a_manifest_without_anything_clients_see() {
    assert_manifest_is_valid(Greetings::MANIFEST);
    assert_manifest_is_valid(Pages::MANIFEST);
}

#[tokio::test]
async fn a_library_of_prompts_lists_them_and_fills_each_in() {
    let greet = json!({ "name": "greet", "arguments": [{ "name": "whom", "required": true }] });
    assert_eq!(greetings(listing_event("prompts/list")).await, json!({ "result": { "prompts": [greet] } }));
    for (arguments, text) in [(json!({ "whom": "Ada" }), "Greet Ada."), (Value::Null, "Greet you.")] {
        let filled = greetings(prompt_event("greet", arguments)).await;
        assert_eq!(filled["result"]["messages"][0]["content"]["text"], text, "{filled}");
    }
    let unknown = greetings(prompt_event("curse", json!({}))).await;
    assert_eq!(unknown["error"], json!({ "code": -32602, "message": "there is no prompt \"curse\"" }));
}

#[tokio::test]
async fn a_completion_says_for_which_prompt() {
    let reference = json!({ "type": "ref/prompt", "name": "greet" });
    let answer = greetings(completion_event(reference, "whom", "gr")).await;
    assert_eq!(answer["result"]["completion"]["values"], json!(["greeter"]));
}

#[tokio::test]
async fn a_library_of_resources_lists_them_and_reads_each() {
    let page = json!({ "uri": "page://1", "name": "one", "mimeType": "text/plain", "size": 4 });
    assert_eq!(pages(listing_event("resources/list")).await, json!({ "result": { "resources": [page] } }));
    let read = pages(resource_event("page://1", json!({}))).await;
    assert_eq!(read["result"]["contents"][0]["text"], "Once");
    let missing = pages(resource_event("page://2", json!({}))).await;
    assert_eq!(missing["error"]["data"], json!({ "uri": "page://2" }));
}

#[tokio::test]
async fn a_library_takes_no_other_requests() {
    for event in [listing_event("resources/list"), listing_event("tools/list"), event("greetings", json!({}))] {
        assert_eq!(greetings(event).await["error"]["code"], -32601);
    }
    let template = json!({ "type": "ref/resource", "uri": "page://{n}" });
    assert_eq!(greetings(completion_event(template, "n", "")).await["error"]["code"], -32602);
    let prompt = json!({ "type": "ref/prompt", "name": "greet" });
    for event in [listing_event("prompts/list"), completion_event(prompt, "whom", "")] {
        assert_eq!(pages(event).await["error"]["code"], -32601);
    }
}
