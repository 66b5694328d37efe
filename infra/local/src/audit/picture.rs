//! What is deployed, or would be: the same whether templates say it or an account.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::statement::Statement;

/// The tag that enrols a function: its value is the gateway's name.
pub(super) const GATEWAY_TAG: &str = "penstock:gateway";

/// Everything that decides who may do what.
#[derive(Debug, Default)]
pub(super) struct Picture {
    pub(super) functions: Vec<Function>,
    pub(super) identities: Vec<Identity>,
    pub(super) entries: Vec<Entry>,
    /// What the ARNs of all functions begin with that were looked for; nothing, if not all were.
    pub(super) searched: Option<String>,
    /// What is there and could not be understood.
    pub(super) unread: Vec<String>,
    /// What is there and was not looked at, for a reason.
    pub(super) notices: Vec<String>,
}

/// What a function is to a gateway.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Part {
    /// It serves MCP.
    Gateway,
    /// The OAuth front.
    Front,
    /// It serves a tool, prompts or resources.
    #[default]
    Tool,
}

/// A function of a gateway.
#[derive(Debug, Clone, Default)]
pub(super) struct Function {
    /// Without a version.
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) part: Part,
    /// The gateway's name.
    pub(super) gateway: String,
    pub(super) tags: BTreeMap<String, String>,
    /// The ARN of its role.
    pub(super) role: String,
    /// Who else may do something with it, by its own policy and those of its versions and aliases.
    pub(super) policy: Vec<Statement>,
    pub(super) urls: Vec<Url>,
    /// What runs it by itself: the ARNs of queues and streams.
    pub(super) sources: Vec<String>,
    /// `PENSTOCK_CATALOG`, of a gateway's own function.
    pub(super) catalog: Option<String>,
    /// Whether it is told the origin secret, without which it answers nobody.
    pub(super) guarded: bool,
    /// The versions that are published, as entries name them.
    pub(super) versions: Vec<String>,
    /// The versions that the alias `live` stands for; none if there is no such alias.
    pub(super) live: Vec<String>,
}

impl Function {
    /// The role of the gateway's function, as every deployment calls it; others know it by that name alone.
    pub(super) fn gateway_role(&self) -> String {
        let [_, partition, _, region, account, _] = split_arn(&self.arn);
        format!("arn:{partition}:iam::{account}:role/{}-gateway-{region}", self.gateway)
    }

    /// The last part of the name of its catalog entry.
    pub(super) fn slug(&self) -> &str {
        self.name.strip_prefix(&self.gateway).and_then(|rest| rest.strip_prefix('-')).unwrap_or(&self.name)
    }

    fn find_part(&mut self, gateways: &BTreeSet<String>, entries: &[(String, Option<String>)]) {
        let served = self.catalog.as_deref().and_then(gateway_of).map(ToOwned::to_owned);
        let own = |end: &str| self.name.strip_suffix(end).filter(|gateway| gateways.contains(*gateway));
        let named = entries.iter().find(|(_, function)| function.as_deref().is_some_and(|arn| self.is_at(arn)));
        (self.part, self.gateway) = if let Some(gateway) = served.or_else(|| own("-gateway").map(ToOwned::to_owned)) {
            (Part::Gateway, gateway)
        } else if let Some(gateway) = own("-oauth") {
            (Part::Front, gateway.to_owned())
        } else {
            let tag = self.tags.get(GATEWAY_TAG).cloned();
            (Part::Tool, tag.or_else(|| named.map(|(gateway, _)| gateway.clone())).unwrap_or_default())
        };
    }

    /// Whether an ARN is the function's own, with or without a version.
    pub(super) fn is_at(&self, arn: &str) -> bool {
        arn.strip_prefix(self.arn.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    }
}

/// The first six parts of an ARN; those it does not have are empty.
pub(super) fn split_arn(arn: &str) -> [String; 6] {
    let mut parts: [String; 6] = Default::default();
    let (mut at, mut depth) = (0, 0_u32);
    for character in arn.chars() {
        match character {
            '{' | '<' => depth += 1,
            '}' | '>' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && at < 5 => {
                at += 1;
                continue;
            }
            _ => {}
        }
        parts[at].push(character);
    }
    parts
}

/// A function URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    /// The alias it leads to; empty for the function itself.
    pub(super) qualifier: String,
    /// `NONE` or `AWS_IAM`.
    pub(super) auth: String,
}

