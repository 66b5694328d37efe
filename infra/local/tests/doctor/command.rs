//! The command itself: what it prints and how it ends.

use std::net::TcpListener;
use std::process::Output;

use serde_json::Value;
use tokio::process::Command;

use super::server;
use super::site::{RESOURCE, Site, TOKEN};

async fn doctor(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock"));
    command.arg("doctor").args(arguments).kill_on_drop(true).output().await.expect("it runs")
}

#[tokio::test]
async fn nothing_wrong_ends_with_0_and_a_summary() {
    let url = server::start(Site::healthy().with_token(TOKEN));
    let output = doctor(&[&url, "--token", TOKEN]).await;
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.starts_with(&format!("Penstock doctor: {url}\n\nreach\n  ok ")), "{text}");
    assert!(text.ends_with(" ok, 0 warning, 0 wrong, 1 skipped\n"), "{text}");
    assert_eq!(output.status.code(), Some(0), "{text}");
}

#[tokio::test]
async fn something_wrong_ends_with_1_and_says_how_to_mend_it() {
    let mut site = Site::healthy();
    site.documents.remove(RESOURCE);
    let url = server::start(site.with_token(TOKEN));
    let output = doctor(&[&url]).await;
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("  WRONG    ") && text.contains("how to mend: "), "{text}");
    assert_eq!(output.status.code(), Some(1), "{text}");
}

#[tokio::test]
async fn json_is_one_object_with_every_finding() {
    let url = server::start(Site::healthy().with_token(TOKEN));
    let output = doctor(&[&url, "--json"]).await;
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["url"], url);
    let findings = report["findings"].as_array().expect("findings");
    let challenge = findings.iter().find(|finding| finding["check"] == "entry.challenge").expect("the challenge");
    assert_eq!(challenge["level"], "ok");
    assert!(challenge["text"].as_str().is_some_and(|text| text.contains(RESOURCE)), "{challenge}");
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_wrong_and_said_so() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/mcp", listener.local_addr().expect("an address"));
    drop(listener);
    let output = doctor(&[&url]).await;
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("no connection") && text.contains("start the gateway"), "{text}");
    assert_eq!(output.status.code(), Some(1), "{text}");
}

#[tokio::test]
async fn an_order_that_makes_no_sense_ends_with_2_before_anyone_is_asked() {
    for (arguments, said) in [
        (&["mcp.example.com"][..], "it looks like https://mcp.example.com/mcp"),
        (&["ftp://mcp.example.com/mcp"], "is not an http or https URL"),
        (&["http://127.0.0.1:1/mcp", "--token", "a\nb"], "--token"),
        (&["http://127.0.0.1:1/mcp", "--tool", "x", "--arguments", "[1]"], "--arguments is not a JSON object"),
        (&["http://127.0.0.1:1/mcp", "--arguments", "{}"], "--tool"),
    ] {
        let output = doctor(arguments).await;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.contains(said), "{said:?} is not in {errors:?}");
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(output.stdout.is_empty());
    }
}
