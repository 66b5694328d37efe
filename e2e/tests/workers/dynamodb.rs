//! `query_table` on moto, which knows DynamoDB's keys, expressions and pages.

use penstock_e2e::moto::Moto;
use penstock_e2e::{Penstock, http, requests};
use serde_json::{Value, json};

/// More digits than a JavaScript or Rust number holds, and an ending zero DynamoDB would not keep.
const DIGITS: &str = "12345678901234567890123456789012345678";

/// A table of orders by customer and number, with an index by country.
async fn orders(moto: &Moto) -> anyhow::Result<()> {
    let attribute = |name: &str, kind: &str| json!({ "AttributeName": name, "AttributeType": kind });
    let key = |name: &str, kind: &str| json!({ "AttributeName": name, "KeyType": kind });
    let index = json!({
        "IndexName": "by-country",
        "KeySchema": [key("country", "HASH"), key("number", "RANGE")],
        "Projection": { "ProjectionType": "ALL" },
    });
    let table = json!({
        "TableName": "orders",
        "AttributeDefinitions": [attribute("customer", "S"), attribute("number", "N"), attribute("country", "S")],
        "KeySchema": [key("customer", "HASH"), key("number", "RANGE")],
        "GlobalSecondaryIndexes": [index],
        "BillingMode": "PAY_PER_REQUEST",
    });
    moto.dynamodb("CreateTable", &table).await?;
    for number in 1..=120 {
        let item = json!({
            "customer": { "S": "c1" },
            "number": { "N": number.to_string() },
            "country": { "S": if number % 2 == 0 { "AT" } else { "CH" } },
            "total": { "N": DIGITS },
            "tags": { "SS": ["new"] },
        });
        moto.dynamodb("PutItem", &json!({ "TableName": "orders", "Item": item })).await?;
    }
    Ok(())
}

/// `penstock dev` with moto for an AWS account.
async fn penstock(moto: &Moto) -> anyhow::Result<Penstock> {
    let environment = [
        ("AWS_ENDPOINT_URL_DYNAMODB", moto.url()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("PENSTOCK_TABLES", "orders"),
    ];
    Penstock::configured(&["--aws"], &environment).await
}

fn query(condition: &Value, more: &Value) -> Value {
    let mut arguments = json!({ "table_name": "orders", "key_condition": condition });
    for (name, value) in more.as_object().into_iter().flatten() {
        arguments[name] = value.clone();
    }
    requests::call(1, "query_table", &arguments)
}

/// Calls the tool; the messages before the result, and the result.
async fn call(penstock: &Penstock, condition: &Value, more: &Value) -> anyhow::Result<(Vec<Value>, Value)> {
    let arrivals = http::exchange(&http::client(), penstock.url(), &query(condition, more)).await?;
    let mut messages: Vec<_> = arrivals.into_iter().map(|arrival| arrival.message).collect();
    let result = messages.pop().expect("a result")["result"].clone();
    Ok((messages, result))
}

fn customer() -> Value {
    json!({ "partition_key": { "name": "customer", "value": "c1" } })
}

/// The orders in a result.
fn numbers(result: &Value) -> Vec<u64> {
    let items = result["structuredContent"]["items"].as_array().unwrap_or_else(|| panic!("no items: {result}"));
    items.iter().filter_map(|item| item["number"].as_u64()).collect()
}

#[tokio::test]
async fn a_table_is_queried_page_by_page_and_an_answer_goes_on_where_one_ended() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    orders(&moto).await?;
    let penstock = penstock(&moto).await?;

    let (progress, result) = call(&penstock, &customer(), &json!({ "limit": 110 })).await?;
    assert_eq!(progress.len(), 2, "a page of 100 and one of 10: {progress:?}");
    assert_eq!(numbers(&result), (1..=110).collect::<Vec<_>>());
    assert_eq!(result["structuredContent"]["truncated"], true);
    let next = json!({ "start_key": result["structuredContent"]["next_key"] });
    let (_, rest) = call(&penstock, &customer(), &next).await?;
    assert_eq!(numbers(&rest), (111..=120).collect::<Vec<_>>());
    assert_eq!(rest["structuredContent"]["truncated"], false);

    let raw = http::post(&http::client(), penstock.url(), &query(&customer(), &json!({ "limit": 1 })));
    let raw = raw.send().await?.text().await?;
    assert!(raw.contains(&format!(r#""number":1,"tags":["new"],"total":{DIGITS}}}"#)), "{raw}");
    Ok(())
}

#[tokio::test]
async fn sort_keys_indexes_and_order_select_what_dynamodb_understands_by_them() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    orders(&moto).await?;
    let penstock = penstock(&moto).await?;

    let mut condition = customer();
    for (sort_key, found) in [
        (json!({ "operator": "between", "values": [7, 9] }), vec![9, 8, 7]),
        (json!({ "operator": "<", "value": 3 }), vec![2, 1]),
        (json!({ "operator": ">=", "value": 119 }), vec![120, 119]),
        (json!({ "operator": "=", "value": { "N": "5" } }), vec![5]),
        (json!({ "operator": "=", "value": 500 }), vec![]),
    ] {
        condition["sort_key"] = sort_key;
        condition["sort_key"]["name"] = json!("number");
        let (_, result) = call(&penstock, &condition, &json!({ "descending": true })).await?;
        assert_eq!(numbers(&result), found, "{condition}");
    }
    let country = json!({ "partition_key": { "name": "country", "value": "AT" } });
    let (_, result) = call(&penstock, &country, &json!({ "index_name": "by-country", "limit": 3 })).await?;
    assert_eq!(numbers(&result), [2, 4, 6]);

    for (condition, more, said) in [
        (&country, json!({}), "DynamoDB refuses the request: "),
        (&country, json!({ "table_name": "salaries" }), "It may query: orders."),
    ] {
        let (_, result) = call(&penstock, condition, &more).await?;
        assert_eq!(result["isError"], true, "{result}");
        let text = result["content"][0]["text"].as_str().expect("a text");
        assert!(text.contains(said), "{text}");
    }
    Ok(())
}
