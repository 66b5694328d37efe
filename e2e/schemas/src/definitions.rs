//! The definitions of a revision, each compiled when it is first needed.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

static REVISIONS: LazyLock<[Definitions; 4]> = LazyLock::new(|| {
    [
        Definitions::read("2025-03-26", include_str!("../schemas/2025-03-26.json")),
        Definitions::read("2025-06-18", include_str!("../schemas/2025-06-18.json")),
        Definitions::read("2025-11-25", include_str!("../schemas/2025-11-25.json")),
        Definitions::read("2026-07-28", include_str!("../schemas/2026-07-28.json")),
    ]
});

/// The tasks extension of 2026-07-28.
static TASKS: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::read("the tasks extension", include_str!("../schemas/tasks.json")));

/// The schema of one revision.
pub(crate) struct Definitions {
    revision: &'static str,
    /// `definitions` in draft-07, `$defs` in 2020-12.
    container: &'static str,
    schema: Value,
    /// By union and method: the definition's name.
    methods: HashMap<(&'static str, String), String>,
    validators: HashMap<String, OnceLock<Validator>>,
}

impl Definitions {
    /// The definitions of `revision`.
    pub(crate) fn of(revision: &str) -> Result<&'static Self, String> {
        let found = REVISIONS.iter().find(|definitions| definitions.revision == revision);
        found.ok_or_else(|| format!("{revision:?} is no revision of MCP"))
    }

    /// The definitions of the tasks extension.
    pub(crate) fn of_tasks() -> &'static Self {
        &TASKS
    }

    fn read(revision: &'static str, json: &str) -> Self {
        let schema: Value = serde_json::from_str(json).expect("a published schema is JSON");
        let container = if schema.get("$defs").is_some() { "$defs" } else { "definitions" };
        let definitions = schema[container].as_object().expect("a published schema has definitions");
        let mut methods = HashMap::new();
        for union in ["ClientRequest", "ServerRequest", "ServerNotification"] {
            for name in members(definitions, union) {
                if let Some(method) = definitions[name].pointer("/properties/method/const").and_then(Value::as_str) {
                    methods.insert((union, method.to_owned()), name.to_owned());
                }
            }
        }
        let validators = definitions.keys().map(|name| (name.clone(), OnceLock::new())).collect();
        Self { revision, container, schema, methods, validators }
    }

    /// The revision's name.
    pub(crate) fn revision(&self) -> &'static str {
        self.revision
    }

    /// Whether there is a definition of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.validators.contains_key(name)
    }

    /// The definition in `union` that is about `method`.
    pub(crate) fn by_method(&self, union: &'static str, method: &str) -> Option<&str> {
        self.methods.get(&(union, method.to_owned())).map(String::as_str)
    }

    /// Validates `value` against the first of `names` that the revision defines.
    pub(crate) fn validate_any(&self, names: &[&str], value: &Value) -> Result<(), String> {
        let name = names.iter().find(|name| self.has(name));
        self.validate(name.ok_or_else(|| format!("none of {names:?} is defined"))?, value)
    }

    /// Validates `value` against a definition.
    pub(crate) fn validate(&self, name: &str, value: &Value) -> Result<(), String> {
        let validator = self.validators.get(name).ok_or_else(|| format!("{name} is not defined"))?;
        let validator = validator.get_or_init(|| self.compile(name));
        let mistakes: Vec<_> = validator
            .iter_errors(value)
            .map(|mistake| {
                format!(
                    "{name}: {}: {}",
                    mistake.instance_path(),
                    mistake.to_string().chars().take(300).collect::<String>()
                )
            })
            .collect();
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("; ")) }
    }

    fn compile(&self, name: &str) -> Validator {
        let container = self.container;
        let schema = json!({
            "$schema": self.schema["$schema"],
            "$ref": format!("#/{container}/{name}"),
            container: self.schema[container],
        });
        jsonschema::options()
            .should_validate_formats(true)
            .with_format("byte", |text: &str| STANDARD.decode(text).is_ok())
            .should_ignore_unknown_formats(false)
            .build(&schema)
            .expect("a published schema compiles")
    }
}

/// The definitions a union refers to; a union of one is written as the definition itself.
fn members<'a>(definitions: &'a Map<String, Value>, union: &str) -> Vec<&'a str> {
    let referred = definitions.get(union).and_then(|union| union["anyOf"].as_array());
    referred.into_iter().flatten().filter_map(|member| member["$ref"].as_str()?.rsplit('/').next()).collect()
}
