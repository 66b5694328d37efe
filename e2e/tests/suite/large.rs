//! A result far larger than what the gateway holds of it.

use penstock_e2e::{Access, Penstock, http, memory, requests};
use rstest::rstest;
use serde_json::json;

const SIZE: u64 = 20 * 1024 * 1024;

/// What the gateway may grow by while 20 MiB pass through it.
const ROOM: u64 = 8 * 1024 * 1024;

#[rstest]
#[tokio::test]
async fn twenty_megabytes_pass_in_bounded_gateway_memory(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let client = http::client();
    let call = |bytes: u64| requests::call(1, "fault_large_result", &json!({ "bytes": bytes }));
    http::exchange(&client, penstock.url(), &call(1024)).await?;
    let before = memory::peak(&penstock, "penstock-gateway")?;
    let answer = http::exchange(&client, penstock.url(), &call(SIZE)).await?;
    let text = answer.last().and_then(|arrival| arrival.message["result"]["content"][0]["text"].as_str());
    assert_eq!(text.map(str::len), usize::try_from(SIZE).ok());
    let grown = memory::peak(&penstock, "penstock-gateway")? - before;
    assert!(grown < ROOM, "the gateway grew by {grown} bytes");
    Ok(())
}
