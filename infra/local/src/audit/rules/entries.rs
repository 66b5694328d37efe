//! Catalog entries and the functions they name.

use penstock_protocol::manifest::Manifest;

use super::super::finding::Finding;
use super::super::picture::{Entry, Function, Part, Picture};

pub(super) fn check(picture: &Picture, findings: &mut Vec<Finding>) {
    for entry in &picture.entries {
        content(picture, entry, findings);
        let twins = picture.entries.iter().filter(|other| other.gateway == entry.gateway && other.place == entry.place);
        if twins.filter(|other| other.parameter == entry.parameter || is_same(other, entry)).count() > 1 {
            let text = "another entry is for the same name";
            findings.push(Finding::new("entry.twice", &entry.parameter, text, "deploy one of them under another name"));
        }
    }
    for function in picture.functions.iter().filter(|function| function.part == Part::Tool) {
        let mut functions = picture.entries.iter().filter_map(Entry::function);
        if !functions.any(|arn| function.is_at(&arn)) {
            let text = format!("no entry in the catalog of {} names it, yet the gateway may call it", function.gateway);
            let mend = "deploy its entry with it, or take its tag away";
            findings.push(Finding::new("entry.none", &function.name, text, mend));
        }
    }
}

fn is_same(left: &Entry, right: &Entry) -> bool {
    id(left).is_some_and(|id| Some(id) == self::id(right))
}

fn id(entry: &Entry) -> Option<String> {
    let (manifest, definition) = Manifest::parse(entry.value.as_bytes()).ok()?;
    Some(manifest.kind.id(definition.name()))
}

fn content(picture: &Picture, entry: &Entry, findings: &mut Vec<Finding>) {
    let mut found = |check, text: String, mend| findings.push(Finding::new(check, &entry.parameter, text, mend));
    if let Err(error) = Manifest::parse(entry.value.as_bytes()) {
        return found("entry.malformed", error.to_string(), "write it by a deployment");
    }
    let id = id(entry).unwrap_or_default();
    if id.replace(['.', ':'], "-") != entry.slug {
        found("entry.name", format!("it defines {id}"), "call the parameter as what it defines, with - for . and :");
    }
    let Some(arn) = entry.function() else {
        return found("entry.no-function", "it names no function".to_owned(), "write it by a deployment");
    };
    match picture.functions.iter().find(|function| function.is_at(&arn)) {
        Some(function) => known(entry, function, &arn, &mut found),
        None if is_missed(picture, entry, &arn) => {
            found("entry.dangling", format!("there is no function {arn}"), "deploy the function, or delete the entry");
        }
        None if !is_version(&arn) => {
            found("entry.unpublished", format!("{arn} is no published version"), "name a version: …:function:name:7");
        }
        None => {}
    }
}

/// Whether a function should be there: it has the name of one that is deployed with its entry, or all that are in
/// its place were looked at.
fn is_missed(picture: &Picture, entry: &Entry, arn: &str) -> bool {
    let name = arn.split(":function:").nth(1).and_then(|name| name.split(':').next()).unwrap_or_default();
    let own = name.strip_prefix(entry.gateway.as_str()).and_then(|rest| rest.strip_prefix('-'));
    own == Some(entry.slug.as_str()) || picture.searched.as_deref().is_some_and(|place| arn.starts_with(place))
}

fn known(entry: &Entry, function: &Function, arn: &str, found: &mut impl FnMut(&'static str, String, &'static str)) {
    let deploy = "deploy the tool again: function, version and entry together";
    if function.part != Part::Tool {
        found("entry.own", format!("{arn} is the gateway's own function"), "name the tool's");
    }
    if arn == function.arn || !is_version(arn) {
        found("entry.unpublished", format!("{arn} is no published version: what it does can change unseen"), deploy);
    } else if !function.versions.iter().any(|version| version == arn) {
        found("entry.version", format!("{arn} is no version there is, or not one of this deployment"), deploy);
    } else if !function.live.is_empty() && !function.live.iter().any(|version| version == arn) {
        let text = format!("{arn} is served, and the alias live stands for {}", function.live.join(", "));
        found("entry.alias", text, "use penstock promote and rollback, which change both");
    }
    let others = function.name.starts_with(&format!("{}-", entry.gateway)) && function.slug() != entry.slug;
    if others {
        found("entry.function", format!("it names the function of {}", function.slug()), deploy);
    }
}

/// Whether an ARN ends with the number of a version, or with one that is only known once it is deployed.
fn is_version(arn: &str) -> bool {
    let name = arn.split_once(":function:").map_or(arn, |(_, name)| name);
    let version = name.split_once(':').map_or("", |(_, version)| version);
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    is_number || version.starts_with('<') || version.starts_with("${")
}
