//! A client that leaves: the relay ends, and what it used is used again.

use penstock_e2e::{Access, Penstock, http, requests};
use rstest::rstest;
use serde_json::json;

#[rstest]
#[tokio::test]
async fn clients_that_leave_free_what_their_calls_used(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &["--gateway-concurrency", "2"]).await?;
    let client = http::client();
    // More calls than the gateway takes at once, each left after its first event: were one of them
    // held, the last would find no room.
    for id in 1..=6 {
        let call = requests::call(id, "long_operation", &json!({ "steps": 3, "step_ms": 50 }));
        let mut events = http::open(&client, penstock.url(), &call).await?;
        events.next().await?.expect("the first event");
    }
    let call = requests::call(7, "long_operation", &json!({ "steps": 1, "step_ms": 0 }));
    assert_eq!(http::exchange(&client, penstock.url(), &call).await?.len(), 2);
    Ok(())
}
