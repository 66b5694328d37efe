//! The calls, one after another: later ones ask whether earlier ones did harm.

use std::time::Duration;

use penstock_protocol::manifest::{Contract, Definition};
use serde_json::{Value, json};

use super::heard::{Heard, Last};
use super::rule::{
    CALLER, COMPLETES, Check, DEADLINE, LARGE, METHOD, MISFIT, QUIET, REUSE, SAME, SCRIPTS, SURVIVES, THROWS, UNKNOWN,
};
use super::worker::Worker;
use super::{OrderError, answer, sample, shape};

/// Text in several scripts, with characters of one to four bytes and one that JSON escapes.
const SCRIPT: &str = "Grüße, \"世界\" 🚰 שלום \\ ";

/// Bytes of the large event.
const LARGE_EVENT: usize = 1024 * 1024;

/// Characters of a long text among the arguments.
const LONG_TEXT: usize = 64 * 1024;

/// How far away the deadline of the last call is.
const SHORT_DEADLINE: Duration = Duration::from_millis(300);

/// How much longer the gateway waits before it answers itself.
const GRACE: Duration = Duration::from_secs(1);

/// Examines a worker. Nothing is asked of one that does not answer the first call.
pub(super) async fn run(worker: &Worker<'_>) -> Result<Vec<Check>, OrderError> {
    let first = worker.call(&worker.subject.event()).await?;
    let mut checks = answer::judge(worker.subject, &first);
    if first.ending.is_err() {
        if let (Some(check), Some(line)) = (checks.last_mut(), worker.last_line()) {
            check.text = format!("{}; it last wrote {}", check.text, crate::doctor::quote(&line));
        }
        checks.push(REUSE.skipped("nothing else was asked"));
        return Ok(checks);
    }
    let suite = Suite { worker, first };
    checks.extend(suite.again().await?);
    if worker.subject.contract() == Contract::Arguments {
        checks.push(UNKNOWN.skipped("it gets the arguments and no event"));
    } else {
        checks.extend(suite.events().await?);
    }
    checks.push(suite.scripts().await?);
    checks.push(suite.misfit().await?);
    if worker.subject.contract() != Contract::Arguments {
        checks.push(suite.deadline().await?);
    }
    checks.push(suite.survives().await?);
    Ok(checks)
}

struct Suite<'a> {
    worker: &'a Worker<'a>,
    first: Heard,
}

