//! All pages of an answer: each is told to the client, and all are paid for.

use std::time::Duration;

use penstock_kit::{Call, Content, Reply, ToolError};

/// Pages one call may fetch: each costs money and the reader has to take them all in.
const MAX_PAGES: u32 = 50;

/// No further page is asked for with less time left: what has been paid for is better shown than lost.
const RESERVE: Duration = Duration::from_secs(10);

/// What AWS charges for a request, whatever the operation, in hundredths of a dollar (Cost Explorer pricing, "API").
const CENTS_PER_PAGE: u32 = 1;

/// The member of a result's `_meta` that tells what the call has cost, in US dollars.
const COST: &str = "penstock/costUsd";

/// One page of an answer.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// What is on it.
    pub(crate) content: T,
    /// What to ask the next page with; absent on the last.
    next: Option<String>,
}

impl<T> Page<T> {
    /// A page, and what the API says about the next one.
    pub(crate) fn new(content: T, next: Option<String>) -> Self {
        Self { content, next: next.filter(|token| !token.is_empty()) }
    }
}

/// What has been fetched.
#[derive(Debug)]
pub(crate) struct Fetched {
    pages: u32,
    /// Whether there are more pages.
    pub(crate) truncated: bool,
}

/// Fetches page after page with `request`, which is given the token of the page. `take` keeps its content and answers
/// how many rows there are by now.
pub(crate) async fn fetch<T, F>(
    call: &Call,
    request: impl Fn(Option<String>) -> F,
    mut take: impl FnMut(T) -> usize,
) -> Result<Fetched, ToolError>
where
    F: Future<Output = Result<Page<T>, ToolError>>,
{
    let mut fetched = Fetched { pages: 0, truncated: false };
    let mut next = None;
    while fetched.pages < MAX_PAGES {
        let page = request(next.take()).await?;
        fetched.pages += 1;
        next = page.next;
        fetched.truncated = next.is_some();
        let rows = take(page.content);
        let done = fetched.pages;
        // The API does not tell how many pages there are until the last.
        let total = next.is_none().then_some(done.into());
        call.progress(done.into(), total, format!("page {done}: {rows} rows so far")).await;
        if next.is_none() || call.time_left() < RESERVE {
            break;
        }
    }
    Ok(fetched)
}

impl Fetched {
    /// The answer of a call, with what it has cost.
    pub(crate) fn reply<T>(&self, output: T, text: String) -> Reply<T> {
        let cost = f64::from(self.pages * CENTS_PER_PAGE) / 100.0;
        Reply::from(output).with_content(Content::text(text)).with_meta(COST, cost)
    }
}
