//! Amounts in whole millionths, and how they are written.

use serde_json::{Map, Value, json};

use crate::sample_account::error::ApiError;

/// What a row or a sum of rows comes to in every metric, in millionths of a dollar or of a unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    /// What was charged, on the day it was charged.
    pub(super) unblended: i64,
    /// The same at the organisation's average rate.
    pub(super) blended: i64,
    /// Fees spread over the time they pay for.
    pub(super) amortized: i64,
    /// [`unblended`](Self::unblended) after discounts.
    pub(super) net_unblended: i64,
    /// [`amortized`](Self::amortized) after discounts.
    pub(super) net_amortized: i64,
    /// Units used.
    pub(super) quantity: i64,
    /// Units used, weighted by instance size.
    pub(super) normalized: i64,
    /// Unit of [`quantity`](Self::quantity): absent in an empty sum, `N/A` where units differ.
    pub(super) unit: Option<&'static str>,
}

/// Metrics a request may name.
const METRICS: [&str; 7] = [
    "AmortizedCost",
    "BlendedCost",
    "NetAmortizedCost",
    "NetUnblendedCost",
    "NormalizedUsageAmount",
    "UnblendedCost",
    "UsageQuantity",
];

/// Checks a metric's name.
///
/// # Errors
/// `ValidationException` for one the API does not know.
pub(super) fn check_metric(metric: &str) -> Result<(), ApiError> {
    if METRICS.contains(&metric) {
        return Ok(());
    }
    Err(ApiError::validation(format!("Metric {metric:?} is invalid. Valid values are: {METRICS:?}")))
}

impl Amounts {
    /// A charge that is the same in every cost metric and has no quantity.
    pub(super) fn charge(millionths: i64) -> Self {
        Self {
            unblended: millionths,
            blended: millionths,
            amortized: millionths,
            net_unblended: millionths,
            net_amortized: millionths,
            unit: Some("N/A"),
            ..Self::default()
        }
    }

    /// Adds another row.
    pub(super) fn add(&mut self, other: &Self) {
        self.unblended += other.unblended;
        self.blended += other.blended;
        self.amortized += other.amortized;
        self.net_unblended += other.net_unblended;
        self.net_amortized += other.net_amortized;
        self.quantity += other.quantity;
        self.normalized += other.normalized;
        self.unit = match (self.unit, other.unit) {
            (Some(one), Some(two)) if one != two => Some("N/A"),
            (one, two) => one.or(two),
        };
    }

    /// The part between two marks of a scale from 0 to `whole`. Adjoining parts add up exactly.
    pub(super) fn part(&self, from: i64, to: i64, whole: i64) -> Self {
        let part = |amount: i64| {
            let until = |mark: i64| i128::from(amount) * i128::from(mark) / i128::from(whole);
            i64::try_from(until(to) - until(from)).unwrap_or(i64::MAX)
        };
        Self {
            unblended: part(self.unblended),
            blended: part(self.blended),
            amortized: part(self.amortized),
            net_unblended: part(self.net_unblended),
            net_amortized: part(self.net_amortized),
            quantity: part(self.quantity),
            normalized: part(self.normalized),
            unit: self.unit,
        }
    }

    /// The API's map from metric to `MetricValue`.
    pub(super) fn to_json(self, metrics: &[String]) -> Value {
        let entry = |metric: &String| {
            let (amount, unit) = self.metric(metric);
            (metric.clone(), json!({ "Amount": decimal(amount), "Unit": unit }))
        };
        Value::Object(metrics.iter().map(entry).collect::<Map<_, _>>())
    }

    /// The amount in a metric, in millionths, and its unit.
    pub(super) fn metric(&self, metric: &str) -> (i64, &'static str) {
        match metric {
            "AmortizedCost" => (self.amortized, "USD"),
            "BlendedCost" => (self.blended, "USD"),
            "NetAmortizedCost" => (self.net_amortized, "USD"),
            "NetUnblendedCost" => (self.net_unblended, "USD"),
            "NormalizedUsageAmount" => (self.normalized, "N/A"),
            "UsageQuantity" => (self.quantity, self.unit.unwrap_or("N/A")),
            _ => (self.unblended, "USD"),
        }
    }
}

/// Millionths as a decimal without needless zeros: `12.5`, `0`, `-0.000001`.
pub(super) fn decimal(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, rest) = (millionths.unsigned_abs() / 1_000_000, millionths.unsigned_abs() % 1_000_000);
    format!("{sign}{whole}.{rest:06}").trim_end_matches('0').trim_end_matches('.').to_owned()
}
