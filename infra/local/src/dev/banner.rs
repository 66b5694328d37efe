use std::io::{self, Write};
use std::path::Path;

use penstock_protocol::manifest::{Definition, Kind};

use super::auth::Auth;
use crate::catalog::Tool;

/// What a newcomer needs to know once everything runs.
#[derive(Debug)]
pub(super) struct Banner<'a> {
    pub(super) url: &'a str,
    pub(super) invoke_url: &'a str,
    pub(super) store_url: &'a str,
    pub(super) catalog: &'a Path,
    pub(super) tools: &'a [Tool],
    pub(super) sample_account: bool,
    pub(super) auth: Option<&'a Auth>,
}

impl Banner<'_> {
    /// Prints to stdout. The first three lines are for programs too and stay as they are.
    pub(super) fn print(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "MCP endpoint: {}", self.url)?;
        writeln!(out, "Lambda endpoint: {}", self.invoke_url)?;
        writeln!(out, "Store endpoint: {}", self.store_url)?;
        writeln!(out, "Catalog: {}", self.catalog.display())?;
        match self.auth {
            Some(auth) => {
                writeln!(out, "Authentication: OAuth; sign in as alice or bob, without a password")?;
                writeln!(out, "Identity provider: {}", auth.issuer())?;
            }
            None => writeln!(out, "Authentication: none, this machine only")?,
        }
        if self.sample_account {
            writeln!(out, "Cost data: sample account, not real data (`dev --aws` uses your AWS credentials)")?;
        } else {
            writeln!(out, "Cost data: your AWS account; Cost Explorer charges 0.01 USD a request")?;
        }
        self.tools(&mut out)?;
        self.clients(&mut out)?;
        out.flush()
    }

    fn tools(&self, out: &mut impl Write) -> io::Result<()> {
        self.list(out, "Tools", &[Kind::Tool])?;
        self.list(out, "Prompts", &[Kind::Prompt])?;
        self.list(out, "Resources", &[Kind::Resource, Kind::ResourceTemplate])?;
        self.list(out, "Libraries", &[Kind::PromptLibrary, Kind::ResourceLibrary])
    }

    /// A line for each of `kinds`, under a title; nothing if there are none.
    fn list(&self, out: &mut impl Write, title: &str, kinds: &[Kind]) -> io::Result<()> {
        let listed: Vec<_> = self.tools.iter().filter(|tool| kinds.contains(&tool.manifest.kind)).collect();
        if listed.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{title}:")?;
        let width = listed.iter().map(|tool| shown(&tool.definition).len()).max().unwrap_or_default();
        for tool in listed {
            let sentence = first_sentence(tool.definition.description().unwrap_or_default());
            writeln!(out, "  {:width$}  {sentence}{}", shown(&tool.definition), self.needs(tool))?;
        }
        Ok(())
    }

    /// What a tool cannot do without and this host cannot give it, by its tags.
    fn needs(&self, tool: &Tool) -> &'static str {
        let is = |tag: &str| tool.manifest.tags.iter().any(|other| other == tag);
        match (is("internet"), is("aws") && self.sample_account) {
            (_, true) => " (needs an AWS account: dev --aws)",
            (true, false) => " (needs the internet)",
            (false, false) => "",
        }
    }

    fn clients(&self, out: &mut impl Write) -> io::Result<()> {
        let url = self.url;
        writeln!(out, "\nConnect a client:")?;
        writeln!(out, "  Claude Code    claude mcp add --transport http penstock {url}")?;
        writeln!(
            out,
            r#"  VS Code        .vscode/mcp.json  {{"servers": {{"penstock": {{"type": "http", "url": "{url}"}}}}}}"#
        )?;
        writeln!(out, r#"  Cursor         .cursor/mcp.json  {{"mcpServers": {{"penstock": {{"url": "{url}"}}}}}}"#)?;
        writeln!(out, "  MCP Inspector  npx @modelcontextprotocol/inspector --transport http --server-url {url}")?;
        let flag = self.flag();
        if self.auth.is_some() {
            writeln!(out, "Each opens a browser to sign in. The URL is this one and no other spelling of it.")?;
            writeln!(out, "\nA token for tests:  cargo run -- token --user alice{flag}")?;
            writeln!(out, "Or from here:       cargo run -- tools --token \"$(cargo run -q -- token{flag})\"{flag}")?;
        } else {
            let call = r#"call long_operation '{"steps":5,"step_ms":300}'"#;
            writeln!(out, "\nOr from here:    cargo run -- {call}{flag}")?;
        }
        writeln!(out, "New and changed workers are served at once. Ctrl-C stops everything.")
    }

    /// The flag the example needs if the endpoint is not the default one.
    fn flag(&self) -> String {
        if self.url == "http://127.0.0.1:3000/mcp" { String::new() } else { format!(" --url {}", self.url) }
    }
}

/// What a client asks for it by.
fn shown(definition: &Definition) -> &str {
    match definition {
        Definition::Tool(_) | Definition::Prompt(_) | Definition::PromptLibrary(_) | Definition::ResourceLibrary(_) => {
            definition.name()
        }
        Definition::Resource(resource) => &resource.uri,
        Definition::ResourceTemplate(template) => &template.uri_template,
    }
}

/// Descriptions are written for models, who read on.
fn first_sentence(description: &str) -> &str {
    let line = description.lines().next().unwrap_or_default();
    line.find(". ").map_or(line, |end| &line[..=end])
}
