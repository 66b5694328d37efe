//! Where an account is not as the templates say, in both directions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::finding::Finding;
use super::pattern::fits;
use super::picture::{Entry, Function, GATEWAY_TAG, Identity, Picture};
use super::statement::Statement;

/// What to do about all of it.
const DEPLOY: &str = "deploy the templates again, or put what was changed into them";

/// What `penstock promote` and `rollback` write, and each deployment anew.
const CHANGING: [&str; 2] = ["function", "canary"];

/// Takes the reasons for wildcards from the templates: an account does not know them.
pub(super) fn lend_reasons(planned: &Picture, live: &mut Picture) {
    let roles: Vec<(String, &Identity)> = live
        .functions
        .iter()
        .filter_map(|function| Some((function.role.clone(), planned.role(twin(function, planned)?)?)))
        .collect();
    for (arn, role) in roles {
        if let Some(identity) = live.identities.iter_mut().find(|identity| identity.arn == arn) {
            identity.reasons.extend(role.reasons.clone());
        }
    }
}

/// What a template makes of a function that is there.
fn twin<'p>(live: &Function, planned: &'p Picture) -> Option<&'p Function> {
    planned.functions.iter().find(|function| fits(&function.arn, &live.arn))
}

/// All that differs.
pub(super) fn between(planned: &Picture, live: &Picture) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in &live.functions {
        match twin(function, planned) {
            Some(twin) => compare((twin, planned), (function, live), &mut findings),
            None => findings.push(Finding::new("drift.function", &function.name, "no template makes it", DEPLOY)),
        }
    }
    for function in &planned.functions {
        if !live.functions.iter().any(|there| fits(&function.arn, &there.arn)) {
            let text = "a template makes it, and it is not there";
            findings.push(Finding::new("drift.function", &function.name, text, DEPLOY));
        }
    }
    entries(planned, live, &mut findings);
    findings
}

fn compare(planned: (&Function, &Picture), live: (&Function, &Picture), findings: &mut Vec<Finding>) {
    let name = &live.0.name;
    tags(name, &planned.0.tags, &live.0.tags, findings);
    statements("drift.policy", name, &planned.0.policy, &live.0.policy, findings);
    if let (Some(role), Some(there)) = (planned.1.role(planned.0), live.1.role(live.0)) {
        statements("drift.role", name, &role.statements, &there.statements, findings);
        statements("drift.trust", name, &role.trust, &there.trust, findings);
        let same = role.managed.len() == there.managed.len();
        if !same || !there.managed.iter().all(|arn| role.managed.iter().any(|planned| fits(planned, arn))) {
            let text = format!(
                "its role has {} managed policies, and {} by the templates",
                there.managed.len(),
                role.managed.len()
            );
            findings.push(Finding::new("drift.role", name, text, DEPLOY));
        }
    }
    let mut urls = [planned.0, live.0].map(|function| {
        let mut urls: Vec<String> = function.urls.iter().map(|url| format!("{} {}", url.qualifier, url.auth)).collect();
        urls.sort();
        urls
    });
    if urls[0] != urls[1] {
        let [planned, live] = urls.each_mut().map(|urls| urls.join(", "));
        findings.push(Finding::new(
            "drift.url",
            name,
            format!("its URLs are [{live}], and [{planned}] by the templates"),
            DEPLOY,
        ));
    }
}

fn tags(name: &str, planned: &BTreeMap<String, String>, live: &BTreeMap<String, String>, findings: &mut Vec<Finding>) {
    let mut keys: Vec<&str> = planned.keys().map(String::as_str).collect();
    if !planned.contains_key(GATEWAY_TAG) {
        keys.push(GATEWAY_TAG);
    }
    for key in keys {
        let (wanted, there) = (planned.get(key), live.get(key));
        let same = match (wanted, there) {
            (Some(wanted), Some(there)) => fits(wanted, there),
            (wanted, there) => wanted == there,
        };
        if !same {
            let shown = |value: Option<&String>| value.map_or("nothing".to_owned(), |value| format!("{value:?}"));
            let text = format!("its tag {key} is {}, and {} by the templates", shown(there), shown(wanted));
            findings.push(Finding::new("drift.tag", name, text, DEPLOY));
        }
    }
}

fn statements(check: &'static str, name: &str, planned: &[Statement], live: &[Statement], findings: &mut Vec<Finding>) {
    for statement in live.iter().filter(|there| !planned.iter().any(|statement| there.is(statement))) {
        findings.push(Finding::new(check, name, format!("no template says: {statement}"), DEPLOY));
    }
    for statement in planned.iter().filter(|statement| !live.iter().any(|there| there.is(statement))) {
        findings.push(Finding::new(
            check,
            name,
            format!("a template says, and the account does not: {statement}"),
            DEPLOY,
        ));
    }
}

fn entries(planned: &Picture, live: &Picture, findings: &mut Vec<Finding>) {
    let in_either =
        |picture: &Picture, name: &str| picture.entries.iter().find(|entry| entry.parameter == name).cloned();
    for entry in &live.entries {
        let name = &entry.parameter;
        match in_either(planned, name) {
            None => findings.push(Finding::new("drift.entry", name, "no template makes it", DEPLOY)),
            Some(wanted) => differing(&wanted, entry, findings),
        }
    }
    for entry in planned.entries.iter().filter(|entry| in_either(live, &entry.parameter).is_none()) {
        findings.push(Finding::new(
            "drift.entry",
            &entry.parameter,
            "a template makes it, and it is not there",
            DEPLOY,
        ));
    }
}

/// Tells which members differ, but those that change without a deployment.
fn differing(planned: &Entry, live: &Entry, findings: &mut Vec<Finding>) {
    let parsed = [planned, live].map(|entry| serde_json::from_str::<Value>(&entry.value).unwrap_or_default());
    let [Some(wanted), Some(there)] = parsed.each_ref().map(Value::as_object) else { return };
    let mut names: Vec<&String> = wanted.keys().chain(there.keys()).collect();
    names.sort();
    names.dedup();
    names.retain(|name| !CHANGING.contains(&name.as_str()) && !alike(wanted.get(*name), there.get(*name)));
    for name in names {
        let text = format!("`{name}` is not what the templates say");
        findings.push(Finding::new("drift.entry", &live.parameter, text, DEPLOY));
    }
    if let (Some(wanted), Some(there)) = (planned.function(), live.function()) {
        let unversioned = |arn: &str| arn.rsplit_once(':').map_or(arn, |(function, _)| function).to_owned();
        if !wanted.contains('<') && wanted != there && unversioned(&wanted) != unversioned(&there) {
            let text = format!("it names {there}, and {wanted} by the templates");
            findings.push(Finding::new("drift.entry", &live.parameter, text, DEPLOY));
        }
    }
}

fn alike(planned: Option<&Value>, live: Option<&Value>) -> bool {
    match (planned, live) {
        (Some(planned), Some(live)) => planned == live || fits(&planned.to_string(), &live.to_string()),
        (planned, live) => planned == live,
    }
}
