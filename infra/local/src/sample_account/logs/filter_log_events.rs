//! `FilterLogEvents`.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::events::{self, Event};
use super::pattern::Pattern;
use super::token::{Pages, Position};
use crate::sample_account::error::ApiError;

/// The only log group.
const LOG_GROUP: &str = "/aws/lambda/penstock-sample";

/// How long events are kept.
const RETENTION: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Minutes of log that are searched for one page. So a page may be empty and not the last, as on AWS.
const MINUTES_PER_PAGE: i64 = 6 * 60;

/// Events on a page, and the most a request may ask for.
const MAX_EVENTS: usize = 10_000;

/// Bytes of log events on a page.
const MAX_BYTES: usize = 1024 * 1024;

/// What an event counts beside its message.
const EVENT_BYTES: usize = 26;

/// Longest filter pattern, in characters.
const MAX_PATTERN: usize = 1024;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(default)]
    log_group_name: Option<String>,
    #[serde(default)]
    log_group_identifier: Option<String>,
    #[serde(default)]
    log_stream_names: Vec<String>,
    #[serde(default)]
    log_stream_name_prefix: Option<String>,
    #[serde(default)]
    start_time: Option<i64>,
    #[serde(default)]
    end_time: Option<i64>,
    #[serde(default)]
    filter_pattern: String,
    #[serde(default)]
    limit: Option<i64>,
    #[serde(default)]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    events: Vec<LogEvent<'a>>,
    /// Empty since 2020, as the API's documentation says.
    searched_log_streams: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// `FilteredLogEvent`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogEvent<'a> {
    log_stream_name: &'a str,
    timestamp: i64,
    message: &'a str,
    ingestion_time: i64,
    event_id: &'a str,
}

/// What is searched.
#[derive(Debug)]
struct Search {
    pattern: Pattern,
    streams: Vec<String>,
    prefix: String,
    /// First and last millisecond.
    from: i64,
    to: i64,
    limit: usize,
}

/// Answers a request as of `now`.
///
/// # Errors
/// The API's own.
pub(super) fn answer(body: &Value, now: Timestamp) -> Result<String, ApiError> {
    let request: Request = Request::deserialize(body).map_err(|error| ApiError::serialization(error.to_string()))?;
    request.check_group()?;
    let pages = Pages::of(body);
    let token = request.next_token.clone();
    let search = request.search(now)?;
    let position = match token {
        Some(token) => pages.position(&token)?,
        None => Position { minute: events::minute_of(search.from), events: 0 },
    };
    let (found, next) = search.page(position);
    let answer = Answer {
        events: found.iter().map(LogEvent::from).collect(),
        searched_log_streams: [],
        next_token: next.map(|next| pages.token(next)),
    };
    serde_json::to_string(&answer).map_err(|error| ApiError::serialization(error.to_string()))
}

impl Request {
    fn check_group(&self) -> Result<(), ApiError> {
        let group = match (&self.log_group_name, &self.log_group_identifier) {
            (Some(name), None) => name,
            (None, Some(identifier)) => name_of(identifier),
            _ => {
                return Err(ApiError::invalid_parameter(
                    "You must specify either logGroupName or logGroupIdentifier, and not both",
                ));
            }
        };
        if group == LOG_GROUP { Ok(()) } else { Err(ApiError::no_log_group(LOG_GROUP)) }
    }

    fn search(self, now: Timestamp) -> Result<Search, ApiError> {
        if self.filter_pattern.chars().count() > MAX_PATTERN {
            return Err(ApiError::invalid_parameter(format!("A filter pattern has at most {MAX_PATTERN} characters")));
        }
        if !self.log_stream_names.is_empty() && self.log_stream_name_prefix.is_some() {
            return Err(ApiError::invalid_parameter("You cannot specify both logStreamNames and logStreamNamePrefix"));
        }
        let (from, to) = (self.start_time.unwrap_or_default(), self.end_time.unwrap_or(i64::MAX));
        if from < 0 || from > to {
            return Err(ApiError::invalid_parameter("startTime must be positive and not after endTime"));
        }
        let limit = self.limit.map_or(Ok(MAX_EVENTS), usize::try_from);
        let Some(limit) = limit.ok().filter(|limit| (1..=MAX_EVENTS).contains(limit)) else {
            return Err(ApiError::invalid_parameter(format!("limit must be between 1 and {MAX_EVENTS}")));
        };
        let kept = now.saturating_sub(RETENTION).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(Search {
            pattern: Pattern::parse(&self.filter_pattern)?,
            streams: self.log_stream_names,
            prefix: self.log_stream_name_prefix.unwrap_or_default(),
            from: from.max(kept.as_millisecond()),
            to: to.min(now.as_millisecond()),
            limit,
        })
    }
}

/// A log group's name: the identifier itself, or the last part of an ARN.
fn name_of(identifier: &str) -> &str {
    let name = identifier.split_once(":log-group:").map_or(identifier, |(_, name)| name);
    name.strip_suffix(":*").unwrap_or(name)
}

impl Search {
    /// The events of a page, oldest first, and where the next one begins.
    fn page(&self, from: Position) -> (Vec<Event>, Option<Position>) {
        let mut found = Vec::new();
        let mut bytes = 0;
        let last = events::minute_of(self.to);
        let end = from.minute.saturating_add(MINUTES_PER_PAGE).min(last + 1);
        for minute in from.minute..end {
            let skipped = if minute == from.minute { from.events } else { 0 };
            for (number, event) in events::of_minute(minute).enumerate().skip(skipped) {
                if !self.matches(&event) {
                    continue;
                }
                bytes += event.message.len() + EVENT_BYTES;
                if found.len() == self.limit || bytes > MAX_BYTES {
                    return (found, Some(Position { minute, events: number }));
                }
                found.push(event);
            }
        }
        (found, (end <= last).then_some(Position { minute: end, events: 0 }))
    }

    fn matches(&self, event: &Event) -> bool {
        (self.from..=self.to).contains(&event.at)
            && event.stream.starts_with(&self.prefix)
            && (self.streams.is_empty() || self.streams.contains(&event.stream))
            && self.pattern.matches(&event.message)
    }
}

impl<'a> From<&'a Event> for LogEvent<'a> {
    fn from(event: &'a Event) -> Self {
        Self {
            log_stream_name: &event.stream,
            timestamp: event.at,
            message: &event.message,
            ingestion_time: event.at + events::ingestion_delay(event.at),
            event_id: &event.id,
        }
    }
}
