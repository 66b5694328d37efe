//! The bill: every row of every day, computed from the date and the tables of
//! `price_list` alone.
//!
//! Nothing is stored and nothing is random, so the same day has the same rows for every request,
//! whatever its grouping or granularity. Amounts are whole millionths, so sums are exact: hours add
//! up to their day, days to their month and groups to their total.

use std::borrow::Cow;

use jiff::Span;
use jiff::civil::{Date, Weekday, date};

use super::amount::Amounts;
use super::price_list::{Account, CREDIT, DEVELOPMENT, LINES, Line, PLACEMENTS, PRODUCTION, Placement, RESERVED, TAX};

/// Full months of history before the current one.
const HISTORY_MONTHS: i32 = 13;

/// Days of hourly rows.
const HOURLY_DAYS: i32 = 14;

/// Growth is counted from here.
const EPOCH: Date = date(2024, 1, 1);

/// Millionths of a dollar a reservation costs a month in the largest placement.
const RESERVATION_FEE: i64 = 186_150_000;

/// Millionths of a dollar of tax a month in the largest placement.
const MONTHLY_TAX: i64 = 214_380_000;

/// Millionths of a dollar credited a month in the largest placement.
const MONTHLY_CREDIT: i64 = -25_000_000;

/// Per cent that remain after the organisation's negotiated discount, in the "net" metrics.
const NET_PERCENT: i64 = 97;

/// How much of a working day's use falls into each hour, UTC.
const HOUR_WEIGHTS: [i64; 24] =
    [22, 18, 16, 15, 16, 20, 28, 38, 48, 56, 60, 62, 60, 61, 62, 60, 57, 54, 50, 46, 42, 38, 33, 28];

/// Dimensions a request may name, and what a group is called whose rows have none.
pub(super) const DIMENSIONS: [(&str, &str); 20] = [
    ("AZ", "NoAZ"),
    ("BILLING_ENTITY", "NoBillingEntity"),
    ("DATABASE_ENGINE", "NoDatabaseEngine"),
    ("INSTANCE_TYPE", "NoInstanceType"),
    ("INSTANCE_TYPE_FAMILY", "NoInstanceTypeFamily"),
    ("INVOICING_ENTITY", "NoInvoicingEntity"),
    ("LEGAL_ENTITY_NAME", "NoLegalEntityName"),
    ("LINKED_ACCOUNT", "NoLinkedAccount"),
    ("LINKED_ACCOUNT_NAME", "NoLinkedAccountName"),
    ("OPERATING_SYSTEM", "NoOperatingSystem"),
    ("OPERATION", "NoOperation"),
    ("PLATFORM", "NoPlatform"),
    ("PURCHASE_TYPE", "NoPurchaseType"),
    ("RECORD_TYPE", "NoRecordType"),
    ("REGION", "NoRegion"),
    ("RESERVATION_ID", "NoReservationId"),
    ("SAVINGS_PLANS_TYPE", "NoSavingsPlansType"),
    ("SERVICE", "NoService"),
    ("TENANCY", "NoTenancy"),
    ("USAGE_TYPE", "NoUsageType"),
];

/// The linked accounts, whose names answers carry beside their ids.
pub(super) static ACCOUNTS: [&Account; 2] = [&PRODUCTION, &DEVELOPMENT];

/// One row of the bill: what was used or charged, where, and for how much.
#[derive(Debug)]
pub(super) struct Row {
    line: &'static Line,
    place: &'static Placement,
    /// Cost Explorer's record type: `Usage`, `DiscountedUsage`, `RIFee`, `Tax` or `Credit`.
    record_type: &'static str,
    /// What it comes to, in all metrics.
    pub(super) amounts: Amounts,
}

/// The first day there are rows for.
pub(super) fn first_day(today: Date) -> Date {
    today.first_of_month().saturating_sub(Span::new().months(HISTORY_MONTHS))
}

/// The first day there are hourly rows for.
pub(super) fn first_hourly_day(today: Date) -> Date {
    today.saturating_sub(Span::new().days(HOURLY_DAYS))
}

/// The rows of a day, in a fixed order. The bill lags a day: today and later days have none yet.
pub(super) fn rows(day: Date, today: Date) -> impl Iterator<Item = Row> {
    let billed = first_day(today) <= day && day < today;
    let placements = PLACEMENTS.iter().filter(move |_| billed);
    placements.flat_map(move |place| {
        let metered = LINES.iter().zip(1..).map(move |(line, seed)| metered(line, place, day, seed));
        metered.chain(reserved(place, day)).chain(monthly(place, day))
    })
}