/// A role, user or group, and what it may do.
#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    pub(super) arn: String,
    /// What policies are attached by.
    pub(super) name: String,
    pub(super) statements: Vec<Statement>,
    /// The ARNs of managed policies.
    pub(super) managed: Vec<String>,
    /// The managed policies whose statements nobody could read.
    pub(super) unread: Vec<String>,
    /// Who may become it, of a role.
    pub(super) trust: Vec<Statement>,
    /// Why its statements hold wildcards.
    pub(super) reasons: Vec<Reason>,
}

/// Why a resource with a wildcard is allowed, and to which actions.
#[derive(Debug, Clone)]
pub(super) struct Reason {
    pub(super) resource: String,
    pub(super) actions: Vec<String>,
    pub(super) text: String,
}

/// An entry of a gateway's catalog.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The parameter's name.
    pub(super) parameter: String,
    /// The region and account it is in.
    pub(super) place: String,
    pub(super) gateway: String,
    pub(super) slug: String,
    /// The manifest, as it stands there.
    pub(super) value: String,
}

impl Entry {
    /// The function it names.
    pub(super) fn function(&self) -> Option<String> {
        let value: Value = serde_json::from_str(&self.value).ok()?;
        Some(value.get("function")?.as_str()?.to_owned())
    }
}

/// The gateway and the last part of a parameter's name, if it is that of a catalog entry.
pub(super) fn entry_name(parameter: &str) -> Option<(&str, &str)> {
    let (gateway, rest) = parameter.strip_prefix("/penstock/")?.split_once('/')?;
    let slug = rest.strip_prefix("tools/")?;
    (!slug.contains('/')).then_some((gateway, slug))
}

impl Picture {
    /// Finds out what each function is to which gateway, and forgets what is no part of any, or not of `only`.
    pub(super) fn assign(&mut self, only: Option<&str>) {
        self.entries.retain(|entry| only.is_none_or(|only| entry.gateway == only));
        let entries: Vec<(String, Option<String>)> =
            self.entries.iter().map(|entry| (entry.gateway.clone(), entry.function())).collect();
        let tagged = self.functions.iter().filter_map(|function| function.tags.get(GATEWAY_TAG).cloned());
        let serving = self.functions.iter().filter_map(|function| function.catalog.as_deref().and_then(gateway_of));
        let named = entries.iter().map(|(gateway, _)| gateway.clone());
        let mut gateways: BTreeSet<String> =
            tagged.chain(serving.map(ToOwned::to_owned)).chain(named).chain(only.map(ToOwned::to_owned)).collect();
        gateways.retain(|gateway| only.is_none_or(|only| gateway == only));
        for function in &mut self.functions {
            function.find_part(&gateways, &entries);
        }
        for function in self.functions.iter().filter(|function| function.gateway.is_empty()) {
            if gateways.iter().any(|gateway| function.name.starts_with(&format!("{gateway}-"))) {
                let text =
                    format!("{} has a gateway's prefix and not its tag: the gateway may not call it", function.name);
                self.notices.push(text);
            }
        }
        self.functions.retain(|function| gateways.contains(&function.gateway));
        self.functions.sort_by(|left, right| (left.part, &left.arn).cmp(&(right.part, &right.arn)));
        self.entries.sort_by(|left, right| left.parameter.cmp(&right.parameter));
    }

    /// The role of a function.
    pub(super) fn role(&self, function: &Function) -> Option<&Identity> {
        self.identities.iter().find(|identity| identity.arn == function.role)
    }
}

/// The gateway whose catalog is at a place as `PENSTOCK_CATALOG` names it.
fn gateway_of(catalog: &str) -> Option<&str> {
    catalog.strip_prefix("ssm:/penstock/")?.strip_suffix("/tools")
}
