//! Where a `$ref` may lead, within its document.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::graph::Subschema;

/// A URI reference, taken apart at its fragment (RFC 3986 section 3.5).
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference<'r> {
    resource: &'r str,
    fragment: &'r str,
}

impl<'r> Reference<'r> {
    pub(super) fn new(text: &'r str) -> Self {
        let (resource, fragment) = text.split_once('#').unwrap_or((text, ""));
        Self { resource, fragment }
    }

    /// Every subschema the reference may mean, with the resource it is in; none if it leaves the document.
    ///
    /// Rather one too many: which of several anchors a dynamic reference means, and what a relative
    /// `$id` is relative to, is the validator's business. Here it matters that none is missed.
    pub(super) fn targets<'a>(self, subschemas: &[Subschema<'a>], referrer: usize) -> Vec<(&'a Value, usize)> {
        if !self.fragment.is_empty() && !self.fragment.starts_with('/') {
            let anchored = subschemas.iter().filter(|subschema| is_anchor(subschema.schema, self.fragment));
            return anchored.map(|subschema| (subschema.schema, subschema.resource)).collect();
        }
        let pointer = percent_decode_str(self.fragment).decode_utf8_lossy();
        let mut targets: Vec<_> = self
            .resources(subschemas, referrer)
            .filter_map(|resource| Some((subschemas[resource].schema.pointer(&pointer)?, resource)))
            .collect();
        if self.fragment.is_empty() {
            let recursive = |subschema: &&Subschema<'_>| subschema.schema.get("$recursiveAnchor").is_some();
            targets.extend(subschemas.iter().filter(recursive).map(|subschema| (subschema.schema, subschema.resource)));
        }
        targets
    }

    fn resources(self, subschemas: &[Subschema<'_>], referrer: usize) -> impl Iterator<Item = usize> {
        let own = subschemas[referrer].resource;
        (0..subschemas.len()).filter(move |&index| {
            if self.resource.is_empty() { index == own } else { self.names(subschemas[index].schema) }
        })
    }

    /// Whether a subschema has the `$id` the reference asks for, as written or as the end of a longer one.
    fn names(self, schema: &Value) -> bool {
        let same = |longer: &str, shorter: &str| {
            longer.strip_suffix(shorter).is_some_and(|base| base.is_empty() || base.ends_with('/'))
        };
        id(schema).is_some_and(|id| same(id, self.resource) || same(self.resource, id))
    }
}

/// A subschema's `$id` without an empty fragment; up to draft 7 one that is only a fragment is an anchor.
pub(super) fn id(schema: &Value) -> Option<&str> {
    let id = schema.get("$id")?.as_str()?;
    id.split('#').next().filter(|id| !id.is_empty())
}

fn is_anchor(schema: &Value, name: &str) -> bool {
    let is = |keyword, value: &str| schema.get(keyword).and_then(Value::as_str) == Some(value);
    is("$anchor", name) || is("$dynamicAnchor", name) || is("$id", &format!("#{name}"))
}
