//! `search_tools`: the one tool the gateway answers itself, where a catalog has more tools than a model can read.

use penstock_search::{Document, Index};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::entries::Entries;
use super::list::Listed;
use super::{EntryError, Tool};

/// Its definition. No function serves it, so the one it names is never called.
const ENTRY: &str = include_str!("search_tools.json");

/// The tool, and the tools of a catalog by what they are about.
#[derive(Debug)]
pub(crate) struct ToolSearch {
    pub(crate) tool: Tool,
    index: Index,
}

/// The tool, and what is listed of it.
///
/// # Errors
/// None while the document beside this file is a catalog entry.
pub(super) fn tool() -> Result<(Tool, Listed), EntryError> {
    let mut entries = Entries::default();
    entries.add(ENTRY.as_bytes())?;
    let (tool, listed) = entries.tools.into_only().ok_or(EntryError::NoFunction)?;
    Ok((tool, Listed { built_in: true, ..listed }))
}

impl ToolSearch {
    /// Reads what is listed; the places there are what is found.
    pub(super) fn new(tool: Tool, listed: &[Listed]) -> Self {
        // All of it has been read before: there is nothing that cannot be.
        let read = |one: &Listed| serde_json::from_slice::<Definition>(&one.definition).unwrap_or_default();
        // It does not find itself.
        let searched = |one: &Listed| if one.built_in { Definition::default() } else { read(one) };
        let definitions: Vec<Definition> = listed.iter().map(searched).collect();
        let arguments: Vec<String> = definitions.iter().map(Definition::arguments).collect();
        let documents = definitions.iter().zip(&arguments).map(|(definition, arguments)| Document {
            name: &definition.name,
            title: &definition.title,
            description: &definition.description,
            arguments,
        });
        Self { tool, index: Index::new(documents) }
    }

    /// The places of the listed tools that share a word with `query`, best first.
    pub(crate) fn find(&self, query: &str) -> Vec<usize> {
        self.index.search(query)
    }
}

/// What is searched of one tool.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Definition {
    name: String,
    title: String,
    description: String,
    input_schema: Schema,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Schema {
    properties: Map<String, Value>,
}

impl Definition {
    fn arguments(&self) -> String {
        self.input_schema.properties.keys().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}
