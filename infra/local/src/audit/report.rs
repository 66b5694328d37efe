//! What an audit found, for people and machines.

use std::io::{self, Write};

use serde::Serialize;

use super::finding::Finding;
use super::picture::{Entry, Function, Part, Picture};
use super::rules::{self, Invoker};
use super::statement::{Statement, spelled};

/// Who may do what, and what is wrong with it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    functions: Vec<Audited>,
    elsewhere: Vec<Named>,
    administrators: Vec<String>,
    notices: Vec<String>,
    /// What is wrong, in order of what it is wrong with.
    pub findings: Vec<Finding>,
}

/// A function of a gateway.
#[derive(Debug, Serialize)]
struct Audited {
    name: String,
    gateway: String,
    part: Part,
    arn: String,
    may: Vec<Allowed>,
    managed: Vec<String>,
    invokers: Vec<Invoker>,
    entries: Vec<Named>,
}

/// A statement of a role, with the reasons for its wildcards.
#[derive(Debug, Serialize)]
struct Allowed {
    #[serde(flatten)]
    statement: Statement,
    reasons: Vec<String>,
}

/// A catalog entry.
#[derive(Debug, Serialize)]
struct Named {
    parameter: String,
    function: Option<String>,
    scopes: Vec<String>,
}

impl Report {
    pub(super) fn of(picture: &Picture, allowed: &[String], findings: Vec<Finding>) -> Self {
        let is_known = |entry: &&Entry| {
            let function = entry.function();
            picture.functions.iter().any(|known| function.as_deref().is_some_and(|arn| known.is_at(arn)))
        };
        Self {
            functions: picture.functions.iter().map(|function| audited(picture, function, allowed)).collect(),
            elsewhere: picture.entries.iter().filter(|entry| !is_known(entry)).map(named).collect(),
            administrators: rules::administrators(picture).into_iter().map(ToOwned::to_owned).collect(),
            notices: picture.notices.clone(),
            findings,
        }
    }

    /// Whether anything is wrong.
    pub fn is_wrong(&self) -> bool {
        !self.findings.is_empty()
    }

    /// For people: each function with what it may do and who may invoke it, then what is wrong.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        self.functions.iter().try_for_each(|function| function.write_text(out))?;
        for entry in &self.elsewhere {
            let function = entry.function.as_deref().unwrap_or("nothing");
            writeln!(out, "{}\n  names {function}, which is not to be seen here\n", entry.parameter)?;
        }
        if !self.administrators.is_empty() {
            writeln!(out, "may do everything, and so invoke every function")?;
            self.administrators.iter().try_for_each(|arn| writeln!(out, "  {arn}"))?;
            writeln!(out)?;
        }
        self.notices.iter().try_for_each(|notice| writeln!(out, "not looked at: {notice}"))?;
        for finding in &self.findings {
            let subject = if finding.subject.is_empty() { "templates" } else { &finding.subject };
            writeln!(out, "WRONG  {subject}: {} [{}]", finding.text, finding.check)?;
            writeln!(out, "       what to do: {}", finding.mend)?;
        }
        writeln!(out, "{} functions, {} findings", self.functions.len(), self.findings.len())
    }

    /// For machines: one JSON object.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }
}

impl Audited {
    fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        let part = match self.part {
            Part::Tool => "tool of",
            Part::Gateway => "gateway",
            Part::Front => "OAuth front of",
        };
        writeln!(out, "{} ({part} {})\n  may", self.name, self.gateway)?;
        for allowed in &self.may {
            writeln!(out, "    {}", allowed.statement)?;
            allowed.reasons.iter().try_for_each(|reason| writeln!(out, "      wildcard: {reason}"))?;
        }
        self.managed.iter().try_for_each(|arn| writeln!(out, "    whatever {arn} says"))?;
        writeln!(out, "  may be invoked by")?;
        for invoker in &self.invokers {
            let on =
                invoker.condition.as_ref().map(|condition| format!(", if {}", spelled(condition))).unwrap_or_default();
            writeln!(out, "    {} by {}{on}", invoker.who, invoker.by)?;
        }
        for entry in &self.entries {
            let scopes = if entry.scopes.is_empty() { "none".to_owned() } else { entry.scopes.join(", ") };
            let function = entry.function.as_deref().unwrap_or_default();
            writeln!(out, "  entry\n    {} names {function}; scopes: {scopes}", entry.parameter)?;
        }
        writeln!(out)
    }
}

fn audited(picture: &Picture, function: &Function, allowed: &[String]) -> Audited {
    let role = picture.role(function);
    let may = role.into_iter().flat_map(|role| {
        role.statements
            .iter()
            .map(|statement| Allowed { reasons: reasons(role, statement), statement: statement.clone() })
    });
    let entries = picture.entries.iter().filter(|entry| entry.function().is_some_and(|arn| function.is_at(&arn)));
    Audited {
        name: function.name.clone(),
        gateway: function.gateway.clone(),
        part: function.part,
        arn: function.arn.clone(),
        may: may.collect(),
        managed: role.map(|role| role.managed.clone()).unwrap_or_default(),
        invokers: rules::invokers(picture, function, allowed),
        entries: entries.map(named).collect(),
    }
}

fn reasons(role: &super::picture::Identity, statement: &Statement) -> Vec<String> {
    let each =
        statement.resources.iter().flat_map(|resource| statement.actions.iter().map(move |action| (action, resource)));
    let mut reasons: Vec<String> =
        each.filter_map(|(action, resource)| rules::reason(role, action, resource)).map(ToOwned::to_owned).collect();
    reasons.dedup();
    reasons
}

fn named(entry: &Entry) -> Named {
    let value: serde_json::Value = serde_json::from_str(&entry.value).unwrap_or_default();
    let scopes = value["scopes"].as_array().into_iter().flatten().filter_map(|scope| scope.as_str());
    Named {
        parameter: entry.parameter.clone(),
        function: entry.function(),
        scopes: scopes.map(ToOwned::to_owned).collect(),
    }
}
