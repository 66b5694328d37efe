//! The templates there are, and where each would be deployed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::AuditError;
use super::Stack;

/// What the CDK calls a template.
const ENDING: &str = ".template.json";

/// Folders below `cdk.out` that hold the templates of stages.
const ASSEMBLY: &str = "assembly-";

/// Stages in stages.
const MAX_DEPTH: usize = 4;

/// Bytes of a template; CloudFormation takes one megabyte.
const MAX_SIZE: u64 = 4 * 1024 * 1024;

/// Where something is deployed, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Place {
    /// `aws`, mostly.
    pub(in super::super) partition: Option<String>,
    pub(in super::super) region: Option<String>,
    pub(in super::super) account: Option<String>,
}

impl Place {
    /// What stands for a pseudo parameter.
    pub(super) fn of(&self, parameter: &str) -> Option<&str> {
        match parameter {
            "AWS::Partition" => self.partition.as_deref(),
            "AWS::Region" => self.region.as_deref(),
            "AWS::AccountId" => self.account.as_deref(),
            _ => None,
        }
    }

    /// Whether a stack made for `self` can be deployed to `other`.
    fn can_be(&self, other: &Self) -> bool {
        let agree = |left: &Option<String>, right: &Option<String>| left.is_none() || right.is_none() || left == right;
        agree(&self.region, &other.region) && agree(&self.account, &other.account)
    }
}

/// All templates at the paths that can be deployed to where `known` is, in order of path.
pub(super) fn stacks(paths: &[PathBuf], known: &Place) -> Result<Vec<Stack>, AuditError> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            visit(path, MAX_DEPTH, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    let mut stacks = Vec::new();
    for file in &files {
        let stack = stack(file)?;
        if stack.place.can_be(known) {
            let place = Place {
                partition: stack.place.partition.or_else(|| known.partition.clone()),
                region: stack.place.region.or_else(|| known.region.clone()),
                account: stack.place.account.or_else(|| known.account.clone()),
            };
            stacks.push(Stack { place, ..stack });
        }
    }
    if stacks.is_empty() { Err(AuditError::NoTemplate(paths.to_vec())) } else { Ok(stacks) }
}

fn visit(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), AuditError> {
    let unreadable = |error| AuditError::Unreadable { path: folder.to_owned(), error };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_file() && name.ends_with(ENDING) {
            files.push(path);
        } else if path.is_dir() && name.starts_with(ASSEMBLY) && depth > 0 {
            visit(&path, depth - 1, files)?;
        }
    }
    Ok(())
}

fn stack(file: &Path) -> Result<Stack, AuditError> {
    let json = json(file)?;
    if !json["Resources"].is_object() {
        return Err(AuditError::NotATemplate(file.to_owned()));
    }
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = name.strip_suffix(ENDING).or_else(|| name.strip_suffix(".json")).unwrap_or(name);
    Ok(Stack { name: name.to_owned(), json, place: place(file) })
}

fn json(file: &Path) -> Result<Value, AuditError> {
    let unreadable = |error| AuditError::Unreadable { path: file.to_owned(), error };
    let size = fs::metadata(file).map_err(unreadable)?.len();
    if size > MAX_SIZE {
        return Err(AuditError::TooLarge(file.to_owned()));
    }
    let text = fs::read(file).map_err(unreadable)?;
    serde_json::from_slice(&text).map_err(|error| AuditError::NotJson { path: file.to_owned(), error })
}

/// Where the CDK's `manifest.json` beside a template says that it goes: `aws://account/region`.
fn place(file: &Path) -> Place {
    let named = |artifact: &Value| {
        let template = artifact["properties"]["templateFile"].as_str()?;
        if Some(template) != file.file_name().and_then(|name| name.to_str()) {
            return None;
        }
        let (account, region) = artifact["environment"].as_str()?.strip_prefix("aws://")?.split_once('/')?;
        let known = |text: &str| (!text.starts_with("unknown-")).then(|| text.to_owned());
        Some(Place { partition: None, region: known(region), account: known(account) })
    };
    let manifest = json(&file.with_file_name("manifest.json")).unwrap_or_default();
    manifest["artifacts"]
        .as_object()
        .into_iter()
        .flatten()
        .find_map(|(_, artifact)| named(artifact))
        .unwrap_or_default()
}
