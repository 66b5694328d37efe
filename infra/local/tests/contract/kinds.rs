//! Functions that return one value, prompts, and templates.

use penstock::contract::{self, Order, OrderError};
use penstock::doctor::Level;

use crate::support::{at, examine, found, order};

#[tokio::test]
async fn a_function_that_has_never_heard_of_penstock_keeps_the_contract() {
    let report = examine(&order("plain.json", "plain", "")).await;
    assert_eq!(found(&report), (vec![], vec![]), "{report:#?}");
    let thrown = report.checks.iter().find(|check| check.check == "value.throws").expect("a check");
    assert!(thrown.text.contains("by throwing TypeError"), "{thrown:?}");
}

#[tokio::test]
async fn a_plain_function_that_dies_instead_of_throwing_is_found() {
    let report = examine(&order("plain.json", "plain", "dies of arguments")).await;
    assert_eq!(at(&report, Level::Wrong), ["value.throws", "process.survives"], "{report:#?}");
}

#[tokio::test]
async fn what_a_plain_function_returns_is_its_structured_content() {
    let report = examine(&order("plain.json", "plain", "breaks its promise")).await;
    assert!(at(&report, Level::Wrong).contains(&"answer.output"), "{report:#?}");
}

#[tokio::test]
async fn a_prompt_is_called_with_what_it_requires() {
    let sound = examine(&order("prompt.json", "handler", "")).await;
    assert_eq!(found(&sound), (vec![], vec![]), "{sound:#?}");
    let broken = examine(&order("prompt.json", "handler", "speaks as the system")).await;
    assert!(at(&broken, Level::Wrong).contains(&"answer.result"), "{broken:#?}");
}

#[tokio::test]
async fn a_template_is_read_at_the_uri_that_is_given_and_completed() {
    let read = |mistake| Order { uri: Some("place://Graz".to_owned()), ..order("template.json", "handler", mistake) };
    let sound = examine(&read("")).await;
    assert_eq!(found(&sound), (vec![], vec![]), "{sound:#?}");
    assert!(at(&sound, Level::Ok).contains(&"answer.completes"), "{sound:#?}");
    assert_eq!(at(&examine(&read("completes too much")).await, Level::Wrong), ["answer.completes"]);
    assert!(at(&examine(&read("has no contents")).await, Level::Wrong).contains(&"answer.result"));
}

#[tokio::test]
async fn what_cannot_be_made_up_is_asked_for_by_name() {
    let no_uri = contract::examine(&order("template.json", "handler", "")).await;
    assert!(no_uri.expect_err("no URI").to_string().contains("--uri"));
    let arguments = Some(r#"{"text":5}"#.to_owned());
    let misfit = contract::examine(&Order { arguments, ..order("tool.json", "handler", "") }).await;
    assert!(matches!(misfit, Err(OrderError::Misfit(text)) if text.contains("/text")));
}