fn metered(line: &'static Line, place: &'static Placement, day: Date, seed: i64) -> Row {
    let days = i64::from((day - EPOCH).get_days());
    let growth = 1000 + days / 2;
    let rhythm = match day.weekday() {
        Weekday::Saturday | Weekday::Sunday if line.busy_by_day => place.weekend,
        Weekday::Monday if line.busy_by_day => 1060,
        _ => 1000,
    };
    let jitter = 970 + scatter(days * 1009 + seed * 31 + place.share) % 61;
    let millionths = line.units * place.share / 1000 * growth / 1000 * rhythm / 1000 * jitter * 1000;
    // Through i128: millionths of a unit times billionths of a dollar exceed 63 bits.
    let dollars = i128::from(millionths) * i128::from(line.nano_dollars) / 1_000_000_000;
    let cost = i64::try_from(dollars).unwrap_or(i64::MAX);
    let net = cost * NET_PERCENT / 100;
    let amounts = Amounts {
        unblended: cost,
        blended: cost,
        amortized: cost,
        net_unblended: net,
        net_amortized: net,
        quantity: millionths,
        normalized: millionths * line.size_factor,
        unit: Some(line.unit),
    };
    Row { line, place, record_type: "Usage", amounts }
}

/// Use covered by the reservation: free of charge by itself, a day's part of the fee when amortised.
fn reserved(place: &'static Placement, day: Date) -> Option<Row> {
    let fee = RESERVATION_FEE * place.share / 1000;
    let (number, days) = (i64::from(day.day()), i64::from(day.days_in_month()));
    let part = fee * number / days - fee * (number - 1) / days;
    let millionths = RESERVED.units * 1_000_000;
    let amounts = Amounts {
        blended: part,
        amortized: part,
        net_amortized: part,
        quantity: millionths,
        normalized: millionths * RESERVED.size_factor,
        unit: Some(RESERVED.unit),
        ..Amounts::default()
    };
    place.production.then_some(Row { line: &RESERVED, place, record_type: "DiscountedUsage", amounts })
}

/// What is charged once, on the first of a month.
fn monthly(place: &'static Placement, day: Date) -> impl Iterator<Item = Row> {
    let fee = RESERVATION_FEE * place.share / 1000;
    let fee = Amounts { unblended: fee, net_unblended: fee, unit: Some("N/A"), ..Amounts::default() };
    let charges = [
        (&RESERVED, "RIFee", fee),
        (&TAX, "Tax", Amounts::charge(MONTHLY_TAX * place.share / 1000)),
        (&CREDIT, "Credit", Amounts::charge(MONTHLY_CREDIT * place.share / 1000)),
    ];
    let due = place.production && day.day() == 1;
    charges.into_iter().filter(move |_| due).map(move |(line, record_type, amounts)| Row {
        line,
        place,
        record_type,
        amounts,
    })
}

/// Spreads neighbouring numbers: `0..` without a visible pattern (Knuth's multiplicative hash).
fn scatter(number: i64) -> i64 {
    (number.wrapping_mul(2_654_435_761) >> 16) & 0xffff
}

impl Row {
    /// The row's value of a dimension of [`DIMENSIONS`].
    pub(super) fn dimension(&self, key: &str) -> Option<Cow<'static, str>> {
        let fixed = match key {
            "SERVICE" => Some(self.line.service),
            "OPERATION" => Some(self.line.operation),
            "INSTANCE_TYPE" => self.line.instance_type,
            "PURCHASE_TYPE" => self.line.purchase,
            "DATABASE_ENGINE" => self.line.engine,
            "RECORD_TYPE" => Some(self.record_type),
            "LINKED_ACCOUNT" => Some(self.place.account.id),
            "LINKED_ACCOUNT_NAME" => Some(self.place.account.name),
            "REGION" if self.line.regional => Some(self.place.region),
            "REGION" if self.record_type != "Tax" => Some("global"),
            "BILLING_ENTITY" => Some("AWS"),
            "LEGAL_ENTITY_NAME" | "INVOICING_ENTITY" => Some("Amazon Web Services, Inc."),
            "USAGE_TYPE" if self.line.regional => {
                return Some(format!("{}{}", self.place.prefix, self.line.usage_type).into());
            }
            "USAGE_TYPE" => Some(self.line.usage_type),
            _ => None,
        };
        fixed.map(Cow::Borrowed)
    }

    /// The row's value of a cost allocation tag; absent where nothing is tagged.
    pub(super) fn tag(&self, key: &str) -> Option<&'static str> {
        match key {
            "Environment" => self.line.team.map(|_| self.place.environment),
            "Team" => self.line.team,
            _ => None,
        }
    }

    /// The row's value of a cost category. There is one, `CostCenter`, ruled by the tag `Team`.
    pub(super) fn cost_category(&self, key: &str) -> Option<&'static str> {
        match (key, self.line.team) {
            ("CostCenter", Some("storefront")) => Some("Product"),
            ("CostCenter", Some(_)) => Some("Engineering"),
            _ => None,
        }
    }

    /// The part of the row that falls into an hour, 0 to 23. Charges fall into the first.
    pub(super) fn in_hour(&self, hour: i8) -> Amounts {
        if !matches!(self.record_type, "Usage" | "DiscountedUsage") {
            return if hour == 0 { self.amounts } else { Amounts::default() };
        }
        let hour = usize::from(hour.unsigned_abs());
        let weights = if self.line.busy_by_day { HOUR_WEIGHTS } else { [1; 24] };
        let whole: i64 = weights.iter().sum();
        let before: i64 = weights.iter().take(hour).sum();
        let through: i64 = weights.iter().take(hour + 1).sum();
        self.amounts.part(before, through, whole)
    }
}
