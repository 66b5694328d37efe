//! The Cedar schema of a catalog.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use penstock_protocol::manifest::Kind;

use crate::action::Action;
use crate::entry::{ArgumentType, Entry, Scalar};

/// What does not depend on the catalog.
const ENTITIES: &str = "\
entity User = { subject: String, issuer: String, clientId?: String, scopes: Set<String>, groups: Set<String>, tenant?: String };
entity Tool = { name: String, tags: Set<String> };
entity Prompt = { name: String, tags: Set<String> };
entity Resource = { name: String, tags: Set<String>, uri: String };
entity ResourceTemplate = { name: String, tags: Set<String>, uriTemplate: String };
";

/// The arguments of every entry with a manifest that an action can be done with.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// Those policies can know.
    pub(crate) typed: BTreeMap<String, ArgumentType>,
    /// Those they cannot: entries disagree about the type, or it is none of Cedar's.
    pub(crate) left_out: Vec<String>,
}

impl Arguments {
    pub(crate) fn of(action: Action, entries: &[Entry]) -> Self {
        let mut types: BTreeMap<&str, Option<ArgumentType>> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| !entry.listed && action.kinds().contains(&entry.kind)) {
            for (name, argument) in &entry.arguments {
                // Names of Cedar's own.
                let value = argument.value.filter(|_| !name.starts_with("__"));
                types.entry(name).and_modify(|agreed| *agreed = agreed.filter(|_| *agreed == value)).or_insert(value);
            }
        }
        let mut arguments = Self::default();
        for (name, agreed) in types {
            match agreed {
                Some(value) => drop(arguments.typed.insert(name.to_owned(), value)),
                None => arguments.left_out.push(name.to_owned()),
            }
        }
        arguments
    }
}

/// The schema, in Cedar's own notation.
pub(crate) fn text(arguments: &BTreeMap<Action, Arguments>) -> String {
    let mut text = ENTITIES.to_owned();
    for (action, arguments) in arguments {
        let resources: Vec<_> = action.kinds().iter().map(|kind| entity_type(*kind)).collect();
        let uri = if *action == Action::ReadResource { ", uri: String" } else { "" };
        let _ = write!(text, "action {:?} appliesTo {{\n  principal: [User],\n", action.method());
        let _ =
            write!(text, "  resource: [{}],\n  context: {{ now: datetime{uri}, arguments: {{", resources.join(", "));
        for (at, (name, value)) in arguments.typed.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(text, "{comma}\n    {name:?}?: {}", value.cedar());
        }
        let end = if arguments.typed.is_empty() { "" } else { "\n  " };
        let _ = writeln!(text, "{end}}} }},\n}};");
    }
    text
}

/// What entries of a kind are called in policies; of a library, those it lists.
pub(crate) const fn entity_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Tool => "Tool",
        Kind::Prompt | Kind::PromptLibrary => "Prompt",
        Kind::Resource | Kind::ResourceLibrary => "Resource",
        Kind::ResourceTemplate => "ResourceTemplate",
    }
}

impl ArgumentType {
    const fn cedar(self) -> &'static str {
        match self {
            Self::One(Scalar::String) => "String",
            Self::One(Scalar::Long) => "Long",
            Self::One(Scalar::Bool) => "Bool",
            Self::Set(Scalar::String) => "Set<String>",
            Self::Set(Scalar::Long) => "Set<Long>",
            Self::Set(Scalar::Bool) => "Set<Bool>",
        }
    }
}
