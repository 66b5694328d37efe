//! `penstock doctor` against servers that are each wrong in one way, and against one that is not.
//!
//! No rule's id stands here: these tests prove the doctor, not the gateway.

mod clients;
mod command;
mod entry;
mod guard;
mod healthy;
mod issuer;
mod mcp;
mod resource;
mod server;
mod sign_in;
mod site;
mod stream;
mod tools;

use penstock::doctor::{Level, Order, Report, examine};
use tokio::task::JoinSet;

use self::site::{Site, TOKEN};

/// What is wrong, how it comes to be, and what the doctor has to say.
type Row = (&'static str, fn(&mut Site), &'static str, Level, &'static str);

/// Examines a site with a good token.
async fn report(site: Site) -> Report {
    let url = server::start(site.with_token(TOKEN));
    let order = Order { url, token: Some(TOKEN.to_owned()), ..Order::default() };
    examine(&order).await.expect("a good order")
}

/// Asserts that each row's site has the row's finding. All are examined at once: a streamed call takes its time.
async fn assert_found(rows: &'static [Row]) {
    let mut examined = JoinSet::new();
    for (what, change, check, level, said) in rows {
        let mut site = Site::healthy();
        change(&mut site);
        examined.spawn(async move { assert_says(&report(site).await, what, check, *level, said) });
    }
    examined.join_all().await;
}

fn assert_says(report: &Report, what: &str, check: &str, level: Level, said: &str) {
    let found = report
        .findings
        .iter()
        .find(|finding| finding.check == check && finding.level == level && finding.text.contains(said));
    let Some(found) = found else { panic!("{what}: {check} does not say {said:?} as {level:?} in {report:#?}") };
    let has_mend = matches!(level, Level::Wrong | Level::Warning);
    assert_eq!(found.mend.is_some(), has_mend, "{what}: {found:?}");
}
