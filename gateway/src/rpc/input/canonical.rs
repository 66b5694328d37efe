//! A digest of a request that is the same however its JSON is laid out.

use std::borrow::Cow;
use std::fmt;

use penstock_protocol::RawValue;
use ring::digest::{Context, SHA256, SHA256_OUTPUT_LEN};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// A SHA-256 digest.
pub(super) type Digest = [u8; SHA256_OUTPUT_LEN];

/// The members of a retry that its first request did not have, or had with other values (rule Q-4).
const OF_THE_ROUND: [&str; 3] = ["\"_meta\"", "\"inputResponses\"", "\"requestState\""];

/// Levels whose layout does not matter. Each is scanned anew by those above it, so this bounds the
/// work; no client lays out again what is nested deeper.
const MAX_LEVELS: usize = 32;

/// What makes a request the one it is: who sends it, its method, and its parameters but for what
/// changes from round to round. Order of members, white space and the spelling of strings do not
/// matter; everything else does, the spelling of numbers and members named twice included.
pub(super) fn digest(principal: &str, method: &str, params: &RawValue) -> Digest {
    let mut hash = Hash(Context::new(&SHA256));
    // Neither holds a line feed unescaped: methods are the gateway's own names, principals are JSON.
    hash.text(principal);
    hash.text("\n");
    hash.text(method);
    hash.text("\n");
    hash.object(params, MAX_LEVELS, |name| !OF_THE_ROUND.contains(&name));
    hash.0.finish().as_ref().try_into().unwrap_or_default()
}

struct Hash(Context);

impl Hash {
    fn text(&mut self, text: &str) {
        self.0.update(text.as_bytes());
    }

    fn value(&mut self, value: &RawValue, levels: usize) {
        match value.get().as_bytes().first() {
            Some(b'{') if levels > 0 => self.object(value, levels - 1, |_| true),
            Some(b'[') if levels > 0 => self.array(value, levels - 1),
            Some(b'"') => self.text(&string(value)),
            _ => self.text(value.get()),
        }
    }

    fn object(&mut self, object: &RawValue, levels: usize, counts: impl Fn(&str) -> bool) {
        let Ok(Members(members)) = serde_json::from_str(object.get()) else { return self.text(object.get()) };
        let members = members.into_iter().map(|(name, value)| (string(name), value));
        let mut members: Vec<_> = members.filter(|(name, _)| counts(name)).collect();
        members.sort_by(|(a, _), (b, _)| a.cmp(b));
        self.text("{");
        for (name, value) in members {
            self.text(&name);
            self.text(":");
            self.value(value, levels);
            self.text(",");
        }
        self.text("}");
    }

    fn array(&mut self, array: &RawValue, levels: usize) {
        let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(array.get()) else { return self.text(array.get()) };
        self.text("[");
        for item in items {
            self.value(item, levels);
            self.text(",");
        }
        self.text("]");
    }
}

/// A JSON string with no more escapes than it needs; as it stands if it is no Unicode text (half a
/// surrogate pair).
fn string(raw: &RawValue) -> Cow<'_, str> {
    let respelled = serde_json::from_str::<String>(raw.get()).and_then(|text| serde_json::to_string(&text));
    respelled.map_or(Cow::Borrowed(raw.get()), Cow::Owned)
}

/// The members of an object in their order, none dropped.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::digest;
    use penstock_protocol::RawValue;

    fn of(params: &str) -> super::Digest {
        digest("anonymous", "tools/call", &RawValue::from_string(params.to_owned()).expect("JSON"))
    }

    /// Q-6: a client may lay its retry out anew.
    #[test]
    fn layout_order_and_escapes_do_not_matter() {
        let one = of(r#"{"name":"é\n","arguments":{"b":[1,{"x":1,"y":2}],"a":"\/"}}"#);
        let same = of(
            r#" { "arguments" : { "\u0061":"/" , "b":[ 1 ,{"y":2,"x":1}]}, "na\u006de":"\u00e9\u000a","_meta":{"a":1},"requestState":"s","inputResponses":{}}"#,
        );
        assert_eq!(one, same);
    }

    /// What is nested deeper still counts, to the byte.
    #[test]
    fn work_is_bounded_by_depth() {
        let nested = |levels: usize, inner: &str| format!("{}{inner}{}", "[".repeat(levels), "]".repeat(levels));
        let params = |levels, inner| of(&format!(r#"{{"a":{}}}"#, nested(levels, inner)));
        assert_eq!(params(31, "[1, 2]"), params(31, "[1,2]"));
        assert_ne!(params(60, "[1, 2]"), params(60, "[1,2]"));
        assert_eq!(params(120, "1"), params(120, "1"));
    }

    /// Q-6: a retry of anything else is refused.
    #[test]
    fn everything_else_does() {
        let differ = [
            r#"{"a":{"b":1}}"#,
            r#"{"a":{"b":1.0}}"#,
            r#"{"a":{"b":"1"}}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":{"b":2,"b":1}}"#,
            r#"{"a":{"b":2}}"#,
            r#"{"a":{"b":[1,2]}}"#,
            r#"{"a":{"b":[2,1]}}"#,
            r#"{"a":{"b":[[1],2]}}"#,
            r#"{"a":{"b":[[1,2]]}}"#,
            r#"{"a":{"b":"\ud800"}}"#,
            r#"{"a":{"b":"\ud801"}}"#,
            r#"{"a":{"\ud800":1}}"#,
            r#"{"a":{"_meta":{}}}"#,
            r#"{"a":{}}"#,
            r#"{"a":{},"c":{}}"#,
        ];
        let digests: std::collections::HashSet<_> = differ.iter().map(|params| of(params)).collect();
        assert_eq!(digests.len(), differ.len());
        let params = RawValue::from_string("{}".to_owned()).expect("JSON");
        assert_ne!(digest("anonymous", "tools/call", &params), digest("anonymous", "prompts/get", &params));
        assert_ne!(digest("anonymous", "tools/call", &params), digest("[\"a\",null]", "tools/call", &params));
    }
}
