//! `penstock policy`: what policies say, without a gateway.
//!
//! Subcommand: `Policy(policy::PolicyArgs)`, run by `policy::run(&args)`.

mod entries;
mod request;

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use penstock_policy::{Decision, Input, Model, Policies, Question};

use entries::Entries;
use request::Request;

/// A policy, or the lack of one, or a scope forbids it.
const DENIED: u8 = 1;

/// There is no answer.
const UNUSABLE: u8 = 2;

/// Longest request, in bytes.
const MAX_REQUEST: u64 = 4 * 1024 * 1024;

/// Check authorization policies and ask them.
#[derive(Debug, clap::Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, clap::Subcommand)]
enum PolicyCommand {
    /// Check policies against a catalog and, with a request, say what they decide.
    Check(CheckArgs),
    /// Print the Cedar schema of a catalog.
    Schema(CatalogArgs),
}

#[derive(Debug, clap::Args)]
struct CatalogArgs {
    /// The folder of catalog entries, or of workers.
    #[arg(long, value_name = "DIR")]
    catalog: PathBuf,
}

#[derive(Debug, clap::Args)]
struct CheckArgs {
    #[command(flatten)]
    catalog: CatalogArgs,
    /// The folder of policies: *.cedar.
    #[arg(long, value_name = "DIR")]
    policies: PathBuf,
    /// The request to decide: a file with a JSON object, or - for standard input. Without, only the policies are
    /// checked.
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
}

/// Runs the command.
///
/// Exit code 0: the policies are sound and the request is allowed; 1: it is denied; 2: the command, the policies or the
/// request is wrong.
pub fn run(args: &PolicyArgs) -> ExitCode {
    let done = match &args.command {
        PolicyCommand::Check(args) => check(args, &mut io::stdout()),
        PolicyCommand::Schema(args) => schema(args, &mut io::stdout()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(DENIED),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(UNUSABLE)
        }
    }
}

fn schema(args: &CatalogArgs, out: &mut impl Write) -> anyhow::Result<bool> {
    let model = Entries::read(&args.catalog)?.model()?;
    out.write_all(model.schema().as_bytes())?;
    Ok(true)
}

/// Whether it is allowed.
fn check(args: &CheckArgs, out: &mut impl Write) -> anyhow::Result<bool> {
    let entries = Entries::read(&args.catalog.catalog)?;
    let policies = load(&args.policies, entries.model()?)?;
    for warning in policies.warnings() {
        eprintln!("warning: {warning}");
    }
    let Some(file) = &args.request else {
        writeln!(out, "{} policies are sound", policies.count())?;
        return Ok(true);
    };
    let request = Request::parse(&read(file)?).with_context(|| format!("the request in {}", file.display()))?;
    let action = request.method;
    let entry = entries.find(&request).context("the catalog has no such entry")?;
    let (caller, kind, name) = (&request.caller, entry.entry.kind(), entry.entry.name());
    let missing: Vec<_> = entry.scopes.iter().filter(|scope| !caller.scopes.contains(scope)).cloned().collect();
    let variables = request.texts();
    let input = match (&request.uri, &variables) {
        (Some(uri), Some(variables)) => Input::Uri(uri, variables),
        (Some(_), None) => anyhow::bail!("with a `uri`, `arguments` are the template's variables: strings"),
        (None, _) => Input::Json(request.arguments.get()),
    };
    let question = Question { caller, action, kind, name, input, now: request.time() };
    let decision = policies.decide(&question);
    let seen = policies.decide(&Question { input: Input::Any, ..question });
    show(out, &missing, &decision, missing.is_empty() && seen.allowed)?;
    Ok(missing.is_empty() && decision.allowed)
}

fn load(folder: &Path, model: Model) -> anyhow::Result<Policies> {
    let policies = Policies::load(folder, Arc::new(model));
    policies.map_err(|error| anyhow::anyhow!("the policies are wrong:\n  {}", error.mistakes().join("\n  ")))
}

fn read(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        io::stdin().take(MAX_REQUEST).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(MAX_REQUEST).read_to_string(&mut text))
    };
    read.with_context(|| file.display().to_string())?;
    Ok(text)
}

fn show(out: &mut impl Write, missing: &[String], decision: &Decision, listed: bool) -> io::Result<()> {
    let allowed = missing.is_empty() && decision.allowed;
    writeln!(out, "decision: {}", if allowed { "allow" } else { "deny" })?;
    if !missing.is_empty() {
        writeln!(out, "missing scopes: {}", missing.join(" "))?;
    }
    let none = if decision.allowed { "" } else { "none permits it" };
    let policies = if decision.policies.is_empty() { none.to_owned() } else { decision.policies.join(", ") };
    writeln!(out, "policies: {policies}")?;
    if let Some(reason) = &decision.reason {
        writeln!(out, "reason: {reason}")?;
    }
    writeln!(out, "listed: {}", if listed { "yes" } else { "no" })
}
