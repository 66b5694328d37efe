use serde::Deserialize;

use super::Kind;

/// The members of [`Manifest::definition`](super::Manifest::definition) that Penstock itself acts on.
#[derive(Debug, Clone)]
pub enum Definition {
    /// An MCP `Tool`.
    Tool(ToolDefinition),
    /// An MCP `Prompt`.
    Prompt(PromptDefinition),
    /// An MCP `Resource`.
    Resource(ResourceDefinition),
    /// An MCP `ResourceTemplate`.
    ResourceTemplate(ResourceTemplateDefinition),
    /// Prompts the function lists.
    PromptLibrary(LibraryDefinition),
    /// Resources the function lists.
    ResourceLibrary(LibraryDefinition),
}

impl Definition {
    /// Reads the definition of something of this kind: one of a manifest, or one a library lists.
    ///
    /// # Errors
    /// If it is not JSON, or a member is missing or of the wrong type. Names are not checked.
    pub fn parse(kind: Kind, json: &str) -> serde_json::Result<Self> {
        match kind {
            Kind::Tool => serde_json::from_str(json).map(Self::Tool),
            Kind::Prompt => serde_json::from_str(json).map(Self::Prompt),
            Kind::Resource => serde_json::from_str(json).map(Self::Resource),
            Kind::ResourceTemplate => serde_json::from_str(json).map(Self::ResourceTemplate),
            Kind::PromptLibrary => serde_json::from_str(json).map(Self::PromptLibrary),
            Kind::ResourceLibrary => serde_json::from_str(json).map(Self::ResourceLibrary),
        }
    }

    /// The definition's `name`.
    pub fn name(&self) -> &str {
        match self {
            Self::Tool(tool) => &tool.name,
            Self::Prompt(prompt) => &prompt.name,
            Self::Resource(resource) => &resource.name,
            Self::ResourceTemplate(template) => &template.name,
            Self::PromptLibrary(library) | Self::ResourceLibrary(library) => &library.name,
        }
    }

    /// The definition's `description`, if it has one.
    pub fn description(&self) -> Option<&str> {
        match self {
            Self::Tool(tool) => Some(&tool.description),
            Self::Prompt(PromptDefinition { description, .. })
            | Self::Resource(ResourceDefinition { description, .. })
            | Self::ResourceTemplate(ResourceTemplateDefinition { description, .. })
            | Self::PromptLibrary(LibraryDefinition { description, .. })
            | Self::ResourceLibrary(LibraryDefinition { description, .. }) => description.as_deref(),
        }
    }

    /// What tells this definition from every other of a family: see [`Kind::id`]. A function is told
    /// it in `PENSTOCK_TOOL`.
    pub fn id(&self) -> String {
        self.kind().id(self.name())
    }

    /// What is defined.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Tool(_) => Kind::Tool,
            Self::Prompt(_) => Kind::Prompt,
            Self::Resource(_) => Kind::Resource,
            Self::ResourceTemplate(_) => Kind::ResourceTemplate,
            Self::PromptLibrary(_) => Kind::PromptLibrary,
            Self::ResourceLibrary(_) => Kind::ResourceLibrary,
        }
    }
}

/// What Penstock acts on in a `Tool`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolDefinition {
    /// The tool's name.
    pub name: String,
    /// What the model is told; the conformance suite wants one.
    pub description: String,
    /// JSON Schema 2020-12 of the arguments; its root says `"type": "object"` (rule R-7).
    pub input_schema: serde_json::Map<String, serde_json::Value>,
    /// JSON Schema 2020-12 of `structuredContent`, if the tool has any (rule R-9).
    #[serde(default)]
    pub output_schema: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What Penstock acts on in a `Prompt`.
#[derive(Debug, Clone, Deserialize)]
pub struct PromptDefinition {
    /// The prompt's name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// What can be filled in.
    #[serde(default)]
    pub arguments: Vec<PromptArgument>,
}

/// One argument of a prompt.
#[derive(Debug, Clone, Deserialize)]
pub struct PromptArgument {
    /// The argument's name.
    pub name: String,
    /// Whether the prompt cannot do without it.
    #[serde(default)]
    pub required: bool,
}

/// What Penstock acts on in a `Resource`.
#[derive(Debug, Clone, Deserialize)]
pub struct ResourceDefinition {
    /// Where it is read.
    pub uri: String,
    /// What to call it.
    pub name: String,
    /// What it holds.
    #[serde(default)]
    pub description: Option<String>,
}

/// What Penstock acts on in a `ResourceTemplate`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceTemplateDefinition {
    /// RFC 6570 template of the URIs it is read at.
    pub uri_template: String,
    /// What to call it.
    pub name: String,
    /// What is there.
    #[serde(default)]
    pub description: Option<String>,
}

/// What is said of a library itself. Not an MCP type: clients see what it lists, and nothing of this.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LibraryDefinition {
    /// The library's name.
    pub name: String,
    /// What people call it.
    #[serde(default)]
    pub title: Option<String>,
    /// What is in it.
    #[serde(default)]
    pub description: Option<String>,
}
