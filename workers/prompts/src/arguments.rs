//! What a prompt asks people for: its placeholders, and what is said of them.

use std::collections::{BTreeMap, HashSet};

use penstock_kit::PromptEntryArgument;

use crate::front_matter::Argument;

/// A prompt's arguments, in the order people are asked for them.
#[derive(Debug)]
pub(crate) struct Arguments(Vec<Argument>);

impl Arguments {
    /// Joins what is said of arguments with the placeholders of the text. Those nothing is said about follow, in the
    /// order of the text.
    ///
    /// # Errors
    /// If something is said about a placeholder twice, or about one that is not in the text.
    pub(crate) fn new(described: Vec<Argument>, placeholders: &HashSet<String>, text: &str) -> Result<Self, String> {
        let mut names = HashSet::new();
        for Argument { name, .. } in &described {
            if !placeholders.contains(name) {
                return Err(format!("the text has no placeholder {{{{ {name} }}}}, which front matter describes"));
            }
            if !names.insert(name.clone()) {
                return Err(format!("front matter describes {name:?} twice"));
            }
        }
        let mut others: Vec<&String> = placeholders.iter().filter(|name| !names.contains(*name)).collect();
        others.sort_by_key(|name| (text.find(name.as_str()), *name));
        let others: Vec<_> = others.into_iter().cloned().map(Argument::undescribed).collect();
        Ok(Self(described.into_iter().chain(others).collect()))
    }

    /// What clients are told.
    pub(crate) fn entries(&self) -> Vec<PromptEntryArgument> {
        let entry = |argument: &Argument| PromptEntryArgument {
            name: argument.name.clone(),
            description: argument.description.clone(),
            required: argument.required,
        };
        self.0.iter().map(entry).collect()
    }

    /// The only values an argument takes; none if it takes any.
    pub(crate) fn values(&self, name: &str) -> &[String] {
        self.0.iter().find(|argument| argument.name == name).map_or(&[], |argument| &argument.values)
    }

    /// Checks what the client sent.
    ///
    /// # Errors
    /// The argument that is missing, unknown, or has a value it does not take, and what it takes.
    pub(crate) fn check(&self, given: &BTreeMap<String, String>) -> Result<(), String> {
        if let Some(missing) = self.0.iter().find(|argument| argument.required && !given.contains_key(&argument.name)) {
            return Err(format!("arguments: {} is missing", missing.name));
        }
        if let Some(unknown) = given.keys().find(|name| !self.0.iter().any(|argument| argument.name == **name)) {
            let known: Vec<_> = self.0.iter().map(|argument| &*argument.name).collect();
            return Err(match known.as_slice() {
                [] => format!("arguments: {unknown} is unknown; this prompt takes none"),
                known => format!("arguments: {unknown} is unknown; this prompt takes {}", known.join(", ")),
            });
        }
        let refused = given.iter().find(|(name, value)| {
            let values = self.values(name);
            !values.is_empty() && !values.contains(value)
        });
        match refused {
            Some((name, _)) => Err(format!("arguments: {name} takes one of {}", self.values(name).join(", "))),
            None => Ok(()),
        }
    }
}
