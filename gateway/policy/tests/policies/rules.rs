//! Who may do what.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use penstock_policy::{Action, Input, Question};
use penstock_protocol::manifest::Kind;

use crate::support::{NOON, ask, call, caller, listed_at, policies};

#[test]
fn nothing_is_allowed_that_no_policy_permits() {
    let policies = policies(r#"permit(principal, action == Action::"tools/call", resource == Tool::"ping");"#);
    let alice = caller(&[]);
    assert!(call(&policies, &alice, "ping", "{}").allowed);
    let refused = call(&policies, &alice, "report", "{}");
    assert!(!refused.allowed && refused.policies.is_empty());
    assert!(!call(&policies, &alice, "nothing", "{}").allowed);
}

#[test]
fn forbid_overrides_permit_and_says_so() {
    let policies = policies(
        r#"@id("all") permit(principal, action, resource);
           @id("no-writes") forbid(principal, action, resource) when { resource.tags.contains("write") } unless { principal.groups.contains("admins") };"#,
    );
    let refused = call(&policies, &caller(&[]), "refund", r#"{"amount":1}"#);
    assert_eq!((refused.allowed, refused.policies), (false, vec!["no-writes".to_owned()]));
    let allowed = call(&policies, &caller(&["admins"]), "refund", r#"{"amount":1}"#);
    assert_eq!((allowed.allowed, allowed.policies), (true, vec!["all".to_owned()]));
}

#[test]
fn policies_without_an_id_are_known_by_file_and_place() {
    let policies = policies("permit(principal, action, resource);\npermit(principal is User, action, resource);");
    assert_eq!(call(&policies, &caller(&[]), "ping", "{}").policies, ["p.cedar:1", "p.cedar:2"]);
}

#[test]
fn a_caller_is_known_by_issuer_and_subject_and_by_its_claims() {
    let by_id = policies(r#"permit(principal == User::"https://issuer.example#alice", action, resource);"#);
    let mut alice = caller(&[]);
    assert!(call(&by_id, &alice, "ping", "{}").allowed);
    alice.issuer = "https://other.example".to_owned();
    assert!(!call(&by_id, &alice, "ping", "{}").allowed);

    let by_claim = policies(
        r#"permit(principal, action, resource) when {
            principal.scopes.contains("tools") && principal has tenant && principal.tenant == "t1"
            && principal has clientId && principal.clientId == "app" };"#,
    );
    assert!(!call(&by_claim, &alice, "ping", "{}").allowed);
    alice.scopes = vec!["tools".to_owned()];
    alice.tenant = Some("t1".to_owned());
    alice.client_id = Some("app".to_owned());
    assert!(call(&by_claim, &alice, "ping", "{}").allowed);
}

#[test]
fn time_counts_in_calls_and_in_lists() {
    let policies = policies(
        r#"permit(principal, action, resource) when {
            context.now.toTime() >= duration("8h") && context.now.toTime() < duration("18h") };"#,
    );
    let alice = caller(&[]);
    assert!(call(&policies, &alice, "ping", "{}").allowed);
    assert_eq!(listed_at(&policies, &alice, UNIX_EPOCH + NOON).len(), 3);
    let night = UNIX_EPOCH + NOON + Duration::from_hours(8);
    assert!(listed_at(&policies, &alice, night).is_empty());
}

#[test]
fn resources_are_known_by_uri_and_templates_by_their_variables() {
    let policies = policies(
        r#"permit(principal, action == Action::"resources/read", resource) when { context.uri like "docs://*" };
           permit(principal, action == Action::"resources/read", resource == ResourceTemplate::"file") when {
             context.arguments has owner && context.arguments.owner == "us" };"#,
    );
    let alice = caller(&[]);
    let none = BTreeMap::new();
    let readme = Input::Uri("docs://readme", &none);
    assert!(ask(&policies, &alice, Kind::Resource, "readme", readme).allowed);
    for (owner, allowed) in [("us", true), ("them", false)] {
        let variables = BTreeMap::from([("owner".to_owned(), owner.to_owned())]);
        let uri = format!("repo://{owner}/a/b");
        let input = Input::Uri(&uri, &variables);
        assert_eq!(ask(&policies, &alice, Kind::ResourceTemplate, "file", input).allowed, allowed);
    }
    assert!(ask(&policies, &alice, Kind::ResourceTemplate, "file", Input::Any).allowed, "some of it can be read");
}

#[test]
fn completing_is_an_action_of_its_own() {
    let policies = policies(
        r#"permit(principal, action == Action::"completion/complete", resource is Prompt)
           when { context.arguments has to && context.arguments.to == "bob" };"#,
    );
    let alice = caller(&[]);
    assert!(!ask(&policies, &alice, Kind::Prompt, "letter", Input::Json(r#"{"to":"bob"}"#)).allowed);
    let settled = BTreeMap::from([("to".to_owned(), "bob".to_owned())]);
    let (action, kind, input) = (Action::Complete, Kind::Prompt, Input::Text(&settled));
    let now = UNIX_EPOCH + NOON;
    assert!(policies.decide(&Question { caller: &alice, action, kind, name: "letter", input, now }).allowed);
}
