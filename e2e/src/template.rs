use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// What moto 5.2's `CloudFormation` makes, of all that is in our templates.
const MADE: [&str; 8] = [
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::Logs::LogGroup",
    "AWS::SSM::Parameter",
];

/// A template as far as moto's `CloudFormation` can deploy it. It would skip what it does not know without a word, and fail
/// at what refers to it.
#[derive(Debug)]
pub struct Portable {
    /// The template without what is not made.
    pub template: Value,
    /// How many resources of each type are in it.
    pub made: BTreeMap<String, usize>,
    /// How many resources of each type are not.
    pub left_out: BTreeMap<String, usize>,
}

impl Portable {
    /// Leaves out what moto does not know, and writes out what it gets wrong:
    /// - The reference to something that is left out becomes a text.
    /// - The reference to a version is that version's ARN, for which moto has its logical id.
    /// - Tags of a parameter are an object in `CloudFormation`, and moto wants a list.
    pub fn of(template: &Value) -> Self {
        let empty = Map::new();
        let resources = template["Resources"].as_object().unwrap_or(&empty);
        let unknown = resources.iter().filter(|(_, resource)| !MADE.contains(&kind(resource)));
        let mut left_out: BTreeSet<&str> = unknown.map(|(id, _)| id.as_str()).collect();
        // Leave to call an alias that is not there.
        let stranded = resources.iter().filter(|(_, resource)| {
            kind(resource) == "AWS::Lambda::Permission"
                && resource["Properties"]["FunctionName"]["Ref"].as_str().is_some_and(|id| left_out.contains(id))
        });
        let stranded: Vec<&str> = stranded.map(|(id, _)| id.as_str()).collect();
        left_out.extend(stranded);
        let rewriting = Rewriting { resources, left_out: &left_out };
        let mut portable = template.clone();
        portable["Resources"] = rewriting.resources();
        if let Some(outputs) = template.get("Outputs") {
            portable["Outputs"] = rewriting.value(outputs);
        }
        let (gone, there): (Vec<_>, Vec<_>) = resources.iter().partition(|(id, _)| left_out.contains(id.as_str()));
        Self { template: portable, made: counted(&there), left_out: counted(&gone) }
    }
}

fn kind(resource: &Value) -> &str {
    resource["Type"].as_str().unwrap_or_default()
}

fn counted(resources: &[(&String, &Value)]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (_, resource) in resources {
        *counts.entry(kind(resource).to_owned()).or_default() += 1;
    }
    counts
}

struct Rewriting<'template> {
    resources: &'template Map<String, Value>,
    left_out: &'template BTreeSet<&'template str>,
}

impl Rewriting<'_> {
    fn resources(&self) -> Value {
        let there = self.resources.iter().filter(|(id, _)| !self.left_out.contains(id.as_str()));
        there.map(|(id, resource)| (id.clone(), self.resource(resource))).collect()
    }

    fn resource(&self, resource: &Value) -> Value {
        let mut rewritten = self.value(resource);
        let mut needed: Vec<Value> = match &resource["DependsOn"] {
            Value::Array(ids) => ids.clone(),
            Value::Null => Vec::new(),
            id => vec![id.clone()],
        };
        needed.retain(|id| id.as_str().is_some_and(|id| !self.left_out.contains(id)));
        match kind(resource) {
            "AWS::SSM::Parameter" => drop(rewritten["Properties"].as_object_mut().and_then(|all| all.remove("Tags"))),
            "AWS::Lambda::Permission" => needed.push(resource["Properties"]["FunctionName"]["Ref"].clone()),
            _ => {}
        }
        rewritten["DependsOn"] = needed.into();
        rewritten
    }

    fn value(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                let referred = value["Ref"].as_str().or_else(|| value["Fn::GetAtt"][0].as_str());
                match referred {
                    Some(id) if self.left_out.contains(id) => format!("left-out-{id}").into(),
                    Some(id) if value["Ref"].is_string() && self.kind_of(id) == "AWS::Lambda::Version" => {
                        let function = &self.resources[id]["Properties"]["FunctionName"]["Ref"];
                        json!({ "Fn::Join": [":", [{ "Fn::GetAtt": [function, "Arn"] }, "1"]] })
                    }
                    _ => members.iter().map(|(name, member)| (name.clone(), self.value(member))).collect(),
                }
            }
            other => other.clone(),
        }
    }

    fn kind_of(&self, id: &str) -> &str {
        self.resources.get(id).map(kind).unwrap_or_default()
    }
}
