use penstock::doctor::{Level, Order, examine};

use super::site::{Site, TOKEN};
use super::{assert_says, mcp, report, server};

#[tokio::test]
async fn a_healthy_site_has_nothing_wrong_and_nothing_to_warn_of() {
    let report = report(Site::healthy()).await;
    let faults: Vec<_> =
        report.findings.iter().filter(|finding| matches!(finding.level, Level::Wrong | Level::Warning)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(!report.is_wrong());
    for check in [
        "reach.connection",
        "entry.challenge",
        "resource.identity",
        "issuer.pkce",
        "clients.claude",
        "clients.vscode",
        "registration.dynamic",
        "authorize.redirect",
        "guard.altered",
        "guard.query",
        "browser.origin",
        "browser.cors",
        "tools.2026-07-28",
        "tools.2025-11-25",
        "tools.2025-06-18",
        "stream.events",
        "stream.headers",
    ] {
        let ok = report.findings.iter().any(|finding| finding.check == check && finding.level == Level::Ok);
        assert!(ok, "{check} is not ok in {report:#?}");
    }
}

#[tokio::test]
async fn without_a_token_the_inside_is_left_out_and_nothing_is_wrong() {
    let url = server::start(Site::healthy().with_token(TOKEN));
    let report = examine(&Order { url, ..Order::default() }).await.expect("a good order");
    assert!(!report.is_wrong(), "{report:#?}");
    for check in ["guard.altered", "guard.query", "tools.2026-07-28", "stream.events"] {
        assert_says(&report, "no token", check, Level::Skipped, "--token");
    }
}

#[tokio::test]
async fn an_open_gateway_is_said_to_be_open_and_looked_into() {
    let mut site = Site::healthy();
    site.admit = |_, _| true;
    let url = server::start(site);
    let report = examine(&Order { url, ..Order::default() }).await.expect("a good order");
    assert!(!report.is_wrong(), "{report:#?}");
    assert_says(&report, "open", "entry.access", Level::Ok, "open to whoever reaches it");
    assert_says(&report, "open", "resource.place", Level::Skipped, "nobody signs in");
    assert_says(&report, "open", "stream.events", Level::Ok, "5 events");
}

/// Nobody may see the token on its way.
#[tokio::test]
async fn a_url_without_tls_is_not_even_asked() {
    let order = Order { url: "http://mcp.invalid/mcp".to_owned(), token: Some(TOKEN.to_owned()), ..Order::default() };
    let report = examine(&order).await.expect("a good order");
    assert_says(&report, "no TLS", "reach.url", Level::Wrong, "in the clear");
    assert_says(&report, "no TLS", "entry.access", Level::Skipped, "nothing was asked");
    assert_eq!(report.findings.len(), 2, "{report:#?}");
}

#[tokio::test]
async fn a_token_is_never_printed_even_if_the_server_repeats_it() {
    let mut site = Site::healthy();
    site.speak = |asked| mcp::error(200, -32603, asked.header("authorization"));
    let report = report(site).await;
    let (mut text, mut json) = (Vec::new(), Vec::new());
    report.write_text(&mut text).expect("memory");
    report.write_json(&mut json).expect("memory");
    for output in [text, json] {
        let output = String::from_utf8(output).expect("UTF-8");
        assert!(output.contains("[token]"), "{output}");
        assert!(!output.contains(TOKEN), "{output}");
    }
}
