//! What a schema's own shape can cost, found before anything is validated.
//!
//! Subschemas that look at the same value stand on the stack together, and every path between them is
//! walked: with `$ref`, forty short definitions make a path of any length, or 2^40 paths.

use std::collections::HashMap;

use serde_json::Value;

use super::InvalidSchema;
use super::reference::Reference;

/// The most subschemas.
const MAX_SUBSCHEMAS: usize = 10_000;

/// The most pairs of subschemas that look at the same value, one because of the other.
const MAX_EDGES: usize = 100_000;

/// The most paths through the subschemas that look at one value.
const MAX_PATHS: u64 = 10_000;

/// The longest of these paths, in subschemas. The validator's own reading of a schema recurses along it.
const MAX_LENGTH: usize = 64;

/// Keywords whose subschemas look at the very value the keyword stands for.
const IN_PLACE: [&str; 9] =
    ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"];

/// Keywords whose subschemas look at something inside that value, or are only referred to.
const INSIDE: [&str; 13] = [
    "$defs",
    "definitions",
    "properties",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "items",
    "prefixItems",
    "additionalItems",
    "unevaluatedItems",
    "contains",
    "contentSchema",
];

/// Keywords whose value maps names to subschemas, where others hold one or an array of them.
const MAPS: [&str; 6] = ["$defs", "definitions", "properties", "patternProperties", "dependentSchemas", "dependencies"];

/// Keywords that say where to go on.
const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// One subschema.
pub(super) struct Subschema<'a> {
    pub(super) schema: &'a Value,
    /// The innermost subschema around it with an `$id`: its `#…` references count from there.
    pub(super) resource: usize,
    /// Subschemas it has looking at the same value.
    in_place: Vec<usize>,
}

/// Every subschema, and which look at a value because of which.
#[derive(Default)]
pub(super) struct Graph<'a> {
    subschemas: Vec<Subschema<'a>>,
    at: HashMap<*const Value, usize>,
    edges: usize,
}

impl<'a> Graph<'a> {
    /// Finds every subschema of `root` and follows every reference.
    pub(super) fn new(root: &'a Value) -> Result<Self, InvalidSchema> {
        let mut graph = Self::default();
        graph.add(root, 0)?;
        let mut referrer = 0;
        // A reference may lead to a place no keyword knows, which adds subschemas behind the last.
        while referrer < graph.subschemas.len() {
            graph.follow(referrer)?;
            referrer += 1;
        }
        Ok(graph)
    }

    /// The most subschemas that can be looking at one value at a time, one because of the other.
    pub(super) fn longest_path(&self) -> Result<usize, InvalidSchema> {
        let mut longest = vec![1_usize; self.subschemas.len()];
        let mut paths = vec![1_u64; self.subschemas.len()];
        for index in self.targets_first()? {
            for &target in &self.subschemas[index].in_place {
                longest[index] = longest[index].max(longest[target] + 1);
                paths[index] = paths[index].saturating_add(paths[target]);
            }
            if longest[index] > MAX_LENGTH {
                return Err(InvalidSchema::PathTooLong(MAX_LENGTH));
            }
            if paths[index] > MAX_PATHS {
                return Err(InvalidSchema::TooManyPaths(MAX_PATHS));
            }
        }
        Ok(longest.into_iter().max().unwrap_or_default())
    }

    /// Every subschema behind those it has looking at the same value.
    fn targets_first(&self) -> Result<Vec<usize>, InvalidSchema> {
        let mut waiting = vec![0_usize; self.subschemas.len()];
        for &target in self.subschemas.iter().flat_map(|subschema| &subschema.in_place) {
            waiting[target] += 1;
        }
        let mut order: Vec<usize> = (0..waiting.len()).filter(|&index| waiting[index] == 0).collect();
        let mut done = 0;
        while let Some(&index) = order.get(done) {
            done += 1;
            for &target in &self.subschemas[index].in_place {
                waiting[target] -= 1;
                if waiting[target] == 0 {
                    order.push(target);
                }
            }
        }
        if order.len() < waiting.len() {
            return Err(self.endless(&waiting));
        }
        order.reverse();
        Ok(order)
    }

    fn endless(&self, waiting: &[usize]) -> InvalidSchema {
        let circle = self.subschemas.iter().zip(waiting).filter(|(_, waiting)| **waiting > 0);
        let reference = circle.flat_map(|(subschema, _)| references(subschema.schema)).next();
        InvalidSchema::Endless(reference.unwrap_or_default().to_owned())
    }

    /// The subschemas found so far.
    pub(super) fn subschemas(&self) -> &[Subschema<'a>] {
        &self.subschemas
    }

    /// Adds a subschema with all below it, unless it is there.
    fn add(&mut self, schema: &'a Value, resource: usize) -> Result<usize, InvalidSchema> {
        if let Some(&known) = self.at.get(&std::ptr::from_ref(schema)) {
            return Ok(known);
        }
        let index = self.subschemas.len();
        if index == MAX_SUBSCHEMAS {
            return Err(InvalidSchema::TooManySubschemas(MAX_SUBSCHEMAS));
        }
        let resource = if super::reference::id(schema).is_some() { index } else { resource };
        self.at.insert(schema, index);
        self.subschemas.push(Subschema { schema, resource, in_place: Vec::new() });
        for keyword in INSIDE {
            self.add_below(schema, keyword, resource)?;
        }
        for keyword in IN_PLACE {
            let below = self.add_below(schema, keyword, resource)?;
            self.connect(index, below)?;
        }
        Ok(index)
    }

    fn add_below(&mut self, schema: &'a Value, keyword: &str, resource: usize) -> Result<Vec<usize>, InvalidSchema> {
        let below: Vec<&'a Value> = match schema.get(keyword) {
            None => return Ok(Vec::new()),
            Some(Value::Object(members)) if MAPS.contains(&keyword) => members.values().collect(),
            Some(Value::Array(schemas)) => schemas.iter().collect(),
            Some(one) => vec![one],
        };
        below.into_iter().map(|schema| self.add(schema, resource)).collect()
    }

    fn follow(&mut self, referrer: usize) -> Result<(), InvalidSchema> {
        for text in references(self.subschemas[referrer].schema) {
            let targets = Reference::new(text).targets(self.subschemas(), referrer);
            if targets.is_empty() {
                return Err(InvalidSchema::Unresolved(text.to_owned()));
            }
            let targets: Result<Vec<_>, _> =
                targets.into_iter().map(|(schema, resource)| self.add(schema, resource)).collect();
            self.connect(referrer, targets?)?;
        }
        Ok(())
    }

    fn connect(&mut self, from: usize, to: Vec<usize>) -> Result<(), InvalidSchema> {
        self.edges += to.len();
        if self.edges > MAX_EDGES {
            return Err(InvalidSchema::TooManyPaths(MAX_PATHS));
        }
        self.subschemas[from].in_place.extend(to);
        Ok(())
    }
}

fn references(schema: &Value) -> impl Iterator<Item = &str> {
    REFERENCES.iter().filter_map(|keyword| schema.get(keyword)?.as_str())
}
