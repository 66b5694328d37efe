//! Who may make a function run.

use serde::Serialize;
use serde_json::Value;

use super::super::finding::Finding;
use super::super::pattern::overlap;
use super::super::picture::{Function, Identity, Part, Picture};
use super::super::statement::{Statement, spelled};

/// AWS's managed policies that let nobody run a function, by the end of their ARNs.
const HARMLESS: [&str; 4] = [
    ":aws:policy/service-role/AWSLambdaBasicExecutionRole",
    ":aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
    ":aws:policy/AWSLambdaManagedEC2ResourceOperator",
    ":aws:policy/AWSXRayDaemonWriteAccess",
];

/// AWS's managed policy for everything.
const ADMINISTRATOR: &str = ":aws:policy/AdministratorAccess";

/// Operators by which a tag has to be as a condition says.
const EQUALS: [&str; 2] = ["StringEquals", "ForAnyValue:StringEquals"];

/// Somebody who may make a function run, and what lets them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in super::super) struct Invoker {
    /// An ARN, an account, a service, or `*` for everybody.
    pub(in super::super) who: String,
    /// What lets them.
    pub(in super::super) by: String,
    /// What else has to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) condition: Option<Value>,
    /// Whether it is as it should be.
    pub(in super::super) meant: bool,
}

pub(super) fn check(picture: &Picture, allowed: &[String], findings: &mut Vec<Finding>) {
    for function in &picture.functions {
        for invoker in invokers(picture, function, allowed).iter().filter(|invoker| !invoker.meant) {
            let on =
                invoker.condition.as_ref().map(|condition| format!(", if {}", spelled(condition))).unwrap_or_default();
            let text = format!("{} may invoke it, by {}{on}", invoker.who, invoker.by);
            let mend = "take the statement away; if it is meant, accept the principal with --allow-principal";
            findings.push(Finding::new("invoker.second", &function.name, text, mend));
        }
        urls(function, findings);
        for source in &function.sources {
            let text = format!("Lambda itself runs it for {source}");
            findings.push(Finding::new("invoker.source", &function.name, text, "delete the event source mapping"));
        }
    }
    for identity in picture.identities.iter().filter(|identity| !is_allowed(&identity.arn, allowed)) {
        if is_administrator(identity) {
            let mend = "accept those you know with --allow-principal; they are listed then, and others found";
            let text = "may do everything, so invoke every tool too";
            findings.push(Finding::new("invoker.administrator", &identity.arn, text, mend));
        } else {
            unread(identity, findings);
        }
    }
}

/// Managed policies that nobody could read may allow anything.
fn unread(identity: &Identity, findings: &mut Vec<Finding>) {
    for policy in identity.unread.iter().filter(|policy| !is_aws(policy, &HARMLESS)) {
        let text = format!("has the managed policy {policy}, whose statements are not to be seen");
        let mend = "write the statements out, audit the account with --live, or accept it with --allow-principal";
        findings.push(Finding::new("invoker.unread", &identity.arn, text, mend));
    }
}

/// Those who may do everything, in order of name.
pub(in super::super) fn administrators(picture: &Picture) -> Vec<&str> {
    let everything = picture.identities.iter().filter(|identity| is_administrator(identity));
    let mut arns: Vec<&str> = everything.map(|identity| identity.arn.as_str()).collect();
    arns.sort_unstable();
    arns
}

fn is_administrator(identity: &Identity) -> bool {
    identity.statements.iter().any(Statement::is_everything)
        || identity.managed.iter().any(|policy| is_aws(policy, &[ADMINISTRATOR]))
}

fn is_aws(policy: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| policy.ends_with(end))
}

fn is_allowed(who: &str, allowed: &[String]) -> bool {
    allowed.iter().any(|pattern| overlap(pattern, who))
}

