//! What a schema accepts, says and refuses.

mod bounds;
mod keywords;
mod plain;
mod refused;
mod text;

use serde_json::Value;

use super::{Instance, InvalidSchema, Schema, Violation};

fn compiled(schema: &Value) -> Result<Schema, InvalidSchema> {
    Schema::new(schema.as_object().expect("an object schema"))
}

fn checked(schema: &Value, instance: &str) -> Result<(), Violation> {
    let schema = compiled(schema).unwrap_or_else(|error| panic!("{schema}: {error}"));
    schema.check(&Instance::parse(instance).expect("readable"))
}

/// Whether each of the JSON texts conforms to the schema.
fn assert_verdicts<const N: usize>(schema: &Value, verdicts: [(&str, bool); N]) {
    for (instance, expected) in verdicts {
        assert_eq!(checked(schema, instance).is_ok(), expected, "{instance} against {schema}");
    }
}
