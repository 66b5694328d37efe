//! A search, page by page, until everything is found or something says stop.

use std::time::Duration;

use jiff::Timestamp;
use penstock_kit::{Call, LogLevel, ToolError};
use tokio::time::{sleep, timeout};

use crate::analyze_logs::Query;
use crate::aws::{CloudWatchLogs, Page, Refusal};
use crate::level::{self, Levels};
use crate::matches::{self, Matches};

/// The most text that is found, in bytes: as JSON it stays below what Lambda streams (200 MB).
const MAX_SIZE: usize = 96 * 1024 * 1024;

/// The most pages that are asked for; nearly all are empty then.
const MAX_PAGES: u32 = 10_000;

/// How long before its deadline a search stops at the latest, to answer with what it found; at most a quarter of its
/// time.
const RESERVE: Duration = Duration::from_secs(5);

/// What Lambda streams in a second, in bytes, once a result is long.
const STREAMED: f64 = 2.0 * 1024.0 * 1024.0;

/// How long to wait where the API takes no more requests: twice as long each time in a row.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// The most text one log message to the client holds, in bytes; as JSON it is several times that at worst.
const MESSAGE: usize = 32 * 1024;

const OUT_OF_TIME: &str = "Time is up.";

/// What a search has found.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    logs: &'a CloudWatchLogs,
    query: &'a Query,
    call: &'a Call,
    reserve: Duration,
    pub(crate) pages: u32,
    pub(crate) count: u32,
    pub(crate) levels: Levels,
    /// When the last match happened.
    pub(crate) last: Option<Timestamp>,
    pub(crate) matches: Matches,
    /// Why it ended before the end of the period; `None` if it did not.
    pub(crate) stopped: Option<String>,
}

impl<'a> Search<'a> {
    /// Searches as long as the call has time.
    ///
    /// # Errors
    /// If not even the first page was given, or what was found cannot be kept.
    pub(crate) async fn run(logs: &'a CloudWatchLogs, query: &'a Query, call: &'a Call) -> Result<Self, ToolError> {
        let mut search = Self {
            logs,
            query,
            call,
            reserve: RESERVE.min(call.time_left() / 4),
            pages: 0,
            count: 0,
            levels: Levels::new(),
            last: None,
            matches: Matches::new(),
            stopped: None,
        };
        let mut next = None;
        while search.stopped.is_none() {
            next = match search.page(next.as_deref()).await {
                Ok(mut page) => {
                    let next = page.next.take();
                    search.take(page).await?;
                    next
                }
                Err(refusal) if search.pages == 0 => return Err(ToolError::Failed(refusal.words)),
                Err(refusal) => {
                    let is_late = search.time_left().is_zero();
                    search.stopped = Some(if is_late { OUT_OF_TIME.to_owned() } else { refusal.words });
                    break;
                }
            };
            if next.is_none() {
                break;
            }
            search.stopped = search.limit();
        }
        Ok(search)
    }

    /// The next page, asked for again while the API takes no more requests.
    async fn page(&self, next: Option<&str>) -> Result<Page, Refusal> {
        let mut pause = FIRST_PAUSE;
        loop {
            let asked = self.logs.filter(self.query, next, self.query.limit - self.count);
            match timeout(self.time_left(), asked).await {
                Err(_) => return Err(Refusal::late()),
                Ok(Err(refusal)) if refusal.throttled && pause < self.time_left() => sleep(pause).await,
                Ok(answer) => return answer,
            }
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// Time to search, given that what was found has to be sent.
    fn time_left(&self) -> Duration {
        #[expect(clippy::cast_precision_loss, reason = "an estimate of seconds")]
        let sending = Duration::from_secs_f64(self.matches.size as f64 / STREAMED);
        self.call.time_left().saturating_sub(self.reserve + sending)
    }

    async fn take(&mut self, page: Page) -> Result<(), ToolError> {
        let mut text = String::new();
        for event in page.events {
            self.count += 1;
            self.last = Timestamp::from_millisecond(event.time).ok().or(self.last);
            if let Some(level) = level::of(&event.message) {
                *self.levels.entry(level).or_default() += 1;
            }
            matches::write(&event, &mut text);
        }
        self.matches.push(&text).map_err(|_| {
            ToolError::failed("There is no room to keep so many matches. Send a smaller limit or a shorter period.")
        })?;
        self.pages += 1;
        for piece in matches::pieces(&text, MESSAGE) {
            self.call.log(LogLevel::Info, piece).await;
        }
        let up_to = self.last.map(|last| format!(", up to {last:.3}")).unwrap_or_default();
        let message = format!("page {}: {} matches so far{up_to}", self.pages, self.count);
        self.call.progress(self.pages.into(), None, message).await;
        Ok(())
    }

    /// What ends the search though there is more.
    fn limit(&self) -> Option<String> {
        if self.count >= self.query.limit {
            Some(format!("The limit of {} matches is reached.", self.query.limit))
        } else if self.matches.size >= MAX_SIZE {
            Some("An answer cannot be longer.".to_owned())
        } else if self.pages >= MAX_PAGES || self.time_left().is_zero() {
            Some(OUT_OF_TIME.to_owned())
        } else {
            None
        }
    }
}
