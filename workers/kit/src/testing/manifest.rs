//! `tool.json` as the checked-in snapshot of a tool's types.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};

use penstock_protocol::RawValue;
use penstock_protocol::manifest::Manifest;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Tool;

/// Set to 1 to rewrite the schemas in every `tool.json` that is out of date.
const UPDATE: &str = "PENSTOCK_UPDATE_MANIFESTS";

/// Fails unless `T`'s `tool.json` is a valid manifest whose `inputSchema` and `outputSchema` are
/// those of `T`'s types. With `PENSTOCK_UPDATE_MANIFESTS=1` set, it writes them into the file instead
/// and leaves every other member as it is.
///
/// # Panics
/// With what differs, and how to update the file.
pub fn assert_manifest_is_current<T: Tool>() {
    let file: Value = serde_json::from_str(T::MANIFEST).expect("tool.json is JSON");
    let wanted = [("inputSchema", input_schema::<T>()), ("outputSchema", output_schema::<T>())];
    let mut differences = String::new();
    for (member, schema) in &wanted {
        let written = &file["definition"][member];
        differ(&format!("definition.{member}"), written, schema, &mut differences);
    }
    if differences.is_empty() {
        return assert_manifest_is_valid(T::MANIFEST);
    }
    let path = find(T::MANIFEST);
    assert!(
        env::var_os(UPDATE).is_some_and(|value| value == "1"),
        "{} differs from the code:\n{differences}Set {UPDATE}=1 and test again to rewrite it.",
        path.as_deref().unwrap_or(Path::new("tool.json")).display()
    );
    let path = path.expect("a file below src has the text of `MANIFEST`, unless it was changed after the build");
    let text = rewritten(T::MANIFEST.to_owned(), &wanted);
    Manifest::parse(text.as_bytes()).expect("the rewritten tool.json is a manifest");
    fs::write(path, text).expect("tool.json can be written");
}

/// Fails unless `manifest`, the text of a `tool.json`, `prompt.json` or `resource.json`, is a valid one.
/// For prompts, resources, and tools whose schema is written by hand; the other tools are checked by
/// [`assert_manifest_is_current`].
///
/// # Panics
/// With the member at fault.
pub fn assert_manifest_is_valid(manifest: &str) {
    if let Err(error) = Manifest::parse(manifest.as_bytes()) {
        panic!("the manifest is refused: {error}\n{manifest}");
    }
}

fn input_schema<T: Tool>() -> Value {
    let mut schema = schema::<T::Arguments>(SchemaSettings::draft2020_12().for_deserialize());
    // Some clients refuse an object schema without `properties`, though it is valid.
    if let Some(schema) = schema.as_object_mut() {
        schema.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    }
    schema
}

/// Null, which no schema is, for a tool without output.
fn output_schema<T: Tool>() -> Value {
    let schema = schema::<T::Output>(SchemaSettings::draft2020_12().for_serialize());
    if schema["type"] == "null" { Value::Null } else { schema }
}

/// The schema of a type, as clients get it: MCP says 2020-12 where `$schema` is absent; the name and
/// documentation of a Rust type mean nothing to them; and strict validators refuse formats such as `uint32`.
fn schema<S: JsonSchema>(settings: SchemaSettings) -> Value {
    let standard_formats_only = |schema: &mut Schema| {
        let numeric = |format: &str| ["uint", "int", "float", "double"].iter().any(|name| format.starts_with(name));
        if schema.get("format").and_then(Value::as_str).is_some_and(numeric) {
            schema.remove("format");
        }
    };
    let settings = settings.with(|settings| settings.meta_schema = None);
    let settings = settings.with_transform(RecursiveTransform(standard_formats_only));
    let mut schema = settings.into_generator().into_root_schema_for::<S>();
    schema.remove("title");
    schema.remove("description");
    schema.into()
}

/// Writes a line for each place where the file and the code disagree.
fn differ(at: &str, file: &Value, code: &Value, out: &mut String) {
    match (file, code) {
        (Value::Object(old), Value::Object(new)) => {
            let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
            for key in keys {
                let member = |object: &Map<String, Value>| object.get(key).cloned().unwrap_or_default();
                differ(&format!("{at}.{key}"), &member(old), &member(new), out);
            }
        }
        _ if file == code => {}
        _ => {
            writeln!(out, "  {at}\n    file: {file}\n    code: {code}").expect("a string takes any text");
        }
    }
}

/// The file a manifest was compiled from: the one below the package's `src` with the same text.
fn find(manifest: &str) -> Option<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    let mut folders = vec![Path::new(&package).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read_to_string(&path).is_ok_and(|text| text == manifest) {
                return Some(path);
            }
        }
    }
    None
}

/// The text of a `tool.json` with `schemas` in place of its own, and nothing else touched.
fn rewritten(mut text: String, schemas: &[(&str, Value)]) -> String {
    for (member, schema) in schemas {
        let pretty = serde_json::to_string_pretty(schema).expect("a value is JSON").replace('\n', "\n    ");
        match (place(&text, member), schema.is_null()) {
            (Some(old), false) => text.replace_range(old, &pretty),
            (None, false) => {
                let after = place(&text, "inputSchema").expect("`definition.inputSchema` is there, if only as {}");
                text.insert_str(after.end, &format!(",\n    \"{member}\": {pretty}"));
            }
            (Some(_), true) => panic!("delete `definition.{member}`: the tool has no output"),
            (None, true) => {}
        }
    }
    text
}

/// Where the value of a member of `definition` stands in the file.
fn place(text: &str, member: &str) -> Option<Range<usize>> {
    #[derive(Deserialize)]
    struct File<'a> {
        #[serde(borrow)]
        definition: HashMap<&'a str, &'a RawValue>,
    }
    let file: File<'_> = serde_json::from_str(text).expect("tool.json is JSON");
    let value = file.definition.get(member)?.get();
    let start = value.as_ptr().addr() - text.as_ptr().addr();
    Some(start..start + value.len())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::rewritten;

    #[test]
    fn rewriting_touches_the_schemas_and_nothing_else() {
        let old = "{ \"definition\": {\n    \"name\": \"a\",  \"inputSchema\": {},\n    \"title\": \"A\" } }";
        let new = rewritten(old.to_owned(), &[("inputSchema", json!([1])), ("outputSchema", json!({}))]);
        let schemas = "\"inputSchema\": [\n      1\n    ],\n    \"outputSchema\": {}";
        assert_eq!(new, old.replace("\"inputSchema\": {}", schemas));
        assert_eq!(rewritten(new.clone(), &[("inputSchema", json!([1])), ("outputSchema", json!({}))]), new);
        assert_eq!(rewritten(old.to_owned(), &[("outputSchema", Value::Null)]), old);
    }
}
