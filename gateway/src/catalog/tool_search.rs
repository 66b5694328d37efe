//! `search_tools`: the one tool the gateway answers itself, where a catalog has more tools than a model can read.

use std::sync::{Arc, OnceLock};

use penstock_search::{Document, Index};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::entry::Entry;
use super::list::Listed;
use super::selection::Selection;
use super::{EntryError, Tool};

/// Its definition. No function serves it, so the one it names is never called.
const ENTRY: &str = include_str!("search_tools.json");

/// The tool, and the tools of a catalog by what they are about.
#[derive(Debug)]
pub(crate) struct ToolSearch {
    pub(crate) tool: Arc<Tool>,
    /// Made by the first who searches: most snapshots are gone before that.
    index: OnceLock<Index>,
}

impl ToolSearch {
    /// Adds the tool, unless another one has its name.
    pub(super) fn add_to(selection: &mut Selection) -> Option<Self> {
        match Self::try_add_to(selection) {
            Ok(search) => Some(search),
            Err(error) => {
                tracing::warn!(%error, "tools cannot be searched");
                None
            }
        }
    }

    fn try_add_to(selection: &mut Selection) -> Result<Self, EntryError> {
        let Entry::Tool(mut tool) = Entry::read(ENTRY.as_bytes())? else { return Err(EntryError::NoFunction) };
        tool.listed.built_in = true;
        let search = Self { tool: tool.value.clone(), index: OnceLock::new() };
        selection.add(Entry::Tool(tool)).map(|()| search)
    }

    /// The places of the `listed` tools, those of this catalog, that share a word with `query`, best first.
    pub(crate) fn find(&self, listed: &[Listed], query: &str) -> Vec<usize> {
        self.index.get_or_init(|| index(listed)).search(query)
    }
}

fn index(listed: &[Listed]) -> Index {
    // All of it has been read before: there is nothing that cannot be.
    let read = |one: &Listed| serde_json::from_slice::<Definition>(&one.definition).unwrap_or_default();
    // It does not find itself.
    let searched = |one: &Listed| if one.built_in { Definition::default() } else { read(one) };
    let definitions: Vec<Definition> = listed.iter().map(searched).collect();
    let arguments: Vec<String> = definitions.iter().map(Definition::arguments).collect();
    Index::new(definitions.iter().zip(&arguments).map(|(definition, arguments)| Document {
        name: &definition.name,
        title: &definition.title,
        description: &definition.description,
        arguments,
    }))
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
