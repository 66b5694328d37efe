//! Tasks of isolated functions: whoever runs a round, it is the creator's instances that work on it.

use std::sync::Arc;

use http::StatusCode;
use penstock_gateway::auth::Auth;
use penstock_gateway::{Gateway, Services};
use penstock_store::MemoryStore;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Calls, Elsewhere, about, call, deliver, entry, form, services};
use crate::permission::{caller, of_tenant};

#[tokio::test]
async fn every_round_is_worked_on_by_instances_of_the_tenant_that_made_the_task() {
    let store = Arc::new(MemoryStore::default());
    let (tickets, mut delivered) = mpsc::unbounded_channel();
    let (sender, mut calls) = mpsc::unbounded_channel();
    let mut entry = entry("optional");
    entry["isolation"] = json!("tenant");
    let services = || {
        let services = services(&entry, &store, Calls(sender.clone()), Box::new(Elsewhere(tickets.clone())));
        Gateway::new(Services { auth: Auth::Trusted, ..services })
    };
    let (one, other) = (services(), services());
    let alice = of_tenant(caller("alice", &[]), "acme");
    let (_, created) = call().extension(alice.clone()).json(&one).await;
    let id = created["result"]["taskId"].as_str().expect("a task").to_owned();

    let ticket = delivered.recv().await.expect("a ticket");
    let questions = json!({ "inputRequired": { "inputRequests": { "who": form("Who?") } } });
    let (status, first) = tokio::join!(deliver(&other, &ticket), ended(&mut calls, &questions));
    assert_eq!(status, StatusCode::ACCEPTED);
    let given = json!({ "1.who": { "action": "accept", "content": { "name": "x" } } });
    let (status, _) = about("tasks/update", &id, json!({ "inputResponses": given })).extension(alice).json(&one).await;
    assert_eq!(status, StatusCode::OK);
    let ticket = delivered.recv().await.expect("another ticket");
    let done = json!({ "result": super::text("done") });
    let (_, second) = tokio::join!(deliver(&other, &ticket), ended(&mut calls, &done));
    assert_eq!(first.as_deref().map(str::len), Some(43));
    assert_eq!(first, second);
}

/// Ends the next call of the worker with a frame; answers whose instance it was for.
async fn ended(calls: &mut mpsc::UnboundedReceiver<super::Called>, frame: &Value) -> Option<String> {
    let called = calls.recv().await.expect("a call");
    let tenant = called.tenant.clone();
    called.ends(frame).await;
    tenant
}
