//! `penstock new`: writes a tool to begin with, and says what comes next.
//!
//! Subcommand: `New(new::NewArgs)`, run by `new::run(args).await`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::outcome::{self, Outcome};
use crate::new::{self, Language, Order, Written};

/// Write a tool that works, to begin with.
#[derive(Debug, clap::Args)]
pub struct NewArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// A folder with manifest, code that streams, a test, and the permissions of its role.
    Tool(ToolArgs),
}

#[derive(Debug, clap::Args)]
struct ToolArgs {
    /// The tool's name: words of a-z and 0-9 with _ or - between them.
    name: String,
    /// What it is written in.
    #[arg(long)]
    lang: Language,
    /// The folder to put the tool's own into. By default `workers`, or `workers/scripts` for what needs no build.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Runs the command.
///
/// Exit code 2: nothing was written, and why is on standard error; 130: interrupted.
pub async fn run(args: NewArgs) -> ExitCode {
    let What::Tool(args) = args.what;
    outcome::exit_code(tool(args, &mut io::stdout())).await
}

async fn tool(args: ToolArgs, out: &mut impl Write) -> anyhow::Result<Outcome> {
    let order = Order { name: args.name, language: args.lang, within: args.dir };
    let written = new::tool(&order).await?;
    show(&order, &written, out)?;
    Ok(Outcome::Done)
}

fn show(order: &Order, written: &Written, out: &mut impl Write) -> io::Result<()> {
    let place = shown(&written.folder, &written.root);
    writeln!(out, "Wrote {place}:")?;
    written.files.iter().try_for_each(|file| writeln!(out, "  {file}"))?;
    let test = match (order.language, &written.package) {
        (Language::Node, _) => format!("(cd {place} && node --test)"),
        (Language::Python, _) => format!("(cd {place} && python3 -m unittest)"),
        (Language::Rust, package) => format!("cargo test -p {}", package.as_deref().unwrap_or_default()),
    };
    let name = &order.name;
    writeln!(out)?;
    if written.lacks_kit {
        writeln!(out, "First:   say in {place}/Cargo.toml where penstock-kit is")?;
    }
    writeln!(out, "Test:    {test}")?;
    // As this command was said.
    let penstock = if std::env::var_os("CARGO").is_some() { "cargo run --" } else { "penstock" };
    writeln!(out, "Run:     {penstock} dev{}   (one that runs already serves it)", catalog(written))?;
    writeln!(out, "Call:    {penstock} call {name} '{{\"name\": \"Ada\"}}'")?;
    writeln!(out, "Permit:  {}/iam.json, if it may use anything of AWS", manifest_folder(written, &place))?;
    // AWS's Python runtimes stream only if the tool's own takes their place.
    let (runtime, own) = match order.language {
        Language::Rust => ("", ""),
        Language::Node => (", runtime: Runtime.NODEJS_24_X, handler: 'index.handler'", ""),
        Language::Python => (
            ", runtime: Runtime.PYTHON_3_15, handler: 'app.handle'",
            ".function?.addEnvironment('AWS_LAMBDA_EXEC_WRAPPER', '/var/task/bootstrap')",
        ),
    };
    let folder = manifest_folder(written, &place);
    writeln!(out, "Deploy:  new McpTool(this, '{name}', {{ gateway, folder: '{folder}'{runtime} }}){own};")?;
    Ok(())
}

fn manifest_folder(written: &Written, place: &str) -> String {
    if written.manifest_folder.is_empty() { place.to_owned() } else { format!("{place}/{}", written.manifest_folder) }
}

/// How the host is told of the folder, unless it looks there by itself.
fn catalog(written: &Written) -> String {
    if written.folder.starts_with(written.root.join("workers")) {
        return String::new();
    }
    let within = written.folder.parent().unwrap_or(&written.folder);
    format!(" --catalog {}", shown(within, &written.root))
}

/// A path as one says it in the workspace.
fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}
