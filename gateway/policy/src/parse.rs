//! From text to named policies that fit the schema, or to everything that is wrong with them.

use std::collections::BTreeMap;

use cedar_policy::{ActionConstraint, EntityUid, Policy, PolicyId, PolicySet, ValidationMode, Validator};
use miette::Diagnostic;

use crate::mentions::Mentions;
use crate::model::Model;
use crate::place::File;
use crate::source::Source;

/// Most policies.
const MAX_POLICIES: usize = 1000;

/// Where each policy is from.
type Files<'a> = BTreeMap<PolicyId, File<'a>>;

/// Policies that were read.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) policies: Vec<(Policy, Mentions)>,
    /// What is odd, but no mistake.
    pub(crate) warnings: Vec<String>,
}

/// Reads policies and holds them against the schema.
///
/// # Errors
/// Every mistake, each with its file.
pub(crate) fn parse(source: &Source, model: &Model) -> Result<Parsed, Vec<String>> {
    let mut parsed = Parsed::default();
    let mut mistakes = Vec::new();
    let mut files = Files::new();
    for (name, text) in &source.0 {
        let file = File { name, text };
        for policy in in_file(file, &mut mistakes) {
            if let Some(other) = files.get(policy.id()) {
                mistakes.push(format!("{name}: the id {:?} is taken in {}", policy.id().to_string(), other.name));
            } else {
                files.insert(policy.id().clone(), file);
                let mentions = Mentions::of(&policy);
                parsed.policies.push((policy, mentions));
            }
        }
    }
    if parsed.policies.len() > MAX_POLICIES {
        return Err(vec![format!("there are more than {MAX_POLICIES} policies")]);
    }
    validate(&mut parsed, model, &files, &mut mistakes);
    for (policy, mentions) in &parsed.policies {
        let name = files.get(policy.id()).map_or("", |file| file.name);
        let about = |text: String| format!("{name}: for policy `{}`, {text}", policy.id());
        let (unknown, odd) = unknown_arguments(policy, mentions, model);
        mistakes.extend(unknown.into_iter().map(about));
        parsed.warnings.extend(odd.into_iter().map(about));
        let strange = |uid: &&EntityUid| model.is_of_the_catalog(uid) && !model.entries.contains_key(*uid);
        let strange = mentions.entities.iter().filter(strange);
        parsed.warnings.extend(strange.map(|uid| about(format!("the catalog does not have {uid}"))));
    }
    if mistakes.is_empty() { Ok(parsed) } else { Err(mistakes) }
}

/// Arguments a policy asks about that it will never see. Where entries have such an argument this is a mistake: what
/// the policy forbids would be allowed.
fn unknown_arguments(policy: &Policy, mentions: &Mentions, model: &Model) -> (Vec<String>, Vec<String>) {
    let (mut unknown, mut odd) = (Vec::new(), Vec::new());
    let concerned = || model.arguments.iter().filter(|(action, _)| concerns(policy, model.action(**action)));
    for name in &mentions.arguments {
        for (action, _) in concerned().filter(|(_, arguments)| arguments.left_out.contains(name)) {
            unknown.push(format!(
                "argument `{name}` of {action} is unknown to policies: entries disagree about its type, or it is no \
                 string, integer, boolean or array of these"
            ));
        }
        if !concerned().any(|(_, all)| all.typed.contains_key(name) || all.left_out.contains(name)) {
            odd.push(format!("no entry has an argument `{name}`"));
        }
    }
    (unknown, odd)
}

/// Whether a policy can say anything about an action.
pub(crate) fn concerns(policy: &Policy, action: &EntityUid) -> bool {
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(one) => one == *action,
        ActionConstraint::In(some) => some.contains(action),
    }
}

/// The policies of one file, by the ids they say or else by file and place, counted from one.
fn in_file(file: File<'_>, mistakes: &mut Vec<String>) -> Vec<Policy> {
    let set = match file.text.parse::<PolicySet>() {
        Ok(set) => set,
        Err(errors) => {
            mistakes.extend(errors.iter().map(|error| file.says(error)));
            return Vec::new();
        }
    };
    let name = file.name;
    let templates = set.templates().map(|template| format!("{name}: {}", place(template.id()).1));
    mistakes.extend(templates.map(|place| format!("{place}: is a template; policies have no slots here")));
    let mut policies: Vec<_> = set.policies().map(|policy| (place(policy.id()).0, policy)).collect();
    policies.sort_by_key(|(at, _)| *at);
    let named = policies.into_iter().map(|(at, policy)| match policy.annotation("id") {
        Some(id) if !id.is_empty() => policy.new_id(PolicyId::new(id)),
        _ => policy.new_id(PolicyId::new(format!("{name}:{at}"))),
    });
    named.collect()
}

/// Which policy of its file Cedar has named `policy<n>`.
fn place(id: &PolicyId) -> (usize, String) {
    let at = id.to_string().strip_prefix("policy").and_then(|at| at.parse::<usize>().ok()).map_or(0, |at| at + 1);
    (at, format!("policy {at}"))
}

fn validate(parsed: &mut Parsed, model: &Model, files: &Files<'_>, mistakes: &mut Vec<String>) {
    let set = match PolicySet::from_policies(parsed.policies.iter().map(|(policy, _)| policy.clone())) {
        Ok(set) => set,
        Err(error) => return mistakes.push(error.to_string()),
    };
    let result = Validator::new(model.schema.clone()).validate(&set, ValidationMode::Strict);
    let says = |id: &PolicyId, diagnostic: &dyn Diagnostic| {
        files.get(id).map_or_else(|| diagnostic.to_string(), |file| file.says_of(id, diagnostic))
    };
    mistakes.extend(result.validation_errors().map(|error| says(error.policy_id(), error)));
    parsed.warnings.extend(result.validation_warnings().map(|warning| says(warning.policy_id(), warning)));
}
