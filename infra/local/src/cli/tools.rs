//! `penstock tools`: lists the tools of a gateway.
//!
//! Subcommand: `Tools(tools::ToolsArgs)`, run by `tools::run(args).await`.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Deserialize;

use super::outcome::{self, Outcome};
use crate::client::{Client, Message, Request, Target};

/// Pages of a list before it is taken to be endless.
const MAX_PAGES: usize = 100;

/// List the tools a gateway serves.
#[derive(Debug, clap::Args)]
pub struct ToolsArgs {
    #[command(flatten)]
    target: Target,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    tools: Vec<ListedTool>,
    next_cursor: Option<String>,
}

/// The members of an MCP `Tool` that are shown.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedTool {
    name: String,
    title: Option<String>,
    description: Option<String>,
    #[serde(default)]
    input_schema: InputSchema,
}

#[derive(Default, Deserialize)]
struct InputSchema {
    #[serde(default)]
    required: Vec<String>,
}

/// Runs the command.
///
/// Exit code 1: the gateway refused; 2: it is out of reach; 130: interrupted.
pub async fn run(args: ToolsArgs) -> ExitCode {
    outcome::exit_code(list(&args, &mut io::stdout())).await
}

async fn list(args: &ToolsArgs, out: &mut impl Write) -> anyhow::Result<Outcome> {
    let client = Client::new(&args.target)?;
    let mut cursor = None;
    for _ in 0..MAX_PAGES {
        let mut answer = client.send(&Request::list(cursor.take())).await?;
        let mut page = None;
        while let Some(message) = answer.next().await? {
            match message {
                Message::Response(Ok(result)) => page = Some(result),
                Message::Response(Err(error)) => return Ok(Outcome::Refused(error)),
                Message::Progress(_) | Message::Log(_) => {}
            }
        }
        let page = Page::deserialize(page.unwrap_or_default()).context("the result is not a list of tools")?;
        page.tools.iter().try_for_each(|tool| tool.show(out))?;
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(Outcome::Done);
        }
    }
    anyhow::bail!("the list has more than {MAX_PAGES} pages")
}

impl ListedTool {
    fn show(&self, out: &mut impl Write) -> io::Result<()> {
        match &self.title {
            Some(title) => writeln!(out, "{}  ({title})", self.name)?,
            None => writeln!(out, "{}", self.name)?,
        }
        if let Some(line) = self.description.as_deref().and_then(|description| description.lines().next()) {
            writeln!(out, "    {line}")?;
        }
        if self.input_schema.required.is_empty() {
            return Ok(());
        }
        writeln!(out, "    required: {}", self.input_schema.required.join(", "))
    }
}
