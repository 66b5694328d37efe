//! The process that invokes functions directly.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_e2e::requests;
use serde_json::{Value, json};

use crate::gateway::aws;
use crate::load::Samples;
use crate::process::Process;
use crate::programs::Programs;

/// A running `direct-invoker`.
#[derive(Debug)]
pub(crate) struct Direct {
    pub(crate) process: Process,
}

impl Direct {
    /// Starts one that sends the event a gateway would send for a call of `tool`.
    pub(crate) fn start(programs: &Programs, lambda: &str, tool: &str, arguments: &Value) -> anyhow::Result<Self> {
        let args = [event(tool, arguments)?.into()];
        let process = Process::start(&programs.floor("direct-invoker"), &args, &aws(lambda))?;
        Ok(Self { process })
    }

    /// Calls `function` for `time`; answers whole calls, and the times to their first frames.
    pub(crate) async fn run(
        &mut self,
        function: &str,
        concurrency: usize,
        time: Duration,
    ) -> anyhow::Result<(Samples, Vec<f64>)> {
        self.process.tell(&format!("{function} {concurrency} {}", time.as_millis())).await?;
        let run = self.process.says("").await?;
        let run: Value = serde_json::from_str(&run)?;
        let calls: Vec<[f64; 2]> = serde_json::from_value(run["calls"].clone())?;
        let elapsed = run["elapsed"].as_f64().unwrap_or_default();
        let latencies = calls.iter().map(|[_, last]| *last).collect();
        Ok((Samples { elapsed, latencies }, calls.iter().map(|[first, _]| *first).collect()))
    }
}

/// The gateway's event, for a call that may take an hour.
fn event(tool: &str, arguments: &Value) -> anyhow::Result<String> {
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH)? + Duration::from_hours(1);
    let event = json!({
        "method": "tools/call",
        "params": requests::call(1, tool, arguments)["params"],
        "context": {
            "requestId": 1,
            "deadlineMs": u64::try_from(deadline.as_millis())?,
            "protocolVersion": requests::REVISION,
            "progress": true,
            "clientCapabilities": {},
        },
    });
    Ok(event.to_string())
}
