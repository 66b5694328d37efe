//! Which sets of policies are taken.

use penstock_policy::{Entry, Input, Policies};
use penstock_protocol::manifest::{Definition, Kind};
use serde_json::json;

use crate::support::{ask, call, caller, catalog, load, model, policies, tool, write};

fn mistakes(files: &[(&str, &str)]) -> Vec<String> {
    load(files).expect_err("a bad set").mistakes().to_vec()
}

#[test]
fn every_mistake_is_named_with_its_file() {
    let mistakes = mistakes(&[
        ("a.cedar", "permit(principal, action,\n  resource) wen { true };"),
        ("b.cedar", r#"permit(principal, action == Action::"tools/drop", resource);"#),
        ("c.cedar", "@id(\"c\") permit(principal, action, resource) when { principal.shoeSize > 4 };"),
        ("d.cedar", "permit(principal == ?principal, action, resource);"),
        ("e.cedar", "@id(\"c\") permit(principal, action, resource);"),
    ]);
    for expected in
        ["a.cedar:2:", "b.cedar:1:", "c.cedar:1:", "d.cedar: policy 1", "e.cedar: the id \"c\" is taken in c.cedar"]
    {
        assert!(mistakes.iter().any(|mistake| mistake.starts_with(expected)), "{expected} in {mistakes:#?}");
    }
    assert!(mistakes.iter().any(|mistake| mistake.contains("shoeSize")), "{mistakes:#?}");
}

#[test]
fn policies_must_fit_the_schema_of_the_catalog() {
    for text in [
        r#"permit(principal, action == Action::"tools/call", resource) when { context.arguments has amount && context.arguments.amount == "much" };"#,
        r#"permit(principal, action == Action::"tools/call", resource) when { context.arguments.amount > 1 };"#,
        r#"permit(principal, action == Action::"tools/call", resource) when { context.arguments == {"amount": 1} };"#,
        r#"permit(principal, action == Action::"prompts/get", resource is Prompt) when { resource.size > 1 };"#,
        "permit(principal is Robot, action, resource);",
    ] {
        assert!(load(&[("p.cedar", text)]).is_err(), "{text}");
    }
}

#[test]
fn an_argument_that_entries_type_differently_is_unknown_and_said_to_be() {
    let mut entries = catalog();
    entries.push(tool("charge", &[], &json!({ "amount": { "type": "string" } }), &[]));
    let folder = tempfile::tempdir().expect("a folder");
    let model = model(entries);
    for condition in [
        "context.arguments has amount && context.arguments.amount > 1",
        "context has arguments.amount",
        r#"context["arguments"] has "amount""#,
    ] {
        let text = format!("forbid(principal, action, resource) when {{ {condition} }};");
        write(folder.path(), &[("p.cedar", &text)]);
        let error = Policies::load(folder.path(), model.clone()).expect_err("amount has two types");
        assert!(error.to_string().contains("argument `amount` of tools/call is unknown to policies"), "{error}");
    }
    write(folder.path(), &[("p.cedar", r#"forbid(principal, action, resource) when { resource.name == "amount" };"#)]);
    Policies::load(folder.path(), model).expect("no argument is asked for");
}

#[test]
fn a_folder_without_policies_or_with_too_much_is_refused() {
    assert!(mistakes(&[("notes.txt", "permit(principal, action, resource);")])[0].contains("no *.cedar file"));
    let long = format!("// {}\npermit(principal, action, resource);", "x".repeat(1024 * 1024));
    assert!(mistakes(&[("p.cedar", &long)])[0].contains("1048576 bytes"));
    let many = "permit(principal, action, resource);\n".repeat(1001);
    assert!(mistakes(&[("p.cedar", &many)])[0].contains("1000 policies"));
}

#[test]
fn names_the_catalog_does_not_have_are_pointed_out() {
    let policies = policies(r#"@id("typo") permit(principal, action, resource == Tool::"refnud");"#);
    assert!(policies.warnings().iter().any(|warning| warning.contains("refnud") && warning.contains("typo")));
    let typo = crate::support::policies(
        r#"forbid(principal, action == Action::"tools/call", resource) when { context.arguments has amuont };"#,
    );
    assert!(typo.warnings().iter().any(|warning| warning.contains("`amuont`")), "{:?}", typo.warnings());
    let sound = crate::support::policies(r#"permit(principal == User::"x#y", action, resource == Tool::"refund");"#);
    assert!(sound.warnings().is_empty(), "{:?}", sound.warnings());
}

#[test]
fn a_folder_is_read_again_only_if_it_says_something_else() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &[("p.cedar", "permit(principal, action, resource);")]);
    let first = Policies::load(folder.path(), model(catalog())).expect("sound policies");
    assert!(first.reload(folder.path(), model(catalog())).expect("still sound").is_none());
    write(folder.path(), &[("p.cedar", "permit(principal, action")]);
    assert!(first.reload(folder.path(), model(catalog())).is_err());
    write(folder.path(), &[("p.cedar", "forbid(principal, action, resource);")]);
    let second = first.reload(folder.path(), model(catalog())).expect("sound again").expect("other policies");
    assert!(call(&first, &caller(&[]), "ping", "{}").allowed && !call(&second, &caller(&[]), "ping", "{}").allowed);
}

#[test]
fn policies_follow_a_catalog_whose_libraries_list_something_new() {
    let text = r#"permit(principal, action, resource) when { resource.tags.contains("shared") };"#;
    let before = policies(text);
    let listed = json!({ "name": "memo", "arguments": [{ "name": "unheard_of" }] }).to_string();
    let definition = Definition::parse(Kind::Prompt, &listed).expect("a prompt");
    let entry = Entry::listed(&definition, &["shared".to_owned()]).expect("no library");
    let grown = model([catalog(), vec![entry]].concat());
    assert_eq!(grown.schema(), model(catalog()).schema(), "what policies can ask for depends on no listing");
    let after = before.about(grown).expect("they still fit");
    let memo = |policies: &Policies| ask(policies, &caller(&[]), Kind::Prompt, "memo", Input::Json("{}")).allowed;
    assert!(!memo(&before) && memo(&after));
    let other = model(vec![tool("pay", &[], &json!({ "amount": { "type": "integer" } }), &[])]);
    let by_month = r#"permit(principal, action == Action::"tools/call", resource)
        when { context.arguments has month && context.arguments.month like "2026-*" };"#;
    assert!(policies(by_month).about(other).is_ok_and(|policies| !policies.warnings().is_empty()));
}

#[test]
fn any_name_an_entry_can_have_is_taken() {
    let odd =
        json!({ "a\"b\\c\n\u{7}é": { "type": "string" }, "__entity": { "type": "string" }, "": { "type": "string" } });
    let model = model(vec![tool("odd", &["t\"ag"], &odd, &[])]);
    assert!(model.schema().contains("action \"tools/call\""), "{}", model.schema());
}
