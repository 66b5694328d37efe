//! Workers on services of AWS that moto imitates: S3, CloudWatch Logs, Secrets Manager.

use std::time::{SystemTime, UNIX_EPOCH};

use penstock_e2e::moto::Moto;
use penstock_e2e::{Penstock, StandIn, http, requests};
use serde_json::{Value, json};

/// `penstock dev` with moto for an AWS account, and variables of the workers.
async fn penstock(moto: &Moto, variables: &[(&str, &str)]) -> anyhow::Result<Penstock> {
    let account = [
        ("AWS_ENDPOINT_URL", moto.url()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ];
    Penstock::configured(&["--aws"], &[&account, variables].concat()).await
}

/// What comes of one request.
async fn answer(penstock: &Penstock, request: &Value) -> anyhow::Result<Value> {
    let mut arrivals = http::exchange(&http::client(), penstock.url(), request).await?;
    Ok(arrivals.pop().expect("an answer").message)
}

fn request(method: &str, params: &Value) -> Value {
    let mut request = requests::request(1, method);
    for (name, value) in params.as_object().into_iter().flatten() {
        request["params"][name] = value.clone();
    }
    request
}

#[tokio::test]
async fn prompts_guides_and_documents_are_objects_of_a_bucket() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    moto.s3("papers", "").await?;
    moto.s3("papers/prompts/team/greet.md", "Greet {{ whom }}.").await?;
    moto.s3("papers/guides/start.md", "# Start\n\nHere.\n").await?;
    moto.s3("papers/documents/a/b.csv", "x,y\n1,2\n").await?;
    let variables = [
        ("PENSTOCK_PROMPTS", "s3://papers/prompts"),
        ("PENSTOCK_GUIDES", "s3://papers/guides"),
        ("PENSTOCK_DOCUMENTS", "s3://papers/documents"),
    ];
    let penstock = penstock(&moto, &variables).await?;

    let list = answer(&penstock, &request("prompts/list", &json!({}))).await?;
    let greet = json!({ "name": "team.greet", "arguments": [{ "name": "whom", "required": true }] });
    assert_eq!(list["result"]["prompts"], json!([greet]), "{list}");
    let get = request("prompts/get", &json!({ "name": "team.greet", "arguments": { "whom": "Ada" } }));
    let filled = answer(&penstock, &get).await?;
    assert_eq!(filled["result"]["messages"][0]["content"]["text"], "Greet Ada.", "{filled}");

    moto.s3("papers/prompts/new.md", "New.").await?;
    // Not on the list yet: asked for by its name it is looked for, once what is known is two seconds old.
    let new = request("prompts/get", &json!({ "name": "new" }));
    let mut filled = answer(&penstock, &new).await?;
    let begun = SystemTime::now();
    while filled["error"].is_object() && begun.elapsed()?.as_secs() < 60 {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        filled = answer(&penstock, &new).await?;
    }
    assert_eq!(filled["result"]["messages"][0]["content"]["text"], "New.", "{filled}");

    for (uri, text) in [("guide://start", "# Start\n\nHere.\n"), ("document://a/b.csv", "x,y\n1,2\n")] {
        let read = answer(&penstock, &request("resources/read", &json!({ "uri": uri }))).await?;
        assert_eq!(read["result"]["contents"][0]["text"], text, "{read}");
    }
    let read = answer(&penstock, &request("resources/read", &json!({ "uri": "document://none.csv" }))).await?;
    assert_eq!(read["error"]["code"], -32602, "{read}");
    Ok(())
}

#[tokio::test]
async fn lines_of_a_log_group_are_found() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let (group, stream) = ("/aws/lambda/orders", "2026/one");
    moto.logs("CreateLogGroup", &json!({ "logGroupName": group })).await?;
    moto.logs("CreateLogStream", &json!({ "logGroupName": group, "logStreamName": stream })).await?;
    let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let line = |before: u64, message: &str| json!({ "timestamp": now - before, "message": message });
    let events = json!([line(3000, "INFO paid"), line(2000, "ERROR no stock"), line(1000, "ERROR no money")]);
    let put = json!({ "logGroupName": group, "logStreamName": stream, "logEvents": events });
    moto.logs("PutLogEvents", &put).await?;
    let penstock = penstock(&moto, &[]).await?;

    let arguments = json!({ "log_group": group, "start_time": "1h", "pattern": "ERROR" });
    let found = answer(&penstock, &requests::call(1, "analyze_logs", &arguments)).await?;
    let result = &found["result"];
    assert_eq!(result["structuredContent"]["matches"], 2, "{found}");
    let text = result["content"][0]["text"].as_str().expect("a text");
    assert!(text.contains("2026/one ERROR no stock\n") && text.ends_with("2026/one ERROR no money\n"), "{text}");
    let arguments = json!({ "log_group": "/none", "start_time": "1h" });
    let missing = answer(&penstock, &requests::call(1, "analyze_logs", &arguments)).await?;
    assert_eq!(missing["result"]["isError"], true, "{missing}");
    Ok(())
}

#[tokio::test]
async fn githubs_token_is_a_secret_in_secrets_manager() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let secret =
        json!({ "Name": "github", "SecretString": r#"{"token":"a-token"}"#, "ClientRequestToken": "x".repeat(32) });
    moto.secrets_manager("CreateSecret", &secret).await?;
    let stand_in =
        StandIn::start(|_| (200, json!({ "total_count": 0, "incomplete_results": false, "items": [] }))).await?;
    let search = requests::call(1, "search_repositories", &json!({ "query": "none" }));
    for (name, is_error) in [("github", false), ("another", true)] {
        let variables =
            [("PENSTOCK_GITHUB_URL", stand_in.url()), ("PENSTOCK_GITHUB_SECRET", name), ("GITHUB_TOKEN", "")];
        let penstock = penstock(&moto, &variables).await?;
        let found = answer(&penstock, &search).await?;
        assert_eq!(found["result"]["isError"] == json!(true), is_error, "{found}");
        assert!(!found.to_string().contains("a-token"), "{found}");
    }
    Ok(())
}
