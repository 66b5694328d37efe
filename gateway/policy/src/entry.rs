//! What policies can know of a catalog entry.

use std::collections::BTreeMap;

use penstock_protocol::manifest::{Definition, Kind, Manifest};
use serde_json::{Map, Value};

/// A catalog entry, as policies see it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) tags: Vec<String>,
    /// A resource's URI, a template's URI template.
    pub(crate) uri: Option<String>,
    pub(crate) arguments: BTreeMap<String, Argument>,
    /// Whether a library lists it, and the catalog's own documents do not.
    pub(crate) listed: bool,
}

/// An argument an entry declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Argument {
    /// None: a type policies cannot know.
    pub(crate) value: Option<ArgumentType>,
    /// Whether no call goes without it.
    pub(crate) required: bool,
}

/// What an argument can be for a policy to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArgumentType {
    One(Scalar),
    /// An array: policies see neither its order nor repetitions.
    Set(Scalar),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    String,
    Long,
    Bool,
}

impl Entry {
    /// Takes from a manifest what policies can know. `None` for a library: policies are about what it lists.
    pub fn new(manifest: &Manifest, definition: &Definition) -> Option<Self> {
        Self::of(definition, &manifest.tags)
    }

    /// What policies can know of something a library lists. It has the library's tags. Policies can ask only for
    /// arguments that an entry with a manifest declares too: what they may speak of does not change with a listing.
    pub fn listed(definition: &Definition, tags: &[String]) -> Option<Self> {
        Some(Self { listed: true, ..Self::of(definition, tags)? })
    }

    fn of(definition: &Definition, tags: &[String]) -> Option<Self> {
        let (uri, arguments) = match definition {
            Definition::Tool(tool) => (None, properties(&tool.input_schema)),
            Definition::Prompt(prompt) => {
                let declared = prompt.arguments.iter();
                let text = |required| Argument { value: Some(ArgumentType::One(Scalar::String)), required };
                (None, declared.map(|argument| (argument.name.clone(), text(argument.required))).collect())
            }
            Definition::Resource(resource) => (Some(resource.uri.clone()), BTreeMap::new()),
            Definition::ResourceTemplate(template) => {
                let variable = Argument { value: Some(ArgumentType::One(Scalar::String)), required: false };
                let variables = variables(&template.uri_template);
                let variables = variables.map(|name| (name.to_owned(), variable)).collect();
                (Some(template.uri_template.clone()), variables)
            }
            Definition::PromptLibrary(_) | Definition::ResourceLibrary(_) => return None,
        };
        let (kind, name) = (definition.kind(), definition.name().to_owned());
        Some(Self { kind, name, tags: tags.to_owned(), uri, arguments, listed: false })
    }

    /// What is defined.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The definition's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A resource's URI, a template's URI template.
    pub fn uri(&self) -> Option<&str> {
        self.uri.as_deref()
    }
}

/// The top-level properties of an `inputSchema`.
fn properties(schema: &Map<String, Value>) -> BTreeMap<String, Argument> {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
    let properties = schema.get("properties").and_then(Value::as_object);
    let arguments = properties.into_iter().flatten().map(|(name, property)| {
        let (value, nullable) = ArgumentType::of(property);
        // A policy cannot tell null from nothing.
        (name.clone(), Argument { value, required: is_required(name) && !nullable })
    });
    arguments.collect()
}

impl ArgumentType {
    /// The type a property's schema spells out, and whether null is one of its values too.
    fn of(schema: &Value) -> (Option<Self>, bool) {
        let (name, nullable) = match &schema["type"] {
            Value::String(name) => (Some(&**name), false),
            Value::Array(names) => match &**names {
                [Value::String(name), Value::String(null)] | [Value::String(null), Value::String(name)]
                    if null == "null" =>
                {
                    (Some(&**name), true)
                }
                _ => (None, true),
            },
            _ => (None, true),
        };
        let value = match name {
            Some("array") => schema["items"]["type"].as_str().and_then(Scalar::of).map(Self::Set),
            Some(name) => Scalar::of(name).map(Self::One),
            None => None,
        };
        (value, nullable)
    }
}

impl Scalar {
    fn of(name: &str) -> Option<Self> {
        match name {
            "string" => Some(Self::String),
            "integer" => Some(Self::Long),
            "boolean" => Some(Self::Bool),
            _ => None,
        }
    }
}

/// The variables of an RFC 6570 template.
fn variables(template: &str) -> impl Iterator<Item = &str> {
    let expressions = template.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    let specifications = expressions.flat_map(|expression| expression.trim_start_matches(OPERATORS).split(','));
    specifications.map(|specification| specification.split([':', '*']).next().unwrap_or_default())
}

/// What an RFC 6570 expression can begin with (section 2.2).
const OPERATORS: [char; 7] = ['+', '#', '.', '/', ';', '?', '&'];
