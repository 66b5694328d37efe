//! `GetCostForecast`: what the model expects of the days to come.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde::Deserialize;
use serde_json::{Value, json};

use super::amount::{Amounts, decimal};
use super::filter::{Expression, Filter};
use super::model;
use super::period::{Granularity, Piece, TimePeriod};
use crate::sample_account::error::ApiError;

/// Dimensions a forecast can be filtered by.
const DIMENSIONS: [&str; 20] = [
    "AZ",
    "BILLING_ENTITY",
    "DATABASE_ENGINE",
    "DEPLOYMENT_OPTION",
    "INSTANCE_TYPE",
    "INSTANCE_TYPE_FAMILY",
    "LEGAL_ENTITY_NAME",
    "LINKED_ACCOUNT",
    "OPERATING_SYSTEM",
    "OPERATION",
    "PLATFORM",
    "PURCHASE_TYPE",
    "RECORD_TYPE",
    "REGION",
    "RESERVATION_ID",
    "SAVINGS_PLAN_ARN",
    "SERVICE",
    "TENANCY",
    "USAGE_TYPE",
    "USAGE_TYPE_GROUP",
];

/// Days of history a forecast is made from. There is one if any of them has a row that counts.
const HISTORY_DAYS: i32 = 31;

/// Thousandths of a standard deviation on either side of the mean that hold so many per cent of a normal
/// distribution. Levels between these are interpolated.
const QUANTILES: [(i64, i64); 8] =
    [(51, 690), (60, 842), (70, 1036), (80, 1282), (85, 1440), (90, 1645), (95, 1960), (99, 2576)];

/// Thousandths by which a day's metered cost deviates from what is expected of it: that of the model's jitter.
const DEVIATION: i64 = 18;

/// In how many days ahead the deviation grows by a thousandth.
const DAYS_PER_DOUBT: i64 = 10;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    time_period: TimePeriod,
    granularity: Granularity,
    metric: String,
    #[serde(default)]
    filter: Option<Expression>,
    #[serde(default)]
    prediction_interval_level: Option<i64>,
}

/// What a piece of the period is expected to cost, in millionths.
#[derive(Debug, Clone, Copy, Default)]
struct Forecast {
    mean: i64,
    /// One standard deviation, in thousandths of a millionth.
    deviation: i64,
}

/// Answers a request as of `today`, whose own cost is part of the future still.
///
/// # Errors
/// The API's own.
pub(super) fn answer(body: &Value, today: Date) -> Result<Value, ApiError> {
    let request: Request = super::read(body)?;
    let metric = cost_metric(&request.metric)?;
    let quantile = request.prediction_interval_level.map(quantile).transpose()?;
    let months = match request.granularity {
        Granularity::Daily => 3,
        Granularity::Monthly => 18,
        Granularity::Hourly => return Err(ApiError::validation("Granularity should be DAILY or MONTHLY")),
    };
    let last = today.last_of_month().saturating_add(1.day()).saturating_add(Span::new().months(months));
    let pieces = request.time_period.future(request.granularity, today, last)?;
    let filter = request.filter.map(Expression::check).transpose()?;
    if let Some(dimension) = filter.as_ref().and_then(|filter| filter.dimension_beyond(&DIMENSIONS)) {
        return Err(ApiError::validation(format!("A forecast cannot be filtered by the dimension {dimension:?}")));
    }
    if !has_history(filter.as_ref(), today) {
        return Err(ApiError::no_history());
    }

    let mut total = 0;
    let mut results = Vec::new();
    for piece in pieces {
        let forecast = forecast(piece, metric, filter.as_ref(), today);
        total += forecast.mean;
        let mut result = json!({
            "TimePeriod": piece.to_json(request.granularity),
            "MeanValue": decimal(forecast.mean),
        });
        if let Some(quantile) = quantile {
            let width = forecast.deviation / 1000 * quantile / 1000;
            result["PredictionIntervalLowerBound"] = decimal(forecast.mean - width).into();
            result["PredictionIntervalUpperBound"] = decimal(forecast.mean + width).into();
        }
        results.push(result);
    }
    Ok(json!({ "Total": { "Amount": decimal(total), "Unit": "USD" }, "ForecastResultsByTime": results }))
}

fn forecast(piece: Piece, metric: &str, filter: Option<&Filter>, today: Date) -> Forecast {
    let mut forecast = Forecast::default();
    for day in piece.days() {
        let (mut all, mut metered) = (Amounts::default(), Amounts::default());
        for row in model::expected(day).filter(|row| filter.is_none_or(|filter| filter.matches(row))) {
            all.add(&row.amounts);
            if row.record.is_metered() {
                metered.add(&row.amounts);
            }
        }
        let doubt = DEVIATION + i64::from((day - today).get_days()) / DAYS_PER_DOUBT;
        forecast.mean += all.metric(metric).0;
        forecast.deviation += metered.metric(metric).0 * doubt;
    }
    forecast
}

fn has_history(filter: Option<&Filter>, today: Date) -> bool {
    let days = (1..=HISTORY_DAYS).map(|ago| today.saturating_sub(Span::new().days(ago)));
    let mut rows = days.flat_map(|day| model::rows(day, today));
    rows.any(|row| filter.is_none_or(|filter| filter.matches(&row)))
}

/// The metric under the name answers and other requests know it by.
fn cost_metric(metric: &str) -> Result<&'static str, ApiError> {
    match metric {
        "AMORTIZED_COST" => Ok("AmortizedCost"),
        "BLENDED_COST" => Ok("BlendedCost"),
        "NET_AMORTIZED_COST" => Ok("NetAmortizedCost"),
        "NET_UNBLENDED_COST" => Ok("NetUnblendedCost"),
        "UNBLENDED_COST" => Ok("UnblendedCost"),
        _ => Err(ApiError::validation(format!("Metric {metric:?} is invalid. A forecast is of a cost metric."))),
    }
}

fn quantile(level: i64) -> Result<i64, ApiError> {
    let neighbours = QUANTILES.windows(2).find_map(|pair| match *pair {
        [from, to] if (from.0..=to.0).contains(&level) => Some((from, to)),
        _ => None,
    });
    let Some((from, to)) = neighbours else {
        return Err(ApiError::validation(format!("PredictionIntervalLevel {level} is not between 51 and 99")));
    };
    Ok(from.1 + (to.1 - from.1) * (level - from.0) / (to.0 - from.0))
}
