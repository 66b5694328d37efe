//! Canaries that come, go and are for more callers, while the gateway runs.

use std::time::Duration;

use penstock_gateway::auth::Auth;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Functions, in_part, listed_version, named, version, write};
use crate::checked::Body;
use crate::support::{messages, next, request};

/// Longer than the folder may go without being looked at.
pub(super) const A_MOMENT: Duration = Duration::from_millis(1100);

/// A gateway over a folder that can change.
pub(super) fn over(entries: &[Value], change: impl FnOnce(Services) -> Services) -> (Gateway, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), entries);
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    let services = Services { auth: Auth::Trusted, ..Services::alone(catalog, Functions::default()) };
    (Gateway::new(change(services)), folder)
}

/// The same, which clients can listen to.
fn gateway(entries: &[Value]) -> (Gateway, TempDir) {
    over(entries, |services| Services { subscriptions: true, ..services })
}

/// Puts documents into the folder and lets some time pass.
pub(super) async fn deployed(folder: &TempDir, entries: &[Value]) {
    write(folder.path(), entries);
    tokio::time::advance(A_MOMENT).await;
}

#[tokio::test(start_paused = true)]
async fn a_canary_is_raised_and_taken_back_without_a_restart() {
    let (gateway, folder) = gateway(&[version(7, None)]);
    let served = async || {
        [listed_version(&gateway, Some(&in_part(5))).await, listed_version(&gateway, Some(&in_part(50))).await]
    };
    assert_eq!(served().await, ["7", "7"]);
    deployed(&folder, &[version(7, None), version(8, Some(10))]).await;
    assert_eq!(served().await, ["8", "7"]);
    deployed(&folder, &[version(7, None), version(8, Some(60))]).await;
    assert_eq!(served().await, ["8", "8"]);
    std::fs::remove_file(folder.path().join("001.json")).expect("removed");
    deployed(&folder, &[version(7, None)]).await;
    assert_eq!(served().await, ["7", "7"]);
    deployed(&folder, &[version(8, None)]).await;
    assert_eq!(served().await, ["8", "8"]);
}

async fn listen(gateway: &Gateway) -> Body {
    let wanted = json!({ "toolsListChanged": true, "promptsListChanged": true });
    let draft = request("subscriptions/listen", json!({ "notifications": wanted })).extension(in_part(50));
    let mut stream = draft.send(gateway).await.into_body();
    next(&mut stream).await.expect("the acknowledgement");
    stream
}

/// U-2: a list that changes for some has changed.
#[tokio::test(start_paused = true)]
async fn subscribers_hear_of_a_canary_and_not_of_one_that_changes_no_list() {
    let mut same = version(7, Some(10));
    same["function"] = json!("tool:8");
    let (gateway, folder) = gateway(&[version(7, None)]);
    let mut stream = listen(&gateway).await;
    for (entries, told) in [
        ([version(7, None), same].to_vec(), false),
        ([version(7, None), version(8, Some(10))].to_vec(), true),
        ([version(7, None), version(8, Some(20))].to_vec(), true),
        ([version(7, None), version(8, Some(20)), named("other", version(1, None))].to_vec(), true),
    ] {
        deployed(&folder, &entries).await;
        listed_any(&gateway).await;
        let event = next(&mut stream).await.expect("the stream goes on");
        let heard: Vec<_> = messages(&event).iter().map(|message| message["method"].clone()).collect();
        let expected = if told { vec!["notifications/tools/list_changed"] } else { Vec::new() };
        assert_eq!(heard, expected, "{entries:?}");
    }
}

/// Any request makes the gateway look at the folder.
async fn listed_any(gateway: &Gateway) {
    super::listed(gateway, Some(&in_part(50))).await;
}
