//! `penstock call`: calls a tool and shows what arrives, when it arrives.
//!
//! Subcommand: `Call(call::CallArgs)`, run by `call::run(args).await`.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use penstock_protocol::RawValue;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::outcome::{self, Outcome};
use crate::client::{Client, Log, Message, Progress, Request, Target};

/// Call a tool and print each event as it arrives.
#[derive(Debug, clap::Args)]
pub struct CallArgs {
    /// The tool's name.
    tool: String,
    /// The tool's arguments, a JSON object.
    #[arg(default_value = "{}", value_name = "JSON")]
    arguments: String,
    #[command(flatten)]
    target: Target,
}

/// The members of a `CallToolResult` that are shown.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CallResult {
    #[serde(default)]
    content: Vec<Value>,
    structured_content: Option<Value>,
    #[serde(default)]
    is_error: bool,
    result_type: Option<String>,
}

/// Runs the command. Ctrl-C closes the stream, which cancels the call.
///
/// Exit code 1: the tool failed or the gateway refused the call; 2: the command is wrong or the gateway
/// out of reach; 130: interrupted.
pub async fn run(args: CallArgs) -> ExitCode {
    outcome::exit_code(call(&args, &mut io::stdout())).await
}

async fn call(args: &CallArgs, out: &mut impl Write) -> anyhow::Result<Outcome> {
    let arguments = parse(&args.arguments)?;
    let client = Client::new(&args.target)?;
    let start = Instant::now();
    let mut answer = client.send(&Request::call(&args.tool, arguments)).await?;
    while let Some(message) = answer.next().await? {
        let at = start.elapsed().as_secs_f64();
        match message {
            Message::Progress(Progress { done, total, message }) => {
                let total = total.map(|total| format!("/{total}")).unwrap_or_default();
                writeln!(out, "+{at:.3}s  progress {done}{total}  {}", message.unwrap_or_default())?;
            }
            Message::Log(Log { level, data }) => {
                let text = data.as_str().map_or_else(|| data.to_string(), ToOwned::to_owned);
                writeln!(out, "+{at:.3}s  {level}  {text}")?;
            }
            Message::Response(Ok(result)) => {
                let result = CallResult::deserialize(result).context("the result is not one of a tool call")?;
                writeln!(out, "+{at:.3}s  {}", if result.is_error { "failed" } else { "done" })?;
                return show(&result, out);
            }
            Message::Response(Err(error)) => return Ok(Outcome::Refused(error)),
        }
    }
    Ok(Outcome::Failed)
}

/// The arguments as they are spelled, if they are an object.
fn parse(text: &str) -> anyhow::Result<Box<RawValue>> {
    let raw: Box<RawValue> = serde_json::from_str(text)
        .context("the arguments are not JSON; write them as in '{\"steps\": 5}', quotes included")?;
    serde_json::from_str::<Map<String, Value>>(raw.get()).context("the arguments are not a JSON object")?;
    Ok(raw)
}

fn show(result: &CallResult, out: &mut impl Write) -> anyhow::Result<Outcome> {
    if result.result_type.as_deref() == Some("input_required") {
        anyhow::bail!("the tool asks back for input, which this command cannot give; use a full MCP client");
    }
    let mut has_text = false;
    for block in &result.content {
        if let Some(text) = block["text"].as_str() {
            has_text = true;
            writeln!(out, "{text}")?;
        } else {
            let kind = block["type"].as_str().unwrap_or("unknown content");
            let about = block["mimeType"].as_str().or_else(|| block["uri"].as_str()).unwrap_or_default();
            writeln!(out, "[{kind} {about}]")?;
        }
    }
    if let (false, Some(structured)) = (has_text, &result.structured_content) {
        writeln!(out, "{structured:#}")?;
    }
    Ok(if result.is_error { Outcome::Failed } else { Outcome::Done })
}
