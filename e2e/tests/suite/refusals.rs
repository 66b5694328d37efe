//! Bad input over real connections: refused by name, and nothing is harmed.

use penstock_e2e::{Access, Penstock, http, requests};
use rstest::rstest;
use serde_json::{Value, json};

#[rstest]
#[tokio::test]
async fn bad_input_is_refused_and_the_next_call_works(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let client = http::client();
    let list = requests::request(1, "tools/list");
    let send = |body: Vec<u8>| http::post(&client, penstock.url(), &list).body(body).send();
    for (body, status) in [
        (b"{\"jsonrpc\":".to_vec(), 400),
        (b"[]".to_vec(), 400),
        (b"\xff\xfe".to_vec(), 400),
        (vec![b'['; 100_000], 400),
        (vec![b' '; 5 * 1024 * 1024], 413),
        (vec![b' '; 7 * 1024 * 1024], 413),
    ] {
        assert_eq!(send(body).await?.status(), status);
    }
    assert_eq!(send(list.to_string().into_bytes()).await?.status(), 200);
    Ok(())
}

#[rstest]
#[tokio::test]
async fn an_unknown_tool_is_refused_by_name(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let answer =
        http::exchange(&http::client(), penstock.url(), &requests::call(9, "no_such_tool", &json!({}))).await?;
    assert_eq!(answer[0].message["error"], json!({ "code": -32602, "message": "unknown tool: no_such_tool" }));
    assert_eq!(answer[0].message["id"], 9);
    Ok(())
}

/// S-1: the `Origin` is checked.
#[rstest]
#[tokio::test]
async fn a_page_from_elsewhere_cannot_reach_the_gateway(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let list = requests::request(1, "tools/list");
    for &(name, value) in access.foreign() {
        let response = http::post(&http::client(), penstock.url(), &list).header(name, value).send().await?;
        assert_eq!(response.status(), 403, "{name}");
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn wrong_arguments_are_a_result_the_model_can_read(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let call = requests::call(1, "long_operation", &json!({ "steps": "five" }));
    let answer = http::exchange(&http::client(), penstock.url(), &call).await?;
    let result = &answer[0].message["result"];
    assert_eq!(result["isError"], Value::Bool(true));
    assert!(result["content"][0]["text"].as_str().is_some_and(|text| text.contains("steps")), "{result}");
    Ok(())
}
