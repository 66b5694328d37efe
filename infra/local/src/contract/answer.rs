//! What is looked at in an answer.

use penstock_json_schema::{Instance, Schema, Unreadable};
use penstock_protocol::manifest::Contract;
use serde_json::Value;

use super::heard::{Fault, Heard, Last};
use super::rule::{ASKS, Check, END, LINES, LOGS, ONE_VALUE, OUTPUT, PROGRESS, RESULT, SAMPLE, STARTS, STREAMS};
use super::shape;
use super::subject::Subject;
use crate::doctor::{count, quote};

/// Judges the answer to the sample call.
pub(super) fn judge(subject: &Subject, heard: &Heard) -> Vec<Check> {
    let is_frames = subject.contract() == Contract::Frames;
    let form = if is_frames { LINES } else { ONE_VALUE };
    let mut checks = Vec::new();
    if let Err(fault) = &heard.ending {
        checks.push(match fault {
            Fault::Start(text) => STARTS.wrong(text),
            Fault::Form(text) => form.wrong(text),
            Fault::End(text) if is_frames => END.wrong(text),
            Fault::End(text) => ONE_VALUE.wrong(text),
        });
        return checks;
    }
    checks.push(STARTS.ok(format!("its first answer was complete {} ms after its start", heard.took.as_millis())));
    checks.push(form.ok(""));
    if is_frames {
        checks.push(END.ok(""));
        checks.extend(frames(heard));
    }
    if let Ok(last) = &heard.ending {
        checks.extend(ending(subject, last));
    }
    checks
}

fn frames(heard: &Heard) -> Vec<Check> {
    let mut checks = Vec::new();
    if heard.progress.is_empty() {
        checks.push(PROGRESS.skipped("it reported none"));
    } else {
        let told = count(heard.progress.len(), "frame");
        checks.push(PROGRESS.judge(grows(&heard.progress).map(|()| told)));
    }
    if !heard.logs.is_empty() {
        let logs = heard.logs.iter().try_for_each(|log| shape::log(log).map_err(|error| with(&error, log)));
        checks.push(LOGS.judge(logs.map(|()| count(heard.logs.len(), "frame"))));
    }
    checks.push(match heard.first {
        Some(first) => {
            let before = heard.took.saturating_sub(first).as_millis();
            STREAMS.ok(format!("the first frame came {before} ms before the end"))
        }
        None => STREAMS.skipped("there was one frame"),
    });
    checks
}

fn grows(frames: &[Value]) -> Result<(), String> {
    let mut before = f64::NEG_INFINITY;
    for frame in frames {
        let progress = shape::progress(frame).map_err(|error| with(&error, frame))?;
        if progress <= before {
            return Err(format!("after {before} came {progress}: such frames are dropped"));
        }
        before = progress;
    }
    Ok(())
}

fn ending(subject: &Subject, last: &Last) -> Vec<Check> {
    let refused = "; if that is due to the sample call, give it other --arguments or another --uri";
    match last {
        Last::Result(result) => {
            let sound = shape::result(subject.method(), result).map_err(|error| with(&error, result));
            let mut checks = Vec::new();
            if result["isError"] == true {
                checks.push(SAMPLE.warning(format!("it failed: {}{refused}", quote(&result["content"].to_string()))));
            } else {
                checks.push(SAMPLE.ok(""));
            }
            checks.push(RESULT.judge(sound.map(|()| String::new())));
            checks.extend(subject.output.as_ref().map(|schema| output(schema, result)));
            checks
        }
        Last::Large(bytes) => {
            vec![SAMPLE.ok(""), RESULT.skipped(format!("a result of {bytes} bytes is not looked at"))]
        }
        Last::Asked(question) => {
            let sound = shape::asked(question).map_err(|error| with(&error, question));
            let text = "it asks the client first; what it does with the answers is not looked at";
            vec![ASKS.judge(sound.map(|()| text.to_owned()))]
        }
        Last::Error(error) => {
            let sound = shape::error(error).map_err(|mistake| with(&mistake, error));
            vec![
                END.judge(sound.map(|()| String::new())),
                SAMPLE.warning(format!("{}{refused}", quote(&error.to_string()))),
            ]
        }
        Last::Threw(told) => vec![SAMPLE.warning(format!("{told}{refused}"))],
    }
}

fn output(schema: &Schema, result: &Value) -> Check {
    if result["isError"] == true {
        return OUTPUT.skipped("a failed tool owes no structured content");
    }
    let Some(content) = result.get("structuredContent") else {
        return OUTPUT.wrong("there is no `structuredContent`");
    };
    match Instance::parse(&content.to_string()) {
        Ok(instance) => match schema.check(&instance) {
            Ok(()) => OUTPUT.ok(""),
            Err(violation) => OUTPUT.wrong(violation.to_string()),
        },
        Err(Unreadable::TooMany) => OUTPUT.skipped("it holds more values than are checked"),
        Err(Unreadable::Ambiguous(text)) => OUTPUT.wrong(text),
    }
}

/// Whether an answer keeps the contract, with what it says if it does not: for calls after the first.
pub(super) fn sound(subject: &Subject, heard: &Heard) -> Result<String, String> {
    let last = heard.ending.as_ref().map_err(|fault| fault.text().to_owned())?;
    if !heard.progress.is_empty() {
        grows(&heard.progress)?;
    }
    match last {
        Last::Result(result) => {
            shape::result(subject.method(), result).map_err(|error| with(&error, result))?;
            Ok(if result["isError"] == true { "with a result that says it failed" } else { "with a result" }.to_owned())
        }
        Last::Large(bytes) => Ok(format!("with {bytes} bytes")),
        Last::Asked(question) => shape::asked(question).map(|()| "with a question".to_owned()),
        Last::Error(error) => shape::error(error).map(|()| format!("with the error {}", quote(&error.to_string()))),
        Last::Threw(told) => Ok(format!("by throwing {told}")),
    }
}

/// What two answers to the same call have in common, whatever the data in them: the kind of the last frame, and the
/// members of the result and of its structured content.
pub(super) fn outline(heard: &Heard) -> Vec<String> {
    let members = |value: &Value| value.as_object().map(|members| members.keys().cloned().collect::<Vec<_>>());
    match &heard.ending {
        Ok(Last::Result(result)) => {
            let content = result.get("structuredContent").and_then(members).unwrap_or_default();
            let failed = format!("isError {}", result["isError"] == true);
            members(result).unwrap_or_default().into_iter().chain(content).chain([failed]).collect()
        }
        Ok(Last::Large(_)) => vec!["much".to_owned()],
        Ok(Last::Asked(_)) => vec!["question".to_owned()],
        Ok(Last::Error(error)) => vec!["error".to_owned(), error["code"].to_string()],
        Ok(Last::Threw(_)) => vec!["exception".to_owned()],
        Err(fault) => vec![fault.text().to_owned()],
    }
}

fn with(mistake: &str, received: &Value) -> String {
    format!("{mistake}; received {}", quote(&received.to_string()))
}
