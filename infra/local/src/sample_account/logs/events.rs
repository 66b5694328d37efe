//! The log of an online shop's function: eight requests a minute, four lines each, all derived from the request's
//! number. Lines are as Lambda writes them (`START`, `REPORT`) and as the function does, in JSON and in text.

use jiff::Timestamp;

/// Requests a minute.
const REQUESTS: i64 = 8;

const MINUTE: i64 = 60_000;

/// Milliseconds from one request to the next. None takes longer, so lines are in the order of time.
const SPACING: i64 = MINUTE / REQUESTS;

/// Streams that share the requests of a day, as execution environments do.
const STREAMS: usize = 3;

/// Memory of the function, in megabytes.
const MEMORY: u64 = 256;

/// One line of the log.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// Milliseconds since the epoch.
    pub(super) at: i64,
    /// Log stream.
    pub(super) stream: String,
    /// The line, without its end.
    pub(super) message: String,
    /// Unlike any other event's; later ones are greater.
    pub(super) id: String,
}

/// The minute a time, in milliseconds since the epoch, falls into.
pub(super) fn minute_of(at: i64) -> i64 {
    at.div_euclid(MINUTE)
}

/// The lines of a minute, oldest first.
pub(super) fn of_minute(number: i64) -> impl Iterator<Item = Event> {
    let minute = Minute::of(number);
    (0..REQUESTS).flat_map(move |slot| minute.request(slot))
}

/// How long after it happened an event could be read, in milliseconds.
pub(super) fn ingestion_delay(at: i64) -> i64 {
    300 + signed(mix(at.unsigned_abs()) % 900)
}

/// What the lines of a minute share. No request outlives the minute it began in.
#[derive(Debug)]
struct Minute {
    number: i64,
    /// `2026-11-21T12:00:`
    time: String,
    streams: [String; STREAMS],
}

/// How a request went.
#[derive(Debug)]
struct Request {
    id: String,
    outcome: Outcome,
    /// Hundredths of a millisecond.
    duration: u64,
    chance: u64,
}

#[derive(Debug)]
enum Outcome {
    Accepted,
    Slow,
    TimedOut,
    OutOfMemory,
}

impl Minute {
    fn of(number: i64) -> Self {
        let start = Timestamp::from_millisecond(number * MINUTE).unwrap_or(Timestamp::UNIX_EPOCH);
        let (day, seed) = (start.strftime("%Y/%m/%d"), number.div_euclid(24 * 60).unsigned_abs());
        // Streams are a day's, as environments do not live longer.
        let stream = |number| {
            let environment = mix(mix(seed) ^ number);
            format!("{day}/[7]{environment:016x}{:016x}", mix(environment))
        };
        Self { number, time: start.strftime("%Y-%m-%dT%H:%M:").to_string(), streams: [stream(0), stream(1), stream(2)] }
    }

    fn request(&self, slot: i64) -> [Event; 4] {
        let number = self.number * REQUESTS + slot;
        let request = Request::of(number);
        let start = slot * SPACING + signed(request.chance % 900);
        let duration = signed(request.duration / 100);
        let (logged, answered) = (start + duration / 3, start + duration);
        let lines = [
            (start, format!("START RequestId: {} Version: 7", request.id)),
            (logged, request.json_line(&self.time(logged))),
            (answered, request.text_line(&self.time(answered))),
            (answered + 1, request.report()),
        ];
        let stream = usize::try_from(request.chance).unwrap_or_default() % STREAMS;
        let mut id = number * 4;
        lines.map(|(at, message)| {
            id += 1;
            Event {
                at: self.number * MINUTE + at,
                stream: self.streams[stream].clone(),
                message,
                id: format!("{id:056}"),
            }
        })
    }

    /// A time of the minute, given in milliseconds, as loggers write it.
    fn time(&self, at: i64) -> String {
        format!("{}{:02}.{:03}Z", self.time, at / 1000, at % 1000)
    }
}

impl Request {
    fn of(number: i64) -> Self {
        let chance = mix(number.unsigned_abs());
        let usual = 1200 + chance % 6000;
        let (outcome, duration) = match chance % 20_000 {
            0 => (Outcome::OutOfMemory, 90_000 + usual),
            1..=240 => (Outcome::TimedOut, 300_000),
            241..=1200 => (Outcome::Slow, 150_000 + usual * 20),
            _ => (Outcome::Accepted, usual),
        };
        let (high, low) = (mix(chance), mix(!chance));
        let (first, second, third) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
        let (fourth, fifth) = (low >> 52, low & 0xffff_ffff_ffff);
        let id = format!("{first:08x}-{second:04x}-4{third:03x}-a{fourth:03x}-{fifth:012x}");
        Self { id, outcome, duration, chance }
    }

    fn json_line(&self, time: &str) -> String {
        let (level, message) = match self.outcome {
            Outcome::Accepted => ("INFO", "order accepted"),
            Outcome::Slow => ("WARN", "payment provider is slow"),
            Outcome::TimedOut => ("ERROR", "payment provider did not answer"),
            Outcome::OutOfMemory => ("ERROR", "catalog does not fit into memory"),
        };
        let (id, order) = (&self.id, self.chance % 900_000 + 100_000);
        let (attempt, cents) = (self.chance % 3 + 1, self.chance % 20_000 + 500);
        format!(
            r#"{{"timestamp":"{time}","level":"{level}","requestId":"{id}","message":"{message}","order":{{"number":{order},"cents":{cents}}},"attempt":{attempt}}}"#
        )
    }

    fn text_line(&self, time: &str) -> String {
        let (id, milliseconds) = (&self.id, self.duration / 100);
        match self.outcome {
            Outcome::Accepted => format!("{time} {id} INFO answered 201 in {milliseconds} ms"),
            Outcome::Slow => format!("{time} {id} WARN answered 201 in {milliseconds} ms, more than 1500 ms"),
            Outcome::TimedOut => format!("{time} {id} Task timed out after 3.00 seconds"),
            Outcome::OutOfMemory => {
                format!("RequestId: {id} Error: Runtime exited with error: signal: killed Runtime.ExitError")
            }
        }
    }

    fn report(&self) -> String {
        let (id, whole, rest) = (&self.id, self.duration / 100, self.duration % 100);
        let billed = self.duration.div_ceil(100);
        let used = if matches!(self.outcome, Outcome::OutOfMemory) { MEMORY } else { 70 + self.chance % 40 };
        format!(
            "REPORT RequestId: {id}\tDuration: {whole}.{rest:02} ms\tBilled Duration: {billed} ms\tMemory Size: \
             {MEMORY} MB\tMax Memory Used: {used} MB"
        )
    }
}

/// Spreads numbers over all 64 bits without a visible pattern (the finaliser of `SplitMix64`).
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number far below the bound of either type.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
