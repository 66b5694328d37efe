//! `penstock doctor` finds nothing wrong with what `penstock dev` runs.

use penstock_e2e::Penstock;
use serde_json::Value;
use tokio::process::Command;

/// What the doctor says of a gateway, and what it exits with.
async fn examine(penstock: &Penstock) -> (Value, Option<i32>) {
    let mut doctor = Command::new(Penstock::binary().await.expect("it builds"));
    let output = doctor.args(["doctor", penstock.url(), "--json"]).output().await.expect("it runs");
    (serde_json::from_slice(&output.stdout).expect("a report"), output.status.code())
}

fn assert_ok(report: &Value, check: &str) {
    let findings = report["findings"].as_array().expect("findings");
    let ok = findings.iter().any(|finding| finding["check"] == check && finding["level"] == "ok");
    assert!(ok, "{check} is not ok in {report:#}");
}

#[tokio::test]
async fn nothing_is_wrong_with_an_open_gateway_on_this_machine() {
    let penstock = Penstock::start(&[]).await.expect("it starts");
    let (report, code) = examine(&penstock).await;
    assert_eq!(code, Some(0), "{report:#}");
    for check in ["entry.access", "browser.origin", "tools.2026-07-28", "tools.2025-06-18", "stream.events"] {
        assert_ok(&report, check);
    }
}

#[tokio::test]
async fn nothing_is_wrong_with_a_gateway_that_people_sign_in_to() {
    let penstock = Penstock::start(&["--auth"]).await.expect("it starts");
    let (report, code) = examine(&penstock).await;
    assert_eq!(code, Some(0), "{report:#}");
    for check in [
        "entry.challenge",
        "resource.identity",
        "issuer.identity",
        "clients.claude",
        "clients.vscode",
        "registration.dynamic",
        "authorize.page",
        "authorize.redirect",
        "authorize.pkce",
        "token.development",
        "guard.altered",
        "guard.query",
        "tools.2026-07-28",
        "stream.events",
    ] {
        assert_ok(&report, check);
    }
}