impl Suite<'_> {
    fn event(&self, change: impl FnOnce(&mut Value)) -> Value {
        let mut event = self.worker.subject.event();
        change(&mut event);
        event
    }

    async fn call(&self, change: impl FnOnce(&mut Value)) -> Result<Heard, OrderError> {
        self.worker.call(&self.event(change)).await
    }

    fn sound(&self, heard: &Heard) -> Result<String, String> {
        answer::sound(self.worker.subject, heard)
    }

    /// Whether the outcome is that of the first call.
    fn like_the_first(&self, heard: &Heard) -> Result<String, String> {
        self.sound(heard)?;
        let (before, now) = (answer::outline(&self.first), answer::outline(heard));
        if before == now {
            return Ok(String::new());
        }
        Err(format!("the first answer had {}, this one {}", before.join(", "), now.join(", ")))
    }

    async fn again(&self) -> Result<Vec<Check>, OrderError> {
        let mut same = Ok(String::new());
        for _ in 0..2 {
            let heard = self.call(|_| {}).await?;
            same = same.and_then(|_| self.like_the_first(&heard));
        }
        let reuse = match self.worker.launches()? {
            1 => REUSE.ok("three calls"),
            launches => REUSE.wrong(format!("three calls took {launches} processes: it ended by itself")),
        };
        Ok(vec![reuse, SAME.judge(same)])
    }

    async fn events(&self) -> Result<Vec<Check>, OrderError> {
        let quiet = self.call(|event| {
            event["context"]["progress"] = json!(false);
            remove(&mut event["context"], "logLevel");
            remove(&mut event["params"], "_meta");
        });
        let quiet = QUIET.judge(self.like_the_first(&quiet.await?));
        let caller = self.call(|event| {
            event["context"]["caller"] = json!({
                "subject": "5f1d7e84-0a3c-4d5f-9d1f-6d7b8c1f2a3b",
                "issuer": "https://issuer.example",
                "clientId": "client",
                "scopes": ["one", "two"],
                "groups": ["staff"],
                "tenant": "acme",
            });
        });
        let caller = CALLER.judge(self.sound(&caller.await?));
        let unknown = self.call(|event| {
            event["penstock"] = json!({ "since": "some later version" });
            event["context"]["later"] = json!([1, null, { "a": true }]);
            event["context"]["trace"] =
                json!({ "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
        });
        let unknown = UNKNOWN.judge(self.like_the_first(&unknown.await?));
        let text = SCRIPT.repeat(LARGE_EVENT / SCRIPT.len());
        let large = self.call(|event| event["params"]["_meta"]["com.example/text"] = json!(text)).await?;
        let large = LARGE.judge(self.like_the_first(&large));
        let mut checks = vec![quiet, caller, unknown, large];
        if self.worker.subject.contract() == Contract::Frames {
            checks.push(self.method().await?);
        }
        checks.extend(self.completes().await?);
        Ok(checks)
    }

    async fn method(&self) -> Result<Check, OrderError> {
        let heard = self.call(|event| event["method"] = json!("penstock/unknown")).await?;
        Ok(match &heard.ending {
            Ok(Last::Error(error)) => METHOD.judge(shape::error(error).map(|()| String::new())),
            Ok(_) => METHOD.warning("it answered the method penstock/unknown: it does not look at `method`"),
            Err(fault) => METHOD.wrong(fault.text()),
        })
    }

    async fn completes(&self) -> Result<Option<Check>, OrderError> {
        if !self.worker.subject.manifest.completes {
            return Ok(None);
        }
        let Some(params) = self.worker.subject.completion() else {
            return Ok(Some(COMPLETES.skipped("there is nothing to complete")));
        };
        let heard = self.call(|event| {
            event["method"] = json!("completion/complete");
            event["params"] = params;
        });
        Ok(Some(match heard.await?.ending {
            Ok(Last::Result(result)) => {
                COMPLETES.judge(shape::result("completion/complete", &result).map(|()| String::new()))
            }
            Ok(_) => COMPLETES.wrong("it answered with something else than a result"),
            Err(fault) => COMPLETES.wrong(fault.text()),
        }))
    }

    async fn scripts(&self) -> Result<Check, OrderError> {
        let Definition::Tool(tool) = &self.worker.subject.definition else {
            return Ok(SCRIPTS.skipped("it is no tool"));
        };
        let mut event = self.worker.subject.event();
        let text: String = SCRIPT.chars().cycle().take(LONG_TEXT).collect();
        let arguments = event["params"]["arguments"].as_object_mut();
        if !arguments.is_some_and(|arguments| sample::replace_texts(&tool.input_schema, arguments, &text)) {
            return Ok(SCRIPTS.skipped("the sample call has no argument that takes any text"));
        }
        let heard = self.worker.call(&event).await?;
        Ok(SCRIPTS.judge(self.sound(&heard)))
    }

    /// The gateway checks arguments first, so this happens only where a schema allows more than its worker.
    async fn misfit(&self) -> Result<Check, OrderError> {
        let rule = if self.worker.subject.contract() == Contract::Frames { MISFIT } else { THROWS };
        if !matches!(self.worker.subject.definition, Definition::Tool(_)) {
            return Ok(rule.skipped("it has no schema"));
        }
        let launches = self.worker.launches()?;
        let heard = self.call(|event| event["params"]["arguments"] = json!({ "penstock": [null, -1] })).await?;
        let survived = self.call(|_| {}).await?;
        if self.worker.launches()? > launches {
            return Ok(rule.wrong("its process ended"));
        }
        Ok(match (self.sound(&heard), self.like_the_first(&survived)) {
            (Ok(how), Ok(_)) => rule.ok(format!("it answered {how}")),
            (Err(mistake), _) => rule.wrong(mistake),
            (_, Err(mistake)) => rule.wrong(format!("the next call: {mistake}")),
        })
    }

    async fn deadline(&self) -> Result<Check, OrderError> {
        let deadline = super::subject::deadline_ms(SHORT_DEADLINE);
        let heard = self.call(|event| event["context"]["deadlineMs"] = json!(deadline)).await?;
        let took = heard.took.as_millis();
        Ok(match self.sound(&heard) {
            Ok(how) if heard.took <= SHORT_DEADLINE + GRACE => DEADLINE.ok(format!("it ended {how} after {took} ms")),
            Ok(_) => DEADLINE.warning(format!(
                "it went on for {took} ms; the gateway gives up {} ms after the call and answers by itself",
                (SHORT_DEADLINE + GRACE).as_millis()
            )),
            Err(mistake) => DEADLINE.warning(mistake),
        })
    }

    async fn survives(&self) -> Result<Check, OrderError> {
        let heard = self.call(|_| {}).await?;
        Ok(match (self.like_the_first(&heard), self.worker.launches()?) {
            (Ok(_), 1) => SURVIVES.ok("one process answered every call"),
            (Ok(_), launches) => SURVIVES.wrong(format!("it took {launches} processes")),
            (Err(mistake), _) => SURVIVES.wrong(mistake),
        })
    }
}

fn remove(value: &mut Value, member: &str) {
    if let Some(members) = value.as_object_mut() {
        members.remove(member);
    }
}
