//! Many calls at once, each on its own stream, each in its own process.

use std::collections::HashSet;

use futures_util::future::try_join_all;
use penstock_e2e::{Access, Penstock, http, requests};
use rstest::rstest;
use serde_json::json;

/// T-10: requests of one client are independent, each on its own stream.
#[rstest]
#[tokio::test]
async fn sixty_four_streams_at_once_keep_their_own_events_in_order(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let client = http::client();
    let calls = (1..=64_u64).map(|id| {
        let (client, url) = (client.clone(), penstock.url().to_owned());
        async move {
            let call = requests::call(id, "long_operation", &json!({ "steps": 10, "step_ms": 20 }));
            Ok::<_, anyhow::Error>((id, http::exchange(&client, &url, &call).await?))
        }
    });
    for (id, arrivals) in try_join_all(calls).await? {
        let (result, events) = arrivals.split_last().expect("a result");
        assert_eq!(result.message["id"], id);
        let tokens: HashSet<_> = events.iter().map(|event| event.message["params"]["progressToken"].clone()).collect();
        assert_eq!(tokens, HashSet::from([json!(id)]), "only its own events");
        let progress: Vec<_> = events.iter().map(|event| event.message["params"]["progress"].clone()).collect();
        assert_eq!(progress, (1..=10).map(|step| json!(step)).collect::<Vec<_>>());
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_gateway_that_takes_one_call_at_a_time_is_scaled_out(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &["--gateway-concurrency", "1"]).await?;
    let client = http::client();
    let calls = (1..=4_u64).map(|id| {
        let call = requests::call(id, "long_operation", &json!({ "steps": 3, "step_ms": 20 }));
        let (client, url) = (client.clone(), penstock.url().to_owned());
        async move { http::exchange(&client, &url, &call).await }
    });
    for arrivals in try_join_all(calls).await? {
        assert_eq!(arrivals.len(), 4);
    }
    Ok(())
}
