//! The cost tools, asked by the official Rust SDK about the sample account: whatever they say, it adds up.

use std::sync::{Arc, Mutex};

use penstock_e2e::{Access, Penstock, http};
use rmcp::model::{CallToolRequestParams, ProgressNotificationParam, ProtocolVersion};
use rmcp::service::{NotificationContext, RunningService};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt as _, RoleClient};
use serde_json::{Value, json};

/// A client that counts the progress it is told of.
#[derive(Debug, Clone, Default)]
struct Counting {
    events: Arc<Mutex<u32>>,
}

impl ClientHandler for Counting {
    async fn on_progress(&self, _: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        *self.events.lock().expect("not poisoned") += 1;
    }
}

/// What a tool answered.
struct Answer {
    output: Value,
    text: String,
    cost: f64,
    /// Progress events before it.
    events: u32,
}

struct Client {
    service: RunningService<RoleClient, Counting>,
    counting: Counting,
}

impl Client {
    async fn connect(penstock: &Penstock) -> anyhow::Result<Self> {
        let config = StreamableHttpClientTransportConfig::with_uri(penstock.url().to_owned());
        let transport = StreamableHttpClientTransport::with_client(http::client(), config);
        let mode = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
        let counting = Counting::default();
        Ok(Self { service: counting.clone().serve_with_lifecycle(transport, mode).await?, counting })
    }

    async fn call(&self, tool: &'static str, arguments: Value) -> anyhow::Result<Answer> {
        let params = CallToolRequestParams::new(tool);
        let params = params.with_arguments(arguments.as_object().expect("an object").clone());
        let result = serde_json::to_value(self.service.call_tool(params).await?)?;
        assert_ne!(result["isError"], true, "{tool}: {result}");
        Ok(Answer {
            output: result["structuredContent"].clone(),
            text: result["content"][0]["text"].as_str().unwrap_or_default().to_owned(),
            cost: result["_meta"]["penstock/costUsd"].as_f64().unwrap_or_default(),
            events: std::mem::take(&mut *self.counting.events.lock().expect("not poisoned")),
        })
    }
}

/// A month, and the `end_date` of it.
struct Month {
    name: String,
    start: String,
    end: String,
}

/// The month so many months before or after that of `today`.
fn month(today: &str, ahead: i32) -> Month {
    let spell = |ahead: i32| {
        let (year, month): (i32, i32) = (today[..4].parse().expect("a year"), today[5..7].parse().expect("a month"));
        let months = year * 12 + month - 1 + ahead;
        format!("{}-{:02}", months / 12, months % 12 + 1)
    };
    let (name, next) = (spell(ahead), spell(ahead + 1));
    Month { start: format!("{name}-01"), end: format!("{next}-01"), name }
}

/// An amount of the sample account, in millionths.
fn millionths(amount: &Value) -> i64 {
    let text = amount.as_str().unwrap_or_else(|| panic!("{amount} is no decimal string"));
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{rest:0<6}");
    digits.parse().unwrap_or_else(|_| panic!("{text} has more than six places"))
}

/// The sum over rows of what `pointer` points to.
fn sum(rows: &Value, pointer: &str) -> i64 {
    let amount = |row: &Value| millionths(row.pointer(pointer).unwrap_or_else(|| panic!("{row} has no {pointer}")));
    rows.as_array().expect("rows").iter().map(amount).sum()
}

