//! Roles, users and groups, and the policies attached to them.

use serde_json::Value;

use super::super::picture::{Identity, Picture, Reason};
use super::super::statement::Statement;
use super::intrinsic::Resolver;
use super::{Resource, names};

/// Where a role says why it holds wildcards; `infra/lib/wildcards.ts` writes it.
const REASONS: &str = "penstock:wildcards";

/// The kinds of identity, and what their ARNs begin with.
const KINDS: [(&str, &str); 3] = [("AWS::IAM::Role", "role"), ("AWS::IAM::User", "user"), ("AWS::IAM::Group", "group")];

pub(super) fn read(resolver: &Resolver<'_>, picture: &mut Picture) {
    for resource in resolver.stack.resources() {
        let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == resource.kind) else { continue };
        let policies = resolver.value(&resource.properties["Policies"]);
        let documents = match &policies {
            Value::Array(policies) => policies.iter().map(document).collect(),
            Value::Null => Vec::new(),
            unreadable => vec![unreadable],
        };
        picture.identities.push(Identity {
            arn: names::identity_arn(resolver, kind, resource),
            name: names::reference(resolver, resource),
            statements: documents.into_iter().flat_map(Statement::all).collect(),
            managed: texts(&resolver.value(&resource.properties["ManagedPolicyArns"])),
            trust: Statement::all(&resolver.value(&resource.properties["AssumeRolePolicyDocument"])),
            reasons: reasons(resolver, resource),
            ..Identity::default()
        });
    }
}

/// The document of an inline policy, or what stands in its place.
fn document(policy: &Value) -> &Value {
    policy.get("PolicyDocument").unwrap_or(policy)
}

/// Adds to each identity the policies that are resources of their own.
pub(super) fn attach(resolver: &Resolver<'_>, picture: &mut Picture) {
    for resource in resolver.stack.resources() {
        let managed = match resource.kind {
            "AWS::IAM::ManagedPolicy" => true,
            "AWS::IAM::Policy" | "AWS::IAM::RolePolicy" | "AWS::IAM::UserPolicy" | "AWS::IAM::GroupPolicy" => false,
            _ => continue,
        };
        let statements = Statement::all(&resolver.value(&resource.properties["PolicyDocument"]));
        let reference = names::reference(resolver, resource);
        for (plural, singular, kind) in
            [("Roles", "RoleName", "role"), ("Users", "UserName", "user"), ("Groups", "GroupName", "group")]
        {
            let mut attached = texts(&resolver.value(&resource.properties[plural]));
            attached.extend(texts(&resolver.value(&resource.properties[singular])));
            for name in attached {
                let identity = named(resolver, picture, kind, &name);
                identity.statements.extend(statements.clone());
                identity.reasons.extend(reasons(resolver, resource));
                if managed && !identity.managed.contains(&reference) {
                    identity.managed.push(reference.clone());
                }
            }
        }
        if managed {
            // Attached by name on the other side: its statements are known all the same.
            for identity in picture.identities.iter_mut().filter(|one| one.managed.contains(&reference)) {
                let missing = statements.iter().filter(|statement| !identity.statements.contains(statement));
                let missing: Vec<Statement> = missing.cloned().collect();
                identity.statements.extend(missing);
            }
        }
    }
    note_unread(resolver, picture);
}

/// Managed policies of no template: AWS's own, or made elsewhere.
fn note_unread(resolver: &Resolver<'_>, picture: &mut Picture) {
    let own: Vec<String> = resolver
        .stacks
        .iter()
        .flat_map(|stack| {
            let there = Resolver::new(resolver.stacks, stack);
            let policies = stack.resources().filter(|resource| resource.kind == "AWS::IAM::ManagedPolicy");
            policies.map(move |policy| names::reference(&there, policy))
        })
        .collect();
    for identity in &mut picture.identities {
        identity.unread = identity.managed.iter().filter(|arn| !own.contains(arn)).cloned().collect();
    }
}

/// The identity of a name, which may be one that is deployed elsewhere.
fn named<'p>(resolver: &Resolver<'_>, picture: &'p mut Picture, kind: &str, name: &str) -> &'p mut Identity {
    let prefix = format!(":{kind}/");
    let known = |identity: &Identity| identity.name == name && identity.arn.contains(&prefix);
    let at = picture.identities.iter().position(known).unwrap_or_else(|| {
        let arn = names::identity_named(resolver, &format!("{kind}/{name}"));
        picture.identities.push(Identity { arn, name: name.to_owned(), ..Identity::default() });
        picture.identities.len() - 1
    });
    &mut picture.identities[at]
}

fn reasons(resolver: &Resolver<'_>, resource: Resource<'_>) -> Vec<Reason> {
    let written = resource.metadata[REASONS].as_object().into_iter().flatten();
    let reason = |(name, said): (&String, &Value)| {
        Some(Reason {
            resource: resolver.substitute(&Value::String(name.clone()))?,
            actions: texts(&said["actions"]),
            text: said["reason"].as_str().filter(|text| !text.is_empty())?.to_owned(),
        })
    };
    written.filter_map(reason).collect()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
        _ => Vec::new(),
    }
}
