//! Where a catalog is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// What a path of Parameter Store begins with in a location.
const SCHEME: &str = "ssm:";

/// Longest path, in bytes, so that a parameter's name below it still fits into the 1,011 Parameter Store allows with
/// an ARN in front.
const MAX_PATH: usize = 800;

/// Most segments of a path. Parameter Store takes 15 levels, and entries are one below.
const MAX_SEGMENTS: usize = 14;

/// Where a catalog's documents are: `PENSTOCK_CATALOG`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder of `*.json` files.
    Folder(PathBuf),
    /// `ssm:<path>`: the parameters right below a path of Parameter Store.
    Parameters(ParameterPath),
}

/// A path of Parameter Store that can hold entries: `/penstock/<gateway>/tools`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterPath(String);

/// A text that begins like a path of Parameter Store and is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no path of Parameter Store: write \"{SCHEME}/penstock/<gateway>/tools\", 1 to {MAX_SEGMENTS} names of \
     A-Z a-z 0-9 _ . - with a slash in front of each, at most {MAX_PATH} bytes, the first neither aws nor ssm"
)]
pub struct InvalidParameterPath(String);

impl ParameterPath {
    /// The path, with a slash in front and none behind.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ParameterPath {
    /// As [`Location`] spells it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}", self.0)
    }
}

impl FromStr for ParameterPath {
    type Err = InvalidParameterPath;

    fn from_str(text: &str) -> Result<Self, InvalidParameterPath> {
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
        };
        let names: Option<Vec<_>> = text.strip_prefix('/').map(|names| names.split('/').collect());
        // What begins like this is AWS's own.
        let is_reserved = |name: &str| ["aws", "ssm"].iter().any(|word| name.to_ascii_lowercase().starts_with(word));
        match names {
            Some(names)
                if text.len() <= MAX_PATH
                    && names.len() <= MAX_SEGMENTS
                    && names.iter().all(|name| is_name(name))
                    && !is_reserved(names[0]) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(InvalidParameterPath(text.to_owned())),
        }
    }
}

impl FromStr for Location {
    type Err = InvalidParameterPath;

    fn from_str(text: &str) -> Result<Self, InvalidParameterPath> {
        match text.strip_prefix(SCHEME) {
            Some(path) => path.parse().map(Self::Parameters),
            None => Ok(Self::Folder(text.into())),
        }
    }
}
