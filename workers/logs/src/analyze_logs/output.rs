//! What the tool says of its matches.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Query;
use crate::level;
use crate::search::Search;

/// What `analyze_logs` answers, beside the matches, which are text.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The group that was searched.
    log_group: String,
    /// Beginning of the period, RFC 3339 in UTC.
    start_time: String,
    /// End of the period, included.
    end_time: String,
    /// How many lines matched.
    matches: u32,
    /// Matches by the level they name, if they do: FATAL, ERROR, WARN, INFO, DEBUG, TRACE.
    levels: BTreeMap<&'static str, u32>,
    /// Whether these are all matches of the period.
    complete: bool,
    /// Why not all.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<String>,
    /// Where not all: the last match's time. A search from there goes on, and finds that match again.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_start_time: Option<String>,
}

impl Output {
    pub(super) fn new(query: &Query, search: &Search<'_>) -> Self {
        Self {
            log_group: query.log_group.clone(),
            start_time: format!("{:.3}", query.period.start),
            end_time: format!("{:.3}", query.period.end),
            matches: search.count,
            levels: search.levels.clone(),
            complete: search.stopped.is_none(),
            stopped: search.stopped.clone(),
            next_start_time: search.stopped.as_ref().and(search.last).map(|last| format!("{last:.3}")),
        }
    }

    /// The lines above the matches.
    pub(super) fn head(&self) -> String {
        let Self { log_group, start_time, end_time, matches, .. } = self;
        let found = match matches {
            0 => "No matches".to_owned(),
            1 => "1 match".to_owned(),
            matches => format!("{matches} matches"),
        };
        let mut head = format!("{found} in {log_group} from {start_time} to {end_time}");
        let levels = level::in_words(&self.levels);
        if !levels.is_empty() {
            head = format!("{head}: {levels}");
        }
        head.push_str(".\n");
        match (&self.stopped, &self.next_start_time) {
            (Some(stopped), Some(next)) => {
                head = format!("{head}Incomplete: {stopped} To go on, send start_time {next}.\n");
            }
            (Some(stopped), None) => head = format!("{head}Incomplete: {stopped} Send a shorter period.\n"),
            (None, _) if *matches == 0 => head.push_str("Try a longer period, or a pattern with fewer words.\n"),
            (None, _) => {}
        }
        if *matches > 0 {
            head.push('\n');
        }
        head
    }
}
