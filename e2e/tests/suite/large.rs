//! A result far larger than what the gateway holds of it.

use penstock_e2e::{Access, Penstock, http, requests};
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
    let before = gateway_peak_memory(&penstock)?;
    let answer = http::exchange(&client, penstock.url(), &call(SIZE)).await?;
    let text = answer.last().and_then(|arrival| arrival.message["result"]["content"][0]["text"].as_str());
    assert_eq!(text.map(str::len), usize::try_from(SIZE).ok());
    let grown = gateway_peak_memory(&penstock)? - before;
    assert!(grown < ROOM, "the gateway grew by {grown} bytes");
    Ok(())
}

/// The largest peak resident memory of the gateway processes that this host started, in bytes.
fn gateway_peak_memory(penstock: &Penstock) -> anyhow::Result<u64> {
    let host = penstock.id().expect("running").to_string();
    let mut peak = 0;
    for process in std::fs::read_dir("/proc")? {
        let status = process?.path().join("status");
        let Ok(status) = std::fs::read_to_string(status) else { continue };
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        if field("PPid:") == Some(&host) && field("Name:").is_some_and(|name| name.starts_with("penstock-gatewa")) {
            let kilobytes =
                field("VmHWM:").and_then(|peak| peak.strip_suffix(" kB")).and_then(|peak| peak.parse().ok());
            peak = peak.max(kilobytes.unwrap_or(0_u64) * 1024);
        }
    }
    anyhow::ensure!(peak > 0, "no gateway process of {host} found");
    Ok(peak)
}
