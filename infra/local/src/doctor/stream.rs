//! A call whose events have to arrive while it runs.

use std::time::Duration;

use serde_json::{Value, json};

use super::case::Case;
use super::finding::{Finding, count, quote};
use super::lists::Listing;
use super::mcp::{self, Dialect};
use super::recording::Recording;

const CHECK: &str = "stream.events";

/// Called unless another tool is named; it comes with Penstock and reports every step.
const DEFAULT_TOOL: &str = "long_operation";

/// A call shorter than this says nothing about buffering.
const SHORTEST: Duration = Duration::from_secs(1);

/// A stream has to be kept alive if it is silent for so long (rule T-7).
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Calls a tool in the newest revision that lists it.
pub(super) async fn judge(case: &Case, listings: &[Listing]) -> Vec<Finding> {
    let name = case.tool.as_deref().unwrap_or(DEFAULT_TOOL);
    let has = |listing: &&Listing| listing.tools.iter().any(|tool| tool == name);
    let Some(listing) = listings.iter().find(has) else {
        let text = format!("no tool called {} is listed; name one that reports progress with --tool", quote(name));
        return vec![Finding::skipped(CHECK, text)];
    };
    let arguments = match (&case.arguments, name) {
        (Some(arguments), _) => arguments.clone(),
        (None, DEFAULT_TOOL) => json!({ "steps": 5, "step_ms": 300 }),
        (None, _) => json!({}),
    };
    let params = json!({ "name": name, "arguments": arguments, "_meta": { "progressToken": 1 } });
    let dialect = match Dialect::begin(case, listing.revision).await {
        Ok(dialect) => dialect,
        Err(trouble) => return vec![Finding::wrong(CHECK, format!("{trouble}"), "look into the log of the gateway")],
    };
    let ask = mcp::authorized(case, dialect.request(case, "tools/call", params));
    let recording = Recording::of(case, ask).await;
    dialect.end(case).await;
    match recording {
        Ok(recording) => read(&recording),
        Err(silence) => vec![Finding::wrong(CHECK, format!("the call: {silence}"), "look into the log of the gateway")],
    }
}

fn read(recording: &Recording) -> Vec<Finding> {
    let Some((at, response)) = recording.response() else { return vec![unanswered(recording)] };
    if let Some(code) = response["error"]["code"].as_i64() {
        let text = format!(
            "the call fails: error {code} {}",
            quote(response["error"]["message"].as_str().unwrap_or_default())
        );
        return vec![Finding::wrong(
            CHECK,
            text,
            "see whether the token's scopes and the arguments are those of the tool",
        )];
    }
    let mut findings = vec![spacing(recording, at)];
    if recording.streamed {
        findings.push(keep_alive(recording));
        findings.push(headers(recording));
    }
    findings.extend(failure(response));
    findings
}

fn unanswered(recording: &Recording) -> Finding {
    if recording.status != 200 {
        let mend = "see whether the token's scopes are those of the tool";
        return Finding::wrong(CHECK, format!("the call is answered with HTTP {}", recording.status), mend);
    }
    let reason = recording.cut.as_ref().map(|cut| format!(": {cut}")).unwrap_or_default();
    let events = count(recording.messages.len(), "event");
    let text = format!("the stream ended after {events} without a response{reason}");
    let mend =
        "raise the time limits of the function and of what stands in front of it (CloudFront: origin read timeout)";
    Finding::wrong(CHECK, text, mend)
}

/// Whether the events came while the call ran, or all at its end.
fn spacing(recording: &Recording, end: Duration) -> Finding {
    let events = recording.messages.len();
    let took = seconds(end);
    if !recording.streamed {
        let text = format!("the call was answered by one JSON object after {took}, although events were asked for");
        let mend = "if the tool reports progress, something between joins the stream into one body: see that Accept arrives \
                    and that the function streams (InvokeMode RESPONSE_STREAM)";
        return Finding::warning(CHECK, text, mend);
    }
    if events < 3 || end < SHORTEST {
        let text = format!(
            "{} in {took}: too few or too fast to see whether something between buffers",
            count(events, "event")
        );
        return Finding::skipped(CHECK, text);
    }
    let spread = recording.spread();
    if spread * 10 < end {
        let text = format!(
            "{events} events came within {} at the end of a call of {took}: something between the function and here buffers",
            seconds(spread)
        );
        return Finding::wrong(CHECK, text, buffers(recording));
    }
    let first = recording.messages.first().map(|(at, _)| *at).unwrap_or_default();
    let (gap, _) = recording.longest_silence();
    let text =
        format!("{events} events in {took}, the first after {}, gaps of {} at most", seconds(first), seconds(gap));
    Finding::ok(CHECK, text)
}

