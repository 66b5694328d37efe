//! `long_operation`: a call that takes a while and says so at every step.

use std::ops::RangeInclusive;
use std::time::Duration;

use penstock_kit::{Call, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

const STEPS: RangeInclusive<u64> = 1..=1000;
const STEP_MS: RangeInclusive<u64> = 0..=60_000;

/// The tool.
pub(crate) struct LongOperation;

/// What `long_operation` takes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// How many steps to take.
    #[schemars(range(min = *STEPS.start(), max = *STEPS.end()))]
    steps: u64,
    /// How long a step takes, in milliseconds.
    #[serde(default = "default_step_ms")]
    #[schemars(range(min = *STEP_MS.start(), max = *STEP_MS.end()))]
    step_ms: u64,
}

const fn default_step_ms() -> u64 {
    300
}

/// What `long_operation` answers.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    /// How many steps were taken.
    steps: u64,
    /// How long all of them took, in milliseconds.
    elapsed_ms: u128,
    /// When each step was done.
    timeline: Vec<Step>,
}

/// One step, by the worker's own clock.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Step {
    /// Its number, from 1.
    step: u64,
    /// When it was done, in milliseconds since the call began.
    at_ms: u128,
}

impl Tool for LongOperation {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, Arguments { steps, step_ms }: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
        within("steps", steps, &STEPS)?;
        within("step_ms", step_ms, &STEP_MS)?;
        let start = Instant::now();
        let mut timeline = Vec::new();
        for step in 1..=steps {
            sleep(Duration::from_millis(step_ms)).await;
            let at_ms = start.elapsed().as_millis();
            timeline.push(Step { step, at_ms });
            let message = format!("step {step} of {steps} done after {at_ms} ms");
            call.progress(step, Some(steps), message).await;
        }
        let reply = Reply::from(Output { steps, elapsed_ms: start.elapsed().as_millis(), timeline });
        Ok(reply)
    }
}

fn within(name: &str, value: u64, range: &RangeInclusive<u64>) -> Result<(), ToolError> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(ToolError::failed(format!("`{name}` is {value}; use {} to {}", range.start(), range.end())))
}

#[cfg(test)]
mod tests;
