//! One value of a tool's parameter.

use penstock_protocol::manifest::{Manifest, ManifestError};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::function::{FunctionVersion, UnpublishedError};

/// A catalog entry, as it was written.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The value, byte for byte.
    pub(super) text: String,
    /// Of what: a tool's name, `prompt:name` and so on.
    pub(super) id: String,
    /// Which function, and which version of it.
    pub(super) function: FunctionVersion,
    /// The percentage of callers it is for; everybody, if absent.
    pub(super) canary: Option<u8>,
}

/// Why a value is no entry.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EntryError {
    /// Not a manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A checked-in manifest: none that was deployed.
    #[error("`function` is missing")]
    Undeployed,
    /// Not of a published version.
    #[error(transparent)]
    Function(#[from] UnpublishedError),
}

/// The one member that is changed.
#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow)]
    canary: Option<&'a RawValue>,
}

impl Entry {
    /// # Errors
    /// [`EntryError`], which says what the gateway would also refuse.
    pub(super) fn parse(text: &str) -> Result<Self, EntryError> {
        let (manifest, definition) = Manifest::parse(text.as_bytes())?;
        let function = FunctionVersion::parse(&manifest.function.ok_or(EntryError::Undeployed)?)?;
        let id = manifest.kind.id(definition.name());
        Ok(Self { text: text.to_owned(), id, function, canary: manifest.canary })
    }

    /// The last part of its parameter's name: Lambda, after whose functions parameters are named, knows neither dots
    /// nor colons.
    pub(super) fn slug(&self) -> String {
        slug(&self.id)
    }

    /// A canary's entry for another share of callers, or for everybody. Not a byte but those of the member changes.
    ///
    /// `None` if the member is spelled in a way that cannot be changed safely.
    pub(super) fn shared_with(&self, percent: Option<u8>) -> Option<Self> {
        let text = if percent == self.canary { self.text.clone() } else { respell(&self.text, percent)? };
        // What is written is what a gateway can read.
        Self::parse(&text).ok().filter(|entry| entry.canary == percent)
    }
}

/// `id` as the last part of a parameter's name.
pub(super) fn slug(id: &str) -> String {
    id.replace(['.', ':'], "-")
}

/// A JSON object with another value of `canary`, or without the member.
fn respell(object: &str, percent: Option<u8>) -> Option<String> {
    let value = serde_json::from_str::<Members<'_>>(object).ok()?.canary?.get();
    let start = value.as_ptr().addr().checked_sub(object.as_ptr().addr())?;
    let (before, after) = (object.get(..start)?, object.get(start + value.len()..)?);
    if let Some(percent) = percent {
        return Some(format!("{before}{percent}{after}"));
    }
    let before = before.trim_end().strip_suffix(':')?.trim_end().strip_suffix("\"canary\"")?.trim_end();
    match before.strip_suffix(',') {
        Some(before) => Some(format!("{before}{after}")),
        // It was the first.
        None => Some(format!("{before}{}", after.trim_start().strip_prefix(',')?)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, respell};

    const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:dev-penstock-ping:2";

    #[test]
    fn only_the_member_changes() {
        // Numbers, escapes and white space that no JSON library would write this way.
        let definition =
            r#"{"name":"ping","description":"",  "inputSchema":{"type":"object","maximum":1.50e+2,"title":"\u0061"}}"#;
        let entry =
            format!(r#"{{"canary": 10 ,"function":"{FUNCTION}","definition":{definition},"timeoutSeconds":3}}"#);
        let canary = Entry::parse(&entry).expect("an entry");
        let wider = canary.shared_with(Some(50)).expect("a canary");
        assert_eq!(wider.text, entry.replace(" 10 ", " 50 "));
        let everybodys = canary.shared_with(None).expect("a canary");
        assert_eq!(everybodys.text, entry.replace(r#""canary": 10 ,"#, ""));
        assert_eq!((everybodys.canary, everybodys.function.version), (None, 2));
    }

    #[test]
    fn the_member_is_found_wherever_it_stands() {
        for (object, without) in [
            (r#"{"canary":1,"a":2}"#, r#"{"a":2}"#),
            (r#"{"a":"canary","canary":1}"#, r#"{"a":"canary"}"#),
            (r#"{"a":{"canary":7},"canary" : 1 ,"b":3}"#, r#"{"a":{"canary":7} ,"b":3}"#),
        ] {
            assert_eq!(respell(object, None).as_deref(), Some(without), "{object}");
        }
        assert_eq!(
            respell(r#"{"a":{"canary":7},"canary":1}"#, Some(0)).as_deref(),
            Some(r#"{"a":{"canary":7},"canary":0}"#)
        );
        assert_eq!(respell(r#"{"a":{"canary":7}}"#, Some(0)), None);
    }

    #[test]
    fn a_member_in_disguise_is_left_alone() {
        assert_eq!(respell(r#"{"a":2,"\u0063anary":1}"#, None), None);
    }
}