/// Who might buffer, by what the headers say.
fn buffers(recording: &Recording) -> String {
    let header = |name: &str| recording.headers.get(name).and_then(|value| value.to_str().ok());
    let signs = ["via", "server", "x-cache", "content-encoding", "content-length"];
    let seen: Vec<String> = signs.iter().filter_map(|name| Some(format!("{name}: {}", quote(header(name)?)))).collect();
    let seen = if seen.is_empty() { "no header tells who".to_owned() } else { seen.join(", ") };
    format!(
        "look at who stands between ({seen}) and turn off buffering and compression there: nginx proxy_buffering off, \
         CloudFront no compression and no caching, function URL InvokeMode RESPONSE_STREAM"
    )
}

fn keep_alive(recording: &Recording) -> Finding {
    const CHECK: &str = "stream.keep-alive";
    let (silence, kept) = recording.longest_silence();
    let text = format!("the longest silence between events was {}", seconds(silence));
    match (silence > KEEP_ALIVE, kept) {
        (true, false) => {
            let text = format!("{text}, without a keep-alive: proxies close streams that are silent");
            Finding::warning(
                CHECK,
                text,
                "send a comment every 15 seconds at least; see that no proxy removes it (rule T-7)",
            )
        }
        (true, true) => Finding::ok(CHECK, format!("{text}, with keep-alives in it")),
        (false, _) => {
            let text =
                format!("{text}, too short for a keep-alive; call a tool that is silent for 20 seconds to see one");
            Finding::skipped(CHECK, text)
        }
    }
}

/// Rule H-8.
fn headers(recording: &Recording) -> Finding {
    const CHECK: &str = "stream.headers";
    let header = |name: &str| recording.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut missing = Vec::new();
    if header("x-accel-buffering") != "no" {
        missing.push("X-Accel-Buffering: no");
    }
    if !header("cache-control").contains("no-transform") {
        missing.push("Cache-Control: no-cache, no-transform");
    }
    if missing.is_empty() {
        return Finding::ok(CHECK, "proxies are told neither to buffer nor to change the stream");
    }
    let text = format!("the stream lacks {}: some proxies will buffer it", missing.join(" and "));
    Finding::warning(CHECK, text, "send both headers with every event stream (rule H-8)")
}

fn failure(response: &Value) -> Option<Finding> {
    let failed = response["result"]["isError"] == true;
    let mend = "see what the tool says: `penstock call`; pass other arguments with --arguments";
    failed.then(|| Finding::warning(CHECK, "the tool itself says that it failed", mend))
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::super::finding::Level;
    use super::super::recording::Recording;
    use super::{keep_alive, spacing};

    fn recorded(events: &[u64], comments: &[u64]) -> Recording {
        let at = |millis: &u64| Duration::from_millis(*millis);
        let messages = events.iter().map(|millis| (at(millis), json!({}))).collect();
        Recording { streamed: true, messages, comments: comments.iter().map(at).collect(), ..Recording::default() }
    }

    #[test]
    fn events_that_come_together_at_the_end_were_buffered() {
        for (events, level) in [
            (&[400, 800, 1200, 1600, 1600][..], Level::Ok),
            (&[5000, 5400, 5800, 6200], Level::Ok),
            (&[1600, 1600, 1601, 1602], Level::Wrong),
            (&[5000, 5001, 5400], Level::Wrong),
            (&[300, 300, 300], Level::Skipped),
            (&[2000, 2000], Level::Skipped),
        ] {
            let recording = recorded(events, &[]);
            let end = events.last().copied().unwrap_or_default();
            assert_eq!(spacing(&recording, Duration::from_millis(end)).level, level, "{events:?}");
        }
    }

    #[test]
    fn a_long_silence_needs_a_comment_within() {
        for (events, comments, level) in [
            (&[100, 200][..], &[][..], Level::Skipped),
            (&[100, 20_100], &[], Level::Warning),
            (&[100, 20_100], &[50], Level::Warning),
            (&[100, 20_100], &[10_100], Level::Ok),
        ] {
            assert_eq!(keep_alive(&recorded(events, comments)).level, level, "{events:?} {comments:?}");
        }
    }
}