#[tokio::test]
async fn two_months_add_up_in_all_that_is_said_about_them() -> anyhow::Result<()> {
    let penstock = Penstock::dev(Access::Authenticated, &[]).await?;
    let client = Client::connect(&penstock).await?;
    let today = client.call("get_today_date", json!({})).await?.output["date"].as_str().expect("a date").to_owned();
    let (before, after) = (month(&today, -2), month(&today, -1));
    let by_service = json!([{ "type": "DIMENSION", "key": "SERVICE" }]);

    let period = json!({ "start_date": before.start, "end_date": after.end });
    let total = client.call("get_cost_and_usage", period.clone()).await?.output;
    let amounts = [0, 1].map(|row| millionths(&total["rows"][row]["metrics"]["UnblendedCost"]["amount"]));
    let mut grouped = period;
    grouped["group_by"] = by_service.clone();
    let groups = client.call("get_cost_and_usage", grouped).await?.output;
    assert_eq!(sum(&groups["rows"], "/metrics/UnblendedCost/amount"), amounts[0] + amounts[1]);

    let months = json!({ "baseline": before.name, "comparison": after.name });
    let mut split = months.clone();
    split["group_by"] = by_service;
    let comparison = client.call("get_cost_and_usage_comparisons", split).await?;
    let totals = &comparison.output["totals"]["UnblendedCost"];
    assert_eq!([&totals["baseline"], &totals["comparison"]].map(millionths), amounts);
    let difference = amounts[1] - amounts[0];
    assert_eq!(sum(&comparison.output["rows"], "/metrics/UnblendedCost/difference"), difference);
    assert!(comparison.text.contains("Amazon Simple Storage Service"), "{}", comparison.text);

    let drivers = client.call("get_cost_comparison_drivers", months).await?;
    assert_eq!(sum(&drivers.output["rows"], "/metrics/UnblendedCost/difference"), difference);
    for row in drivers.output["rows"].as_array().expect("rows") {
        let driven = sum(&row["drivers"], "/metrics/UnblendedCost/difference");
        assert_eq!(driven, millionths(&row["metrics"]["UnblendedCost"]["difference"]), "{row}");
    }
    assert!(drivers.events > 1, "a progress event for each page of ten");
    assert!((drivers.cost * 100.0 - f64::from(drivers.events)).abs() < 1e-6, "a cent a page: {}", drivers.cost);
    Ok(())
}

#[tokio::test]
async fn values_filter_costs_and_forecasts_look_ahead() -> anyhow::Result<()> {
    let penstock = Penstock::dev(Access::Open, &[]).await?;
    let client = Client::connect(&penstock).await?;
    let today = client.call("get_today_date", json!({})).await?.output;
    let last = month(today["date"].as_str().expect("a date"), -1);
    let period = json!({ "start_date": last.start, "end_date": last.end });
    let with = |name: &str, value: Value| {
        let mut arguments = period.clone();
        arguments[name] = value;
        arguments
    };

    let accounts = client.call("get_dimension_values", with("dimension_key", json!("LINKED_ACCOUNT"))).await?;
    let account = &accounts.output["values"][0];
    let name = account["attributes"]["description"].as_str().expect("an account has a name");
    assert!(accounts.text.contains(name), "{}", accounts.text);
    let filter = json!({ "dimensions": { "key": "LINKED_ACCOUNT", "values": [account["value"]] } });
    let all = client.call("get_cost_and_usage", period.clone()).await?.output;
    let one = client.call("get_cost_and_usage", with("filter", filter.clone())).await?.output;
    let costs = [&one, &all].map(|output| millionths(&output["totals"]["UnblendedCost"]["amount"]));
    assert!(0 < costs[0] && costs[0] < costs[1], "{costs:?}");

    let teams = client.call("get_tag_values", with("tag_key", json!("Team"))).await?;
    let values = teams.output["values"].as_array().expect("values");
    assert!(values.len() > 1 && values.contains(&json!("")), "{}", teams.text);

    let next = month(today["date"].as_str().expect("a date"), 1);
    let arguments = json!({
        "start_date": today["tomorrow"], "end_date": next.end, "metric": "UNBLENDED_COST", "filter": filter,
    });
    let forecast = client.call("get_cost_forecast", arguments).await?.output;
    let mean = sum(&forecast["rows"], "/mean");
    assert_eq!(mean, millionths(&forecast["total"]["amount"]));
    assert!(sum(&forecast["rows"], "/lower") < mean && mean < sum(&forecast["rows"], "/upper"), "{forecast}");
    Ok(())
}
