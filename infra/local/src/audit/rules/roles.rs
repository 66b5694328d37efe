//! What the roles of functions may do, and who may take them on.

use super::super::finding::Finding;
use super::super::pattern::{fits, is_open, is_wild};
use super::super::picture::{Function, Identity, Picture};
use super::super::statement::Statement;

/// Who takes on the role of a function.
const LAMBDA: &str = "lambda.amazonaws.com";

pub(super) fn check(picture: &Picture, findings: &mut Vec<Finding>) {
    for function in &picture.functions {
        let Some(role) = picture.role(function) else {
            let text = format!("its role {} is not to be seen, so nobody knows what it may do", function.role);
            findings.push(Finding::new(
                "role.unknown",
                &function.name,
                text,
                "audit the template that makes the role too",
            ));
            continue;
        };
        role.statements.iter().for_each(|statement| wildcards(function, role, statement, findings));
        managed(function, role, findings);
        trust(function, role, findings);
        let others = picture.functions.iter().filter(|other| other.role == function.role && other.arn != function.arn);
        for other in others {
            let text = format!("its role is that of {} too", other.name);
            findings.push(Finding::new("role.shared", &function.name, text, "give each function a role of its own"));
        }
    }
}

/// Why a role may have an action on a resource with a wildcard.
pub(in super::super) fn reason<'r>(role: &'r Identity, action: &str, resource: &str) -> Option<&'r str> {
    let is_for = |actions: &[String]| actions.iter().any(|one| one.eq_ignore_ascii_case(action));
    let about = |named: &str| named == resource || fits(named, resource);
    role.reasons
        .iter()
        .find(|reason| is_for(&reason.actions) && about(&reason.resource))
        .map(|reason| reason.text.as_str())
}

fn wildcards(function: &Function, role: &Identity, statement: &Statement, findings: &mut Vec<Finding>) {
    if statement.deny {
        return;
    }
    let mut found = |check, text: String, mend| findings.push(Finding::new(check, &function.name, text, mend));
    if !statement.not_actions.is_empty() || !statement.not_resources.is_empty() {
        let but = [statement.not_actions.as_slice(), &statement.not_resources].concat().join(", ");
        found("wildcard.all-but", format!("it may do all but {but}"), "name what it may do");
    }
    for action in &statement.actions {
        if is_wild(action) || is_open(action) {
            let text = format!("it may do {action} on {}", statement.resources.join(", "));
            found("wildcard.action", text, "name each action");
        }
        let unbounded = statement.resources.iter().filter(|resource| is_wild(resource) || is_open(resource));
        for resource in unbounded.filter(|resource| reason(role, action, resource).is_none()) {
            let mend = "name the resource, or say in wildcardReasons why none can be named; of an account alone, give \
                        the templates too, which hold the reasons";
            found("wildcard.resource", format!("it may do {action} on {resource}, and nothing says why"), mend);
        }
    }
}

fn managed(function: &Function, role: &Identity, findings: &mut Vec<Finding>) {
    for policy in &role.managed {
        let text = format!("the managed policy {policy} is attached to its role");
        let mend = "detach it, and write what the function needs of it into its iam.json";
        findings.push(Finding::new("role.managed-policy", &function.name, text, mend));
    }
}

fn trust(function: &Function, role: &Identity, findings: &mut Vec<Finding>) {
    for statement in role.trust.iter().filter(|statement| !statement.deny) {
        let is_lambda = statement.principals == [LAMBDA] && !statement.not_principals;
        if !is_lambda || statement.actions != ["sts:AssumeRole"] {
            let but = if statement.not_principals { "all but " } else { "" };
            let text = format!(
                "{but}{} may take on its role ({})",
                statement.principals.join(", "),
                statement.actions.join(", ")
            );
            findings.push(Finding::new("role.trust", &function.name, text, "let Lambda alone take it on"));
        }
    }
}
