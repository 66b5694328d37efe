use std::time::{Duration, SystemTime};

use futures_util::future::join_all;
use penstock_e2e::moto::Moto;
use penstock_e2e::{Access, Penstock};
use penstock_store::{Store as _, StoreError, When, Write, testing};
use serde_json::json;

use crate::support::{TABLE, store};

#[tokio::test]
async fn dynamodb_keeps_what_every_store_promises() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    moto.create_table(TABLE).await?;
    testing::check(&store(moto.url()), "moto").await;
    Ok(())
}

#[tokio::test]
async fn the_local_endpoint_keeps_what_every_store_promises() -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(Access::Open).await?;
    testing::check(&store(penstock.store_url()), "local").await;
    Ok(())
}

/// Clients of their own, on threads of their own, as instances are.
async fn one_of_two_clients_wins(url: &str) -> anyhow::Result<()> {
    for round in 0..20 {
        let claims = [0, 1].map(|_| {
            let (store, key) = (store(url), format!("test/race/{round}"));
            let expires = SystemTime::now() + Duration::from_mins(1);
            tokio::spawn(
                async move { store.put(&key, Write { value: "mine".into(), when: When::Absent, expires }).await },
            )
        });
        let mut won = 0;
        for outcome in join_all(claims).await {
            won += usize::from(outcome??);
        }
        assert_eq!(won, 1, "in round {round}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_racing_clients_wins_on_dynamodb() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    moto.create_table(TABLE).await?;
    one_of_two_clients_wins(moto.url()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_racing_clients_wins_on_the_local_endpoint() -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(Access::Open).await?;
    one_of_two_clients_wins(penstock.store_url()).await
}

#[tokio::test]
async fn an_item_of_somebody_else_is_no_item() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    moto.create_table(TABLE).await?;
    let item = json!({ "pk": { "S": "theirs" }, "version": { "N": "1" }, "expires": { "N": "soon" } });
    // DynamoDB itself refuses a number that is none.
    assert!(moto.dynamodb("PutItem", &json!({ "TableName": TABLE, "Item": item })).await.is_err());
    for (item, missing) in [
        (json!({ "pk": { "S": "theirs" } }), "version"),
        (json!({ "pk": { "S": "theirs" }, "version": { "N": "1" }, "expires": { "S": "4102444800" } }), "expires"),
        (json!({ "pk": { "S": "theirs" }, "version": { "N": "1" }, "expires": { "N": "4102444800" } }), "v"),
    ] {
        moto.dynamodb("PutItem", &json!({ "TableName": TABLE, "Item": item })).await?;
        assert_eq!(store(moto.url()).get("theirs").await, Err(StoreError::Malformed(missing)));
    }
    Ok(())
}
