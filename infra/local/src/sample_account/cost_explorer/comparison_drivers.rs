//! `GetCostComparisonDrivers`: why two months differ, by service and usage type.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::comparison::{Months, Pair};
use super::group::{self, GroupBy};
use super::row::Record;
use crate::sample_account::error::ApiError;

/// Results a request may ask for on a page, and gets if it does not say.
const MAX_PAGE: usize = 10;

/// Rows of one selector, by the kind of charge they are.
type Drivers = BTreeMap<Record, Pair>;

/// Answers a request as of `today`: what differs, what differs most first.
///
/// # Errors
/// The API's own.
pub(super) fn answer(body: &Value, today: Date) -> Result<Value, ApiError> {
    let request = Months::read(body, today, MAX_PAGE, MAX_PAGE)?;
    let metric = &*request.metric;
    // These two are always part of the analysis.
    let (service, usage_type) = (GroupBy::dimension("SERVICE"), GroupBy::dimension("USAGE_TYPE"));
    let mut group_by = vec![&service, &usage_type];
    group_by.extend(request.group_by.iter().filter(|group| **group != service && **group != usage_type));

    let pairs = request.by(|row| (group_by.iter().map(|group| group.value_of(row)).collect::<Vec<_>>(), row.record));
    let mut selected = BTreeMap::<Vec<String>, (Pair, Drivers)>::new();
    for ((values, record), pair) in pairs {
        let (total, drivers) = selected.entry(values).or_default();
        total.add(&pair);
        drivers.insert(record, pair);
    }
    let mut selected: Vec<_> = selected.into_iter().filter(|(_, (total, _))| total.difference(metric) != 0).collect();
    selected.sort_by_key(|(_, (total, _))| Reverse(total.difference(metric).abs()));

    let page = request.page(selected)?;
    let drivers = page.items.iter().map(|(values, (total, drivers))| {
        let drivers = drivers.iter().filter(|(_, pair)| pair.is_some(metric));
        json!({
            "CostSelector": group::selector(&group_by, values),
            "Metrics": total.to_json(&[metric]),
            "CostDrivers": drivers.map(|(record, pair)| driver(*record, *pair, metric)).collect::<Vec<_>>(),
        })
    });
    let mut answer = json!({ "CostComparisonDrivers": drivers.collect::<Vec<_>>() });
    if let Some(next) = page.next {
        answer["NextPageToken"] = next.into();
    }
    Ok(answer)
}

/// The API's `CostDriver`. Where use drives the cost, it tells how use has changed.
fn driver(record: Record, pair: Pair, metric: &str) -> Value {
    let (kind, name) = match record {
        Record::Usage => ("USAGE_CHANGE", "Usage change"),
        Record::DiscountedUsage => ("RESERVATION_USAGE", "Usage covered by reservations"),
        Record::ReservationFee => ("RECURRING_RESERVATION_FEE", "Recurring reservation fee"),
        Record::Tax => ("TAX", "Tax"),
        Record::Credit => ("CREDIT", "Credit"),
    };
    let metrics: &[&str] =
        if record.is_metered() && metric != "UsageQuantity" { &[metric, "UsageQuantity"] } else { &[metric] };
    json!({ "Type": kind, "Name": name, "Metrics": pair.to_json(metrics) })
}