/// Everybody who may run a function, administrators aside, in order of name.
///
/// Within an account it is enough that one policy allows it. A `Deny` takes nobody off the list.
pub(in super::super) fn invokers(picture: &Picture, function: &Function, allowed: &[String]) -> Vec<Invoker> {
    let mut found = Vec::new();
    for identity in picture.identities.iter().filter(|identity| !is_administrator(identity)) {
        let invoking = identity.statements.iter().filter(|statement| statement.may_invoke(&function.arn));
        for statement in invoking.filter(|statement| !is_for_other_tags(statement, function)) {
            let sid = statement.sid.as_deref().map(|sid| format!(" ({sid})")).unwrap_or_default();
            found.push(Invoker {
                by: format!("a policy of its own{sid}"),
                condition: statement.condition.clone(),
                meant: is_meant(picture, function, &identity.arn) || is_allowed(&identity.arn, allowed),
                who: identity.arn.clone(),
            });
        }
    }
    for statement in function.policy.iter().filter(|statement| !statement.deny) {
        let unread = ["somebody who cannot be read".to_owned()];
        let named = if statement.principals.is_empty() { unread.as_slice() } else { &statement.principals };
        for who in named {
            let is_public = function.part != Part::Tool && is_by_url(statement);
            found.push(Invoker {
                who: if statement.not_principals { format!("everybody but {who}") } else { who.clone() },
                by: format!("the policy of {} ({})", statement.resources.join(", "), statement.actions.join(", ")),
                condition: statement.condition.clone(),
                meant: !statement.not_principals
                    && (is_public || is_caller(picture, function, statement, who) || is_allowed(who, allowed)),
            });
        }
    }
    found.sort_by(|left, right| (&left.who, &left.by).cmp(&(&right.who, &right.by)));
    found.dedup();
    found
}

/// The gateway, as the policy of a version names it: nothing but invoking.
fn is_caller(picture: &Picture, function: &Function, statement: &Statement, who: &str) -> bool {
    statement.actions == ["lambda:InvokeFunction"] && is_meant(picture, function, who)
}

/// Whether it is the gateway's role. It calls tools, and itself for tasks; nobody calls the front but by its URL.
fn is_meant(picture: &Picture, function: &Function, who: &str) -> bool {
    let own = picture.functions.iter().filter(|one| one.part == Part::Gateway && one.gateway == function.gateway);
    function.part != Part::Front
        && (who == function.gateway_role() || own.into_iter().any(|gateway| gateway.role == who))
}

/// Whether a statement lets people in by the function's URL and in no other way.
fn is_by_url(statement: &Statement) -> bool {
    match statement.actions.as_slice() {
        [action] if action == "lambda:InvokeFunctionUrl" => {
            !statement.demands(&["StringEquals"], "lambda:FunctionUrlAuthType").is_empty()
        }
        [action] if action == "lambda:InvokeFunction" => {
            statement.demands(&["Bool"], "lambda:InvokedViaFunctionUrl") == ["true"]
        }
        _ => false,
    }
}

/// Whether a condition wants a tag that the function does not have.
fn is_for_other_tags(statement: &Statement, function: &Function) -> bool {
    let Some(Value::Object(condition)) = &statement.condition else { return false };
    let keys = condition.values().filter_map(Value::as_object).flat_map(|keys| keys.keys());
    keys.filter(|key| key.to_lowercase().starts_with("aws:resourcetag/")).any(|key| {
        let wanted = statement.demands(&EQUALS, key);
        let tag = key.split_once('/').and_then(|(_, name)| function.tags.get(name));
        let is_open = wanted.iter().any(|value| value.contains("${"));
        !wanted.is_empty() && !is_open && tag.is_none_or(|tag| !wanted.contains(tag))
    })
}

fn urls(function: &Function, findings: &mut Vec<Finding>) {
    for url in &function.urls {
        let at = if url.qualifier.is_empty() { String::new() } else { format!(" at {}", url.qualifier) };
        if function.part == Part::Tool {
            let text = format!("it has a function URL{at}, which goes past the gateway");
            findings.push(Finding::new("url.tool", &function.name, text, "delete the URL"));
        } else if url.auth == "NONE" && !function.guarded {
            let text = format!("its URL{at} is open, and it knows no origin secret to tell the distribution by");
            let mend = "set PENSTOCK_ORIGIN_SECRETS, and the same secret as a header of the distribution's origin";
            findings.push(Finding::new("url.open", &function.name, text, mend));
        }
    }
}
