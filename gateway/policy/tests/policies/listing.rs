//! What is listed is what could be called with some arguments.

use crate::support::{caller, listed, policies};

#[test]
fn what_is_denied_whatever_the_arguments_is_not_listed() {
    let policies = policies(
        r#"permit(principal, action, resource) when { resource.tags.contains("billing") && principal.groups.contains("finance") };
           permit(principal, action, resource == Tool::"ping");"#,
    );
    assert_eq!(listed(&policies, &caller(&[])), ["ping"]);
    assert_eq!(listed(&policies, &caller(&["finance"])), ["ping", "refund", "report"]);
}

#[test]
fn what_some_arguments_allow_is_listed() {
    let policies = policies(
        r#"permit(principal, action == Action::"tools/call", resource == Tool::"refund") when { context.arguments has amount && context.arguments.amount < 10 };
           permit(principal, action == Action::"tools/call", resource == Tool::"report");
           forbid(principal, action == Action::"tools/call", resource == Tool::"report") unless { context.arguments has month && context.arguments.month == "2026-01" };"#,
    );
    assert_eq!(listed(&policies, &caller(&[])), ["refund", "report"]);
}

#[test]
fn what_arguments_cannot_mend_is_not_listed() {
    let nobody = caller(&[]);
    for text in [
        // The caller lacks the group, on either side of what is unknown.
        r#"permit(principal, action == Action::"tools/call", resource) when { context.arguments has amount && context.arguments.amount < 10 && principal.groups.contains("x") };"#,
        r#"permit(principal, action == Action::"tools/call", resource) when { principal.groups.contains("x") && context.arguments has amount };"#,
        r#"permit(principal, action == Action::"tools/call", resource) when { context.arguments has amount } when { principal.groups.contains("x") };"#,
        // Forbidden either way.
        r#"permit(principal, action, resource);
           forbid(principal, action == Action::"tools/call", resource) when { context.arguments has amount || !principal.groups.contains("x") };"#,
        r#"permit(principal, action, resource);
           forbid(principal, action == Action::"tools/call", resource) unless { context.arguments has amount && principal.groups.contains("x") };"#,
        r#"permit(principal, action == Action::"tools/call", resource) when { if context.arguments has amount then false else principal.groups.contains("x") };"#,
    ] {
        assert!(listed(&policies(text), &nobody).is_empty(), "{text}");
    }
}

#[test]
fn a_tool_without_the_argument_or_never_without_it_is_judged_by_that() {
    let with = policies(
        r#"permit(principal, action == Action::"tools/call", resource) when { context.arguments has amount };"#,
    );
    assert_eq!(listed(&with, &caller(&[])), ["refund"], "no other tool has it");
    let without = policies(
        r#"permit(principal, action == Action::"tools/call", resource) unless { context.arguments has amount };"#,
    );
    assert_eq!(listed(&without, &caller(&[])), ["ping", "report"], "it is required of the other one");
}
