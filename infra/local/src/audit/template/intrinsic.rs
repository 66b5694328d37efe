//! CloudFormation's intrinsic functions, as far as they make names (CloudFormation User Guide, "Intrinsic function
//! reference"). What is known only while a template is deployed stays: `${Parameter}` for what can be anything,
//! `<stack.Resource>` for what a resource turns out to be called.

use serde_json::{Map, Value};

use super::{Resource, Stack, names};

/// References that refer to each other.
const MAX_DEPTH: usize = 32;

/// What a member or an item that is `AWS::NoValue` becomes: nothing.
const NO_VALUE: &str = "AWS::NoValue";

/// Resolves what a stack refers to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver<'a> {
    pub(super) stacks: &'a [Stack],
    pub(super) stack: &'a Stack,
    depth: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(stacks: &'a [Stack], stack: &'a Stack) -> Self {
        Self { stacks, stack, depth: 0 }
    }

    /// The text of a value; what is no text, as JSON.
    pub(super) fn text(&self, value: &Value) -> String {
        match self.value(value) {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    /// A value without intrinsic functions. Of an `Fn::If` in a list both branches are taken.
    pub(super) fn value(&self, value: &Value) -> Value {
        let Some(deeper) = self.deeper() else { return Value::String("${…}".to_owned()) };
        match value {
            Value::Array(items) => Value::Array(items.iter().flat_map(|item| deeper.items(item)).collect()),
            Value::Object(members) => match single(members) {
                Some((name, argument)) if name == "Ref" || name.starts_with("Fn::") => deeper.call(name, argument),
                _ => Value::Object(deeper.members(members)),
            },
            other => other.clone(),
        }
    }

    fn deeper(self) -> Option<Self> {
        (self.depth < MAX_DEPTH).then_some(Self { depth: self.depth + 1, ..self })
    }

    fn members(&self, members: &Map<String, Value>) -> Map<String, Value> {
        let kept = members.iter().filter(|(_, value)| !is_nothing(value));
        kept.map(|(name, value)| (name.clone(), self.value(value))).collect()
    }

    /// What an item of a list becomes.
    fn items(&self, item: &Value) -> Vec<Value> {
        if is_nothing(item) {
            return Vec::new();
        }
        if let Some([_, yes, no]) = item["Fn::If"].as_array().map(Vec::as_slice) {
            return [yes, no].into_iter().flat_map(|branch| self.items(branch)).collect();
        }
        match self.value(item) {
            // A branch or a split that is a list itself.
            Value::Array(values) if !item.is_array() => values,
            value => vec![value],
        }
    }

    fn call(&self, name: &str, argument: &Value) -> Value {
        let known = match (name, argument) {
            ("Ref", Value::String(id)) => Some(Value::String(self.reference(id))),
            ("Fn::GetAtt", _) => self.attribute_of(argument).map(Value::String),
            ("Fn::Join", Value::Array(arguments)) => self.join(arguments).map(Value::String),
            ("Fn::Sub", _) => self.substitute(argument).map(Value::String),
            ("Fn::Select", Value::Array(arguments)) => self.select(arguments),
            ("Fn::Split", Value::Array(arguments)) => self.split(arguments),
            ("Fn::If", Value::Array(arguments)) => self.either(arguments),
            ("Fn::ImportValue", _) => self.import(argument).map(Value::String),
            _ => None,
        };
        known.unwrap_or_else(|| Value::String(format!("${{{name} {}}}", shown(argument))))
    }

    /// `Ref`.
    pub(super) fn reference(&self, id: &str) -> String {
        if let Some(resource) = self.stack.resource(id) {
            return names::reference(self, resource);
        }
        self.stack.place.of(id).map_or_else(|| format!("${{{id}}}"), ToOwned::to_owned)
    }

    fn attribute_of(&self, argument: &Value) -> Option<String> {
        let (id, attribute) = match argument {
            Value::String(text) => text.split_once('.')?,
            Value::Array(parts) => (parts.first()?.as_str()?, parts.get(1)?.as_str()?),
            _ => return None,
        };
        Some(self.attribute(id, attribute))
    }

    fn attribute(&self, id: &str, attribute: &str) -> String {
        match self.stack.resource(id) {
            Some(resource) => names::attribute(self, resource, attribute),
            None => format!("${{{id}.{attribute}}}"),
        }
    }

    fn join(&self, arguments: &[Value]) -> Option<String> {
        let [between, parts] = arguments else { return None };
        let Value::Array(parts) = self.value(parts) else { return None };
        let parts: Vec<String> = parts.iter().map(|part| self.text(part)).collect();
        Some(parts.join(between.as_str()?))
    }

    /// `Fn::Sub`, with or without values of its own.
    pub(super) fn substitute(&self, argument: &Value) -> Option<String> {
        let (template, own) = match argument {
            Value::String(template) => (template.as_str(), None),
            Value::Array(parts) => (parts.first()?.as_str()?, parts.get(1)),
            _ => return None,
        };
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}')?;
            text.push_str(before);
            let given = own.and_then(|own| own.get(name)).map(|value| self.text(value));
            text.push_str(&given.unwrap_or_else(|| match (name.strip_prefix('!'), name.split_once('.')) {
                // Written out, for IAM to fill in.
                (Some(literal), _) => format!("${{{literal}}}"),
                (None, Some((id, attribute))) => self.attribute(id, attribute),
                (None, None) => self.reference(name),
            }));
            rest = after;
        }
        Some(text + rest)
    }

    fn select(&self, arguments: &[Value]) -> Option<Value> {
        let [index, list] = arguments else { return None };
        let index = index.as_u64().or_else(|| index.as_str()?.parse().ok())?;
        let Value::Array(items) = self.value(list) else { return None };
        items.get(usize::try_from(index).ok()?).cloned()
    }

    /// What is not known may hold the delimiter itself.
    fn split(&self, arguments: &[Value]) -> Option<Value> {
        let [delimiter, text] = arguments else { return None };
        let text = self.text(text);
        if text.contains("${") || text.contains('<') {
            return None;
        }
        Some(text.split(delimiter.as_str()?).map(|part| Value::String(part.to_owned())).collect())
    }

    /// Both branches where they are lists; one text cannot be two.
    fn either(&self, arguments: &[Value]) -> Option<Value> {
        let [_, yes, no] = arguments else { return None };
        match (self.value(yes), self.value(no)) {
            (Value::Array(yes), Value::Array(no)) => Some(Value::Array([yes, no].concat())),
            (value, _) if is_nothing(no) => Some(value),
            (_, value) if is_nothing(yes) => Some(value),
            (yes, no) if yes == no => Some(yes),
            _ => None,
        }
    }

    /// What another stack of the picture exports.
    fn import(&self, argument: &Value) -> Option<String> {
        let wanted = self.text(argument);
        self.stacks.iter().find_map(|stack| {
            let there = Self { stack, ..*self };
            let outputs = stack.json["Outputs"].as_object()?;
            let output = outputs.values().find(|output| there.text(&output["Export"]["Name"]) == wanted)?;
            Some(there.text(&output["Value"]))
        })
    }

    /// What a resource without a name of its own is called until it is deployed.
    pub(super) fn unnamed(&self, resource: Resource<'_>) -> String {
        format!("<{}.{}>", self.stack.name, resource.id)
    }
}

fn single(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut members = members.iter();
    let (name, value) = members.next()?;
    members.next().is_none().then_some((name.as_str(), value))
}

fn is_nothing(value: &Value) -> bool {
    value.get("Ref").is_some_and(|name| name == NO_VALUE)
}

/// An argument of a function that is not understood, without what could be taken for more than it is.
fn shown(argument: &Value) -> String {
    argument.to_string().replace(['{', '}', '<', '>', '*', '?', '"'], "")
}
