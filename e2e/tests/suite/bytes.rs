//! What the gateway does not author passes through it byte for byte, both ways.

use penstock_e2e::{Access, Penstock, http, requests};
use rstest::rstest;
use serde_json::json;

#[rstest]
#[tokio::test]
async fn numbers_key_order_and_unknown_members_survive_the_whole_way(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let arguments = r#"{"z":1.0,"a":12345678901234567890,"m":{"y":1e2,"x":[1,1.0,-0.0]},"e":"\u00e9\/"}"#;
    for tool in ["raw_echo", "plain_echo"] {
        let call = requests::call(1, tool, &json!("HERE")).to_string().replace("\"HERE\"", arguments);
        let request = http::post(&http::client(), penstock.url(), &requests::call(1, tool, &json!({})));
        let answer = request.body(call).send().await?.text().await?;
        assert!(answer.contains(arguments), "{tool}: {answer}");
    }
    Ok(())
}
