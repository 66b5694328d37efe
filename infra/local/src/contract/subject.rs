//! What a worker says it serves, and the calls that follow from it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use penstock_json_schema::{Instance, Schema};
use penstock_protocol::manifest::{Contract, Definition, Manifest, ToolDefinition};
use serde_json::{Map, Value, json};

use super::{Order, OrderError, sample, template};

/// What manifests are called.
const MANIFESTS: [&str; 4] = ["tool.json", "prompt.json", "resource.json", "library.json"];

/// What a prompt's arguments are called with if nothing else is said.
const PROMPT_ARGUMENT: &str = "example";

/// A manifest, and what its function is called with.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) manifest: Manifest,
    pub(super) definition: Definition,
    /// `name` and `arguments`, or `uri`; nothing for a library, which is asked what it holds.
    pub(super) params: Value,
    variables: BTreeMap<String, String>,
    /// Of a tool's structured content.
    pub(super) output: Option<Schema>,
}

impl Subject {
    pub(super) fn read(order: &Order, folders: &[PathBuf]) -> Result<Self, OrderError> {
        let source = match &order.manifest {
            Some(source) => source.clone(),
            None => find(folders)?,
        };
        let invalid = |reason: String| OrderError::Manifest(source.clone(), reason);
        let json = std::fs::read(&source).map_err(|error| invalid(error.to_string()))?;
        let (manifest, definition) = Manifest::parse(&json).map_err(|error| invalid(error.to_string()))?;
        let mut variables = BTreeMap::new();
        let mut output = None;
        let params = match &definition {
            Definition::Tool(tool) => {
                let schema = tool.output_schema.as_ref().map(Schema::new).transpose();
                output = schema.map_err(|error| invalid(format!("`outputSchema`: {error}")))?;
                json!({ "name": tool.name, "arguments": tool_arguments(order, tool, &invalid)? })
            }
            Definition::Prompt(prompt) => {
                let required = prompt.arguments.iter().filter(|argument| argument.required);
                let example = required.map(|argument| (argument.name.clone(), json!(PROMPT_ARGUMENT))).collect();
                json!({ "name": prompt.name, "arguments": given(order)?.unwrap_or(example) })
            }
            Definition::Resource(resource) => json!({ "uri": resource.uri }),
            Definition::ResourceTemplate(of) => {
                let uri = order.uri.as_deref().ok_or_else(|| OrderError::Uri(of.uri_template.clone()))?;
                variables = template::variables(&of.uri_template, uri).unwrap_or_default();
                json!({ "uri": uri })
            }
            Definition::PromptLibrary(_) | Definition::ResourceLibrary(_) => json!({}),
        };
        Ok(Self { manifest, definition, params, variables, output })
    }

    pub(super) fn contract(&self) -> Contract {
        self.manifest.contract
    }

    /// How long a call may take.
    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs(self.manifest.timeout_seconds.into())
    }

    pub(super) fn method(&self) -> &'static str {
        match self.definition {
            Definition::Tool(_) => "tools/call",
            Definition::Prompt(_) => "prompts/get",
            Definition::Resource(_) | Definition::ResourceTemplate(_) => "resources/read",
            Definition::PromptLibrary(_) => "prompts/list",
            Definition::ResourceLibrary(_) => "resources/list",
        }
    }

    /// The sample call as an event, whatever the contract.
    pub(super) fn event(&self) -> Value {
        let mut params = self.params.clone();
        params["_meta"] = json!({ "progressToken": 1 });
        let mut context = json!({
            "requestId": 1,
            "deadlineMs": deadline_ms(self.timeout()),
            "protocolVersion": "2026-07-28",
            "progress": true,
            "logLevel": "debug",
            "clientCapabilities": { "elicitation": {}, "sampling": {}, "roots": {} },
        });
        if !self.variables.is_empty() {
            context["uriVariables"] = json!(self.variables);
        }
        json!({ "method": self.method(), "params": params, "context": context })
    }

    /// What the function is invoked with for an event.
    pub(super) fn payload(&self, event: &Value) -> Bytes {
        match self.contract() {
            Contract::Arguments => event["params"]["arguments"].to_string().into(),
            Contract::Frames | Contract::Event => event.to_string().into(),
        }
    }

    /// The params of a completion of the first thing that can be completed.
    pub(super) fn completion(&self) -> Option<Value> {
        let (reference, argument) = match &self.definition {
            Definition::Prompt(prompt) => {
                (json!({ "type": "ref/prompt", "name": prompt.name }), prompt.arguments.first()?.name.as_str())
            }
            Definition::ResourceTemplate(of) => {
                let reference = json!({ "type": "ref/resource", "uri": of.uri_template });
                (reference, template::first_variable(&of.uri_template)?)
            }
            // What a library could complete is known once it has listed it.
            _ => return None,
        };
        Some(json!({ "ref": reference, "argument": { "name": argument, "value": "" } }))
    }
}

/// A moment from now, in milliseconds since 1970.
pub(super) fn deadline_ms(from_now: Duration) -> u64 {
    let deadline = SystemTime::now() + from_now;
    let since = deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    since.try_into().unwrap_or(u64::MAX)
}

/// The one manifest of the first folder that has any.
fn find(folders: &[PathBuf]) -> Result<PathBuf, OrderError> {
    for folder in folders {
        let there = MANIFESTS.iter().map(|name| folder.join(name)).filter(|path| path.is_file());
        match there.collect::<Vec<_>>().as_slice() {
            [] => {}
            [one] => return Ok(one.clone()),
            _ => return Err(OrderError::SeveralManifests(folder.clone())),
        }
    }
    Err(OrderError::NoManifest(folders.iter().map(|folder| shown(folder)).collect::<Vec<_>>().join(" and ")))
}

fn shown(folder: &Path) -> String {
    if folder.as_os_str().is_empty() { ".".to_owned() } else { folder.display().to_string() }
}

fn given(order: &Order) -> Result<Option<Map<String, Value>>, OrderError> {
    let Some(text) = &order.arguments else { return Ok(None) };
    serde_json::from_str(text).map(Some).map_err(|_| OrderError::Arguments)
}

/// The arguments of the sample call: given, or what the schema says, and fitting in both cases.
fn tool_arguments(
    order: &Order,
    tool: &ToolDefinition,
    invalid: &impl Fn(String) -> OrderError,
) -> Result<Map<String, Value>, OrderError> {
    let schema = Schema::new(&tool.input_schema).map_err(|error| invalid(format!("`inputSchema`: {error}")))?;
    let given = given(order)?;
    let is_given = given.is_some();
    let arguments = given.or_else(|| sample::arguments(&tool.input_schema)).ok_or(OrderError::NoArguments)?;
    let instance = Instance::parse(&json!(arguments).to_string()).map_err(|_| OrderError::Arguments)?;
    match schema.check(&instance) {
        Ok(()) => Ok(arguments),
        Err(violation) if is_given => Err(OrderError::Misfit(violation.to_string())),
        Err(_) => Err(OrderError::NoArguments),
    }
}
