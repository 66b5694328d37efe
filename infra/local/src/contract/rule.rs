use serde::Serialize;

use crate::doctor::Level;

/// Something a worker must or should do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    id: &'static str,
    /// What a worker does that follows it.
    sentence: &'static str,
    /// The section of docs/contract.md it stands in.
    section: &'static str,
}

/// What came of looking at one rule.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// The rule, as `area.name`; does not change between versions.
    pub check: &'static str,
    /// The rule as a sentence whose subject is the worker.
    pub sentence: &'static str,
    /// The section of docs/contract.md it stands in.
    pub section: &'static str,
    /// Whether the worker follows it. A warning is about what it should do, or about what was not to be found out.
    pub level: Level,
    /// What was received, or why nothing was asked.
    pub text: String,
}

impl Rule {
    const fn new(id: &'static str, sentence: &'static str, section: &'static str) -> Self {
        Self { id, sentence, section }
    }

    pub(super) fn ok(&self, text: impl Into<String>) -> Check {
        self.check(Level::Ok, text.into())
    }

    pub(super) fn warning(&self, text: impl Into<String>) -> Check {
        self.check(Level::Warning, text.into())
    }

    pub(super) fn wrong(&self, text: impl Into<String>) -> Check {
        self.check(Level::Wrong, text.into())
    }

    pub(super) fn skipped(&self, text: impl Into<String>) -> Check {
        self.check(Level::Skipped, text.into())
    }

    /// Followed, or broken by what the error says.
    pub(super) fn judge(&self, result: Result<String, String>) -> Check {
        match result {
            Ok(text) => self.ok(text),
            Err(text) => self.wrong(text),
        }
    }

    fn check(&self, level: Level, text: String) -> Check {
        Check { check: self.id, sentence: self.sentence, section: self.section, level, text }
    }
}

const SERVES: &str = "tool.json, prompt.json, resource.json, library.json: what a function serves";
const EVENT: &str = "In: the call event";
const FRAMES: &str = "Out: frames";
const VALUE: &str = "Out: one JSON value";
const ASKING: &str = "Asking the client";
const TIME: &str = "Time";
const SMALLEST: &str = "The smallest worker";

pub(super) const STARTS: Rule = Rule::new("process.starts", "starts and asks the Runtime API for work", SMALLEST);
pub(super) const REUSE: Rule = Rule::new("process.reuse", "answers one call after another in one process", SMALLEST);
pub(super) const SURVIVES: Rule = Rule::new("process.survives", "is still there after all of this", SMALLEST);

pub(super) const LINES: Rule = Rule::new("frames.lines", "writes a frame a line, each with exactly one member", FRAMES);
pub(super) const END: Rule =
    Rule::new("frames.end", "ends with one result, inputRequired or error, and nothing after it", FRAMES);
pub(super) const PROGRESS: Rule = Rule::new("frames.progress", "reports progress that grows", FRAMES);
pub(super) const LOGS: Rule = Rule::new("frames.logs", "logs with a level and data", FRAMES);
pub(super) const STREAMS: Rule = Rule::new("frames.streams", "lets frames go while it is at work", FRAMES);

pub(super) const ONE_VALUE: Rule = Rule::new("value.one", "returns one JSON value of at most 6 MB", VALUE);
pub(super) const THROWS: Rule = Rule::new("value.throws", "tells Lambda of an exception and goes on", VALUE);

pub(super) const SAMPLE: Rule = Rule::new("answer.sample", "answers the sample call with a result", EVENT);
pub(super) const RESULT: Rule = Rule::new("answer.result", "answers with the result of its method", EVENT);
pub(super) const OUTPUT: Rule = Rule::new("answer.output", "answers what its outputSchema promises", SERVES);
pub(super) const ASKS: Rule = Rule::new("answer.asks", "asks the client in the form of an inputRequired frame", ASKING);
pub(super) const COMPLETES: Rule = Rule::new("answer.completes", "answers completion/complete", EVENT);
pub(super) const SAME: Rule = Rule::new("answer.same", "answers the same call alike, whatever came before", EVENT);

pub(super) const QUIET: Rule = Rule::new("event.quiet", "answers a client that wants neither progress nor logs", EVENT);
pub(super) const CALLER: Rule = Rule::new("event.caller", "answers a call with a verified caller", EVENT);
pub(super) const UNKNOWN: Rule =
    Rule::new("event.unknown", "ignores members of the event that it does not know", EVENT);
pub(super) const LARGE: Rule = Rule::new("event.large", "takes an event of a megabyte, in any script", EVENT);
pub(super) const SCRIPTS: Rule = Rule::new("event.scripts", "takes long texts as arguments, in any script", EVENT);
pub(super) const METHOD: Rule =
    Rule::new("event.method", "refuses a method it does not serve with an error frame", FRAMES);
pub(super) const MISFIT: Rule = Rule::new("event.misfit", "survives arguments that do not fit its schema", SERVES);
pub(super) const DEADLINE: Rule =
    Rule::new("time.deadline", "is done soon after a deadline that has nearly passed", TIME);
