//! Arguments for a call, made up from the schema where it says enough.

use serde_json::{Map, Value, json};

/// Levels of objects in objects that are filled in.
const MAX_DEPTH: usize = 8;

/// Items an array is given at most.
const MAX_ITEMS: u64 = 8;

/// Arguments that hold what `schema` requires; none where a value is not to be guessed. They need not fit.
pub(super) fn arguments(schema: &Map<String, Value>) -> Option<Map<String, Value>> {
    let guess = Guess { root: schema };
    match guess.object(schema, 0)? {
        Value::Object(arguments) => Some(arguments),
        _ => None,
    }
}

struct Guess<'a> {
    root: &'a Map<String, Value>,
}

impl<'a> Guess<'a> {
    fn value(&self, schema: &'a Value, depth: usize) -> Option<Value> {
        let Value::Object(schema) = schema else { return (schema == &json!(true)).then(|| json!(1)) };
        if depth > MAX_DEPTH {
            return None;
        }
        let given = schema.get("examples").and_then(|examples| examples.get(0));
        let given = given.or_else(|| schema.get("default").filter(|default| !default.is_null()));
        let given = given.or_else(|| schema.get("const"));
        if let Some(given) = given.or_else(|| schema.get("enum").and_then(|allowed| allowed.get(0))) {
            return Some(given.clone());
        }
        if let Some(place) = schema.get("$ref").and_then(Value::as_str) {
            return self.value(self.find(place)?, depth + 1);
        }
        if let Some(Value::Array(choices)) = schema.get("anyOf").or_else(|| schema.get("oneOf")) {
            let mut choices = choices.iter().filter(|choice| choice["type"] != "null");
            return choices.find_map(|choice| self.value(choice, depth + 1));
        }
        match kind(schema)? {
            "boolean" => Some(json!(false)),
            "null" => Some(Value::Null),
            "integer" => number(schema).filter(|number| number.is_i64() || number.is_u64()),
            "number" => number(schema),
            "string" => text(schema).map(Value::from),
            "array" => self.array(schema, depth),
            "object" => self.object(schema, depth),
            _ => None,
        }
    }

    fn find(&self, place: &str) -> Option<&'a Value> {
        let mut steps = place.strip_prefix("#/")?.split('/');
        let first = self.root.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    }

    fn array(&self, schema: &'a Map<String, Value>, depth: usize) -> Option<Value> {
        let wanted = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        if wanted == 0 {
            return Some(json!([]));
        }
        let item = self.value(schema.get("items")?, depth + 1)?;
        let count = usize::try_from(wanted).ok().filter(|_| wanted <= MAX_ITEMS)?;
        Some(Value::Array(vec![item; count]))
    }

    fn object(&self, schema: &'a Map<String, Value>, depth: usize) -> Option<Value> {
        let required = schema.get("required").and_then(Value::as_array);
        let names = required.into_iter().flatten().filter_map(Value::as_str);
        let member = |name: &str| {
            let property = schema.get("properties")?.get(name)?;
            Some((name.to_owned(), self.value(property, depth + 1)?))
        };
        names.map(member).collect::<Option<Map<_, _>>>().map(Value::Object)
    }
}

/// The type, the first that is not null where there are several.
fn kind(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type")? {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    }
}

fn number(schema: &Map<String, Value>) -> Option<Value> {
    if schema.contains_key("multipleOf") {
        return schema.get("multipleOf").cloned();
    }
    let above = schema.get("exclusiveMinimum").and_then(Value::as_i64).map(|least| json!(least + 1));
    let most = schema.get("maximum").filter(|most| most.as_f64().is_some_and(|most| most < 1.0));
    Some(above.or_else(|| schema.get("minimum").cloned()).or_else(|| most.cloned()).unwrap_or_else(|| json!(1)))
}

/// A text that means nothing: none where it would have to mean something.
fn text(schema: &Map<String, Value>) -> Option<String> {
    let is_free = !["pattern", "format", "contentEncoding"].iter().any(|keyword| schema.contains_key(*keyword));
    let length = |keyword| schema.get(keyword).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let (least, most) = (length("minLength").unwrap_or(0), length("maxLength").unwrap_or(usize::MAX));
    let text: String = "example ".chars().cycle().take(least.max(7).min(most)).collect();
    (is_free && least <= 10_000).then_some(text)
}

/// Replaces every free text in `arguments` by `text`, as much of it as fits; says whether there was one.
pub(super) fn replace_texts(schema: &Map<String, Value>, arguments: &mut Map<String, Value>, text: &str) -> bool {
    let mut any = false;
    for (name, value) in arguments {
        let Some(property) = schema.get("properties").and_then(|properties| properties.get(name)) else { continue };
        let Some(property) = property.as_object() else { continue };
        let is_closed = ["pattern", "format", "enum", "const", "$ref", "anyOf", "oneOf", "contentEncoding"];
        if !value.is_string()
            || kind(property) != Some("string")
            || is_closed.iter().any(|it| property.contains_key(*it))
        {
            continue;
        }
        let most = property.get("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
        *value = text.chars().take(most.unwrap_or(usize::MAX)).collect::<String>().into();
        any = true;
    }
    any
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn guessed(schema: &Value) -> Value {
        super::arguments(schema.as_object().expect("an object")).map_or(Value::Null, Value::Object)
    }

    #[test]
    fn what_a_schema_says_is_taken_and_what_must_mean_something_is_not_guessed() {
        let properties = json!({
            "shown": { "type": "string", "pattern": "^a", "examples": ["abc"] },
            "usual": { "type": "integer", "default": 7 },
            "chosen": { "enum": ["DAILY", "MONTHLY"] },
            "free": { "type": "string", "maxLength": 3 },
            "counted": { "type": "integer", "minimum": 3 },
            "listed": { "type": "array", "minItems": 2, "items": { "$ref": "#/$defs/Place" } },
            "optional": { "type": "string", "format": "date" },
        });
        let required = ["shown", "usual", "chosen", "free", "counted", "listed"];
        let place =
            json!({ "type": "object", "properties": { "at": { "type": ["null", "number"] } }, "required": ["at"] });
        let mut schema = json!({ "type": "object", "properties": properties, "required": required });
        schema["$defs"]["Place"] = place;
        let expected = json!({
            "shown": "abc", "usual": 7, "chosen": "DAILY", "free": "exa", "counted": 3, "listed": [{ "at": 1 }, { "at": 1 }],
        });
        assert_eq!(guessed(&schema), expected);
        schema["required"] = json!(["optional"]);
        assert_eq!(guessed(&schema), Value::Null, "a date has to mean something");
    }

    #[test]
    fn a_schema_that_refers_to_itself_is_not_followed_for_ever() {
        let schema =
            json!({ "type": "object", "properties": { "a": { "$ref": "#/properties/a" } }, "required": ["a"] });
        assert_eq!(guessed(&schema), Value::Null);
    }
}
