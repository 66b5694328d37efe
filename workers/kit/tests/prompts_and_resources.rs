//! Prompts, resources and templates end their calls as tools do, but for failures, which are errors.

use penstock_kit::content::ResourceContents;
use penstock_kit::testing::{ask, completion_event, event, prompt_event, resource_event};
use penstock_kit::{
    Call, Completion, Completions, Content, Contents, Family, Input, Messages, Prompt, Resource, Template, ToolError,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// A prompt that does what its argument says.
struct Recite;

#[derive(Deserialize)]
struct Poem {
    title: String,
    author: Option<String>,
}

impl Prompt for Recite {
    const MANIFEST: &str =
        r#"{ "kind": "prompt", "definition": { "name": "recite" }, "completes": true, "timeoutSeconds": 10 }"#;
    type Arguments = Poem;

    async fn get(&self, Poem { title, author }: Poem, call: &Call) -> Result<Messages, ToolError> {
        call.progress(1, None, "clearing the throat").await;
        match title.as_str() {
            "unknown" => Err(ToolError::failed("nobody knows it")),
            "endless" => std::future::pending().await,
            _ => Ok(Messages::new()
                .described(format!("{title} by {}", author.as_deref().unwrap_or("anonymous")))
                .user(Content::text("Recite."))
                .assistant(Content::text("Ahem."))),
        }
    }

    async fn complete(&self, completion: Completion, _: &Call) -> Result<Completions, ToolError> {
        match completion.argument() {
            "title" => Ok(Completions::matching(&completion, ["Ode", "Odyssey", "Sonnet"])),
            _ => Err(Input::new().roots("never").into()),
        }
    }
}

/// A folder of two files.
struct Folder;

impl Resource for Folder {
    const MANIFEST: &str =
        r#"{ "kind": "resource", "definition": { "name": "folder", "uri": "test://f" }, "timeoutSeconds": 10 }"#;

    async fn read(&self, _: &Call) -> Result<Contents, ToolError> {
        let text = ResourceContents::text("test://f/a", "text/plain", "a");
        Ok([text, ResourceContents::blob("test://f/b", "image/png", "YQ==")].into())
    }
}

/// A file of any name; the one called `none` is not there.
struct File;

#[derive(Deserialize)]
struct Named {
    name: String,
}

impl Template for File {
    const MANIFEST: &str = r#"{ "kind": "resourceTemplate",
        "definition": { "name": "file", "uriTemplate": "test://f/{name}" }, "timeoutSeconds": 10 }"#;
    type Variables = Named;

    async fn read(&self, uri: &str, Named { name }: Named, _: &Call) -> Result<Contents, ToolError> {
        let parts: Vec<_> = Some(name).filter(|name| name != "none").into_iter().collect();
        Ok(parts.iter().map(|name| ResourceContents::text(uri, "text/plain", name)).collect::<Vec<_>>().into())
    }
}

async fn recite(arguments: Value) -> Value {
    ask(Family::new().prompt(|| Recite), &prompt_event("recite", arguments)).await.pop().expect("a terminal frame")
}

#[tokio::test]
async fn a_prompt_answers_with_messages_and_progress_before_them() {
    let frames = ask(Family::new().prompt(|| Recite), &prompt_event("recite", json!({ "title": "Ode" }))).await;
    assert_eq!(frames[0]["progress"]["progress"], 1);
    let message = |role: &str, text: &str| json!({ "role": role, "content": { "type": "text", "text": text } });
    assert_eq!(
        frames[1],
        json!({ "result": {
            "description": "Ode by anonymous",
            "messages": [message("user", "Recite."), message("assistant", "Ahem.")],
        }})
    );
}

#[tokio::test]
async fn arguments_of_a_prompt_that_do_not_fit_are_an_error_that_names_them() {
    for (arguments, message) in [
        (json!({}), "arguments: missing field `title`"),
        (Value::Null, "arguments: missing field `title`"),
        (json!({ "title": 1 }), "`title`: invalid type: integer `1`, expected a string"),
    ] {
        assert_eq!(recite(arguments).await["error"], json!({ "code": -32602, "message": message }));
    }
}

#[tokio::test]
async fn a_prompt_that_fails_ends_with_an_error() {
    let error = json!({ "code": -32603, "message": "nobody knows it" });
    assert_eq!(recite(json!({ "title": "unknown" })).await["error"], error);
}

#[tokio::test(start_paused = true)]
async fn a_prompt_that_hangs_is_stopped_with_an_error() {
    let stopped = recite(json!({ "title": "endless" })).await;
    assert_eq!(stopped["error"]["code"], -32603, "{stopped}");
}

#[tokio::test]
async fn a_completion_goes_on_from_what_is_typed_and_cannot_ask_back() {
    let reference = json!({ "type": "ref/prompt", "name": "recite" });
    let send = async |event: Value| ask(Family::new().prompt(|| Recite), &event).await.remove(0);
    let answer = send(completion_event(reference.clone(), "title", "ODY")).await;
    let completion = json!({ "values": ["Odyssey"], "total": 1, "hasMore": false });
    assert_eq!(answer, json!({ "result": { "completion": completion } }));
    let refused = send(completion_event(reference, "author", "")).await;
    assert_eq!(refused["error"]["code"], -32603, "{refused}");
    let other = json!({ "type": "ref/prompt", "name": "other" });
    assert_eq!(send(completion_event(other, "title", "")).await["error"]["code"], -32602);
}

#[tokio::test]
async fn a_resource_may_have_several_parts() {
    let frames = ask(Family::new().resource(|| Folder), &resource_event("test://f", json!({}))).await;
    assert_eq!(
        frames[0]["result"]["contents"],
        json!([
            { "uri": "test://f/a", "mimeType": "text/plain", "text": "a" },
            { "uri": "test://f/b", "mimeType": "image/png", "blob": "YQ==" },
        ])
    );
}

/// R-12: never empty `contents`.
#[tokio::test]
async fn a_template_without_contents_or_variables_has_no_such_resource() {
    let read = async |variables: Value| {
        ask(Family::new().template(|| File), &resource_event("test://f/x", variables)).await.remove(0)
    };
    assert_eq!(read(json!({ "name": "x" })).await["result"]["contents"][0]["text"], "x");
    for variables in [json!({ "name": "none" }), json!({})] {
        let error = read(variables).await["error"].take();
        assert_eq!((&error["code"], &error["data"]), (&json!(-32602), &json!({ "uri": "test://f/x" })));
    }
}

#[tokio::test]
async fn a_request_for_something_else_is_refused() {
    let folder = async |event: Value| ask(Family::new().resource(|| Folder), &event).await[0]["error"]["code"].clone();
    assert_eq!(folder(resource_event("test://other", json!({}))).await, -32602);
    assert_eq!(folder(event("folder", json!({}))).await, -32601);
    // Its manifest does not say that it completes.
    let reference = json!({ "type": "ref/resource", "uri": "test://f/{name}" });
    let completion = ask(Family::new().template(|| File), &completion_event(reference, "name", "")).await;
    assert_eq!(completion[0]["error"]["code"], -32601);
}
