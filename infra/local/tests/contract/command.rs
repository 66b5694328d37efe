//! The command: what it prints, and how it ends.

use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{file, order};

/// Runs `penstock contract` over the fixture.
fn run(mistake: &str, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock"));
    command.args(["contract", "--env", &format!("MISTAKE={mistake}"), "--manifest"]);
    command.arg(file("tests/fixtures/contract/tool.json")).args(more).arg("--").args(order("", "handler", "").command);
    command.output().expect("penstock runs")
}

#[test]
fn a_line_a_rule_says_what_it_is_and_where_it_stands() {
    let sound = run("", &[]);
    let text = String::from_utf8_lossy(&sound.stdout).into_owned();
    assert_eq!(sound.status.code(), Some(0), "{text}");
    assert!(text.contains("  ok       writes a frame a line, each with exactly one member  (Out: frames)\n"), "{text}");
    assert!(text.contains(" 0 failed, "), "{text}");
}

#[test]
fn a_broken_rule_shows_what_was_received_and_ends_with_one() {
    let broken = run("writes text", &[]);
    let text = String::from_utf8_lossy(&broken.stdout).into_owned();
    assert_eq!(broken.status.code(), Some(1), "{text}");
    assert!(text.contains("  FAILED   writes a frame a line"), "{text}");
    assert!(text.contains("received “hello ”"), "{text}");
}

#[test]
fn the_report_is_json_for_machines() {
    let report: Value = serde_json::from_slice(&run("has no end", &["--json"]).stdout).expect("JSON");
    assert_eq!(report["worker"], "repeat");
    let broken = report["checks"].as_array().expect("checks").iter().find(|check| check["level"] == "wrong");
    assert_eq!(broken.expect("a broken rule")["check"], "frames.end");
}

#[test]
fn a_command_that_is_not_there_is_told_from_a_worker_that_fails() {
    let output = Command::new(env!("CARGO_BIN_EXE_penstock")).args(["contract", "--", "./no-such-worker"]).output();
    let output = output.expect("penstock runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no such program"), "{output:?}");
}

/// Every rule names a section that docs/contract.md has.
#[test]
fn every_section_that_is_named_is_there() {
    let document = std::fs::read_to_string(file("../../docs/contract.md")).expect("docs/contract.md");
    let headings: Vec<String> =
        document.lines().filter_map(|line| line.strip_prefix("## ")).map(|heading| heading.replace('`', "")).collect();
    let report: Value = serde_json::from_slice(&run("", &["--json"]).stdout).expect("JSON");
    for check in report["checks"].as_array().expect("checks") {
        assert!(headings.iter().any(|heading| check["section"] == heading.as_str()), "{check}");
    }
}
