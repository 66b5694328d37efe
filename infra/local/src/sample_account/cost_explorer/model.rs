//! The bill: every row of every day, computed from the date and the tables of
//! `price_list` alone.
//!
//! Nothing is stored and nothing is random, so the same day has the same rows for every request,
//! whatever its grouping or granularity. Amounts are whole millionths, so sums are exact: hours add
//! up to their day, days to their month and groups to their total.

use jiff::Span;
use jiff::civil::{Date, Weekday, date};

use super::amount::Amounts;
use super::price_list::{Account, CREDIT, DEVELOPMENT, LINES, Line, PLACEMENTS, PRODUCTION, Placement, RESERVED, TAX};
use super::row::{Record, Row};

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

/// The linked accounts, whose names answers carry beside their ids.
pub(super) static ACCOUNTS: [&Account; 2] = [&PRODUCTION, &DEVELOPMENT];

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
    billed.then(|| bill(day, measured)).into_iter().flatten()
}

/// The rows a day is expected to have: growth, rhythm and charges go on, and nothing is left to chance.
pub(super) fn expected(day: Date) -> impl Iterator<Item = Row> {
    bill(day, |_, _, _| 1000)
}

/// Thousandths of the expected use of a line, told apart by its seed: 970 to 1030, and 1000 on average.
fn measured(seed: i64, place: &Placement, days: i64) -> i64 {
    970 + scatter(days * 1009 + seed * 31 + place.share) % 61
}

fn bill(day: Date, jitter: fn(i64, &Placement, i64) -> i64) -> impl Iterator<Item = Row> {
    let days = i64::from((day - EPOCH).get_days());
    PLACEMENTS.iter().flat_map(move |place| {
        let lines = LINES.iter().zip(1..);
        let metered = lines.map(move |(line, seed)| metered(line, place, day, jitter(seed, place, days)));
        metered.chain(reserved(place, day)).chain(monthly(place, day))
    })
}

fn metered(line: &'static Line, place: &'static Placement, day: Date, jitter: i64) -> Row {
    let growth = 1000 + i64::from((day - EPOCH).get_days()) / 2;
    let rhythm = match day.weekday() {
        Weekday::Saturday | Weekday::Sunday if line.busy_by_day => place.weekend,
        Weekday::Monday if line.busy_by_day => 1060,
        _ => 1000,
    };
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
    Row { line, place, record: Record::Usage, amounts }
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
    place.production.then_some(Row { line: &RESERVED, place, record: Record::DiscountedUsage, amounts })
}

/// What is charged once, on the first of a month.
fn monthly(place: &'static Placement, day: Date) -> impl Iterator<Item = Row> {
    let fee = RESERVATION_FEE * place.share / 1000;
    let fee = Amounts { unblended: fee, net_unblended: fee, unit: Some("N/A"), ..Amounts::default() };
    let charges = [
        (&RESERVED, Record::ReservationFee, fee),
        (&TAX, Record::Tax, Amounts::charge(MONTHLY_TAX * place.share / 1000)),
        (&CREDIT, Record::Credit, Amounts::charge(MONTHLY_CREDIT * place.share / 1000)),
    ];
    let due = place.production && day.day() == 1;
    charges.into_iter().filter(move |_| due).map(move |(line, record, amounts)| Row { line, place, record, amounts })
}

/// Spreads neighbouring numbers: `0..` without a visible pattern (Knuth's multiplicative hash).
fn scatter(number: i64) -> i64 {
    (number.wrapping_mul(2_654_435_761) >> 16) & 0xffff
}
