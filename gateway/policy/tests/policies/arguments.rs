//! Policies that look into arguments.

use crate::support::{call, caller, policies};

const SMALL: &str = r#"
permit(principal, action, resource);
@id("large") forbid(principal, action == Action::"tools/call", resource == Tool::"refund")
when { context.arguments has amount && context.arguments.amount > 100 };
"#;

#[test]
fn a_call_is_decided_by_what_it_brings() {
    let policies = policies(SMALL);
    let alice = caller(&[]);
    assert!(call(&policies, &alice, "refund", r#"{"amount":100}"#).allowed);
    let large = call(&policies, &alice, "refund", r#"{"amount":101}"#);
    assert_eq!((large.allowed, large.policies), (false, vec!["large".to_owned()]));
}

#[test]
fn no_spelling_of_a_number_slips_past_a_policy() {
    let policies = policies(SMALL);
    let alice = caller(&[]);
    for amount in ["1e3", "1000.0", "1.0E+3", "9223372036854775807", "9223372036854775808", "1e30", "1e400"] {
        let arguments = format!(r#"{{"amount":{amount}}}"#);
        assert!(!call(&policies, &alice, "refund", &arguments).allowed, "{amount}");
    }
    assert!(call(&policies, &alice, "refund", r#"{"amount":1e2}"#).allowed);
    assert!(call(&policies, &alice, "refund", r#"{"amount":-0.0}"#).allowed);
}

#[test]
fn an_argument_that_is_there_twice_is_refused() {
    let policies = policies(SMALL);
    for arguments in
        [r#"{"amount":1,"amount":1000}"#, r#"{"amount":1000,"amount":1}"#, r#"{"amount":1,"\u0061mount":1}"#]
    {
        let decision = call(&policies, &caller(&[]), "refund", arguments);
        assert!(!decision.allowed && decision.reason.is_some(), "{arguments}");
    }
}

#[test]
fn what_policies_do_not_ask_about_does_not_matter() {
    let policies = policies(SMALL);
    let labels = vec!["x"; 100_000];
    let arguments = serde_json::json!({ "amount": 1, "labels": labels, "reason": "y".repeat(100_000) }).to_string();
    assert!(call(&policies, &caller(&[]), "refund", &arguments).allowed);
    assert!(call(&policies, &caller(&[]), "report", r#"{"amount":1000}"#).allowed, "no argument of this tool");
}

#[test]
fn text_arrays_and_booleans_are_known_and_null_is_absence() {
    let policies = policies(
        r#"permit(principal, action == Action::"tools/call", resource) when {
            context.arguments has labels && context.arguments.labels.contains("ok")
            && !(context.arguments has reason)
            && context.arguments has dryRun && context.arguments.dryRun };"#,
    );
    let alice = caller(&[]);
    let allowed = |arguments| call(&policies, &alice, "refund", arguments).allowed;
    assert!(allowed(r#"{"amount":1,"labels":["a","ok"],"reason":null,"dryRun":true}"#));
    assert!(!allowed(r#"{"amount":1,"labels":["a"],"dryRun":true}"#));
    assert!(!allowed(r#"{"amount":1,"labels":["ok"],"reason":"x","dryRun":true}"#));
    assert!(!allowed(r#"{"amount":1,"labels":["ok"],"dryRun":false}"#));
}

#[test]
fn more_than_policies_can_look_into_is_refused() {
    let policies = policies(
        r#"permit(principal, action, resource);
           forbid(principal, action == Action::"tools/call", resource) when { context.arguments has labels && context.arguments.labels.contains("bad") };
           forbid(principal, action == Action::"tools/call", resource) when { context.arguments has reason && context.arguments.reason like "*bad*" };"#,
    );
    let alice = caller(&[]);
    let many = serde_json::json!({ "amount": 1, "labels": vec!["x"; 1001] }).to_string();
    assert!(!call(&policies, &alice, "refund", &many).allowed);
    let long = serde_json::json!({ "amount": 1, "reason": "y".repeat(70_000) }).to_string();
    let refused = call(&policies, &alice, "refund", &long);
    assert!(!refused.allowed && !refused.reason.expect("a reason").contains("yyy"), "no value is repeated");
}

#[test]
fn a_policy_that_forbids_and_fails_forbids() {
    let policies = policies(
        r#"permit(principal, action, resource);
           @id("sum") forbid(principal, action == Action::"tools/call", resource) when { context.arguments has amount && context.arguments.amount + 1 > 100 };"#,
    );
    let overflow = call(&policies, &caller(&[]), "refund", r#"{"amount":9223372036854775807}"#);
    assert_eq!((overflow.allowed, overflow.policies), (false, vec!["sum".to_owned()]));
}
