//! What `requestState` is good for, and for how long.

use std::time::{Duration, SystemTime};

use super::{OLD, accepted, asks, call, form, instance, keys, refused, retry, state_of};
use crate::answering;
use crate::support::entry;
use penstock_gateway::Services;
use serde_json::json;

const NEW: &str = "new:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

/// state that was changed anywhere is refused, and not said to have expired.
#[tokio::test]
async fn changed_state_is_refused() {
    let (gateway, calls) = instance(&form());
    let state = state_of(&gateway).await;
    let mut changed = vec![String::new(), "old.".to_owned(), format!("{state}-TAMPERED"), "x".repeat(100_000)];
    for at in (0..state.len()).step_by(7) {
        let other = if state.as_bytes()[at] == b'A' { "B" } else { "A" };
        changed.push(format!("{}{other}{}", &state[..at], &state[at + 1..]));
        changed.push(state[..at].to_owned());
    }
    for changed in changed {
        let reason = refused(&retry(&changed, &accepted()), &gateway, &calls).await;
        assert_eq!(reason, "requestState: not one of this request's");
    }
}

/// state is good for the request it came from.
#[tokio::test]
async fn state_of_another_request_is_refused() {
    let (gateway, calls) = instance(&form());
    let state = state_of(&gateway).await;
    let with = |name, arguments| call(name, json!({ "requestState": state, "arguments": arguments }));
    for draft in [
        with("other", json!({ "a": 1, "b": [2, 3] })),
        with("tool", json!({ "a": 1, "b": [3, 2] })),
        with("tool", json!({ "a": 1.0, "b": [2, 3] })),
        with("tool", json!({ "a": 1, "b": [2, 3], "c": null })),
        with("tool", json!({})),
        call("tool", json!({ "requestState": state, "unknown": 1 })),
    ] {
        assert_eq!(refused(&draft, &gateway, &calls).await, "requestState: not one of this request's");
    }
}

/// R-10 comes before Q-5: the model can correct its arguments.
#[tokio::test]
async fn arguments_are_looked_at_before_state_is() {
    let mut strict = entry("tool");
    strict["definition"]["inputSchema"]["required"] = json!(["missing"]);
    let (gateway, calls) = answering::gateway(&[strict], asks(form()), |services| services);
    let (_, body) = retry("made up", &accepted()).json(&gateway).await;
    assert_eq!((&body["result"]["isError"], calls.count()), (&json!(true), 0));
}

/// state is good for ten minutes.
#[tokio::test]
async fn state_expires() {
    let at = |clock: fn() -> SystemTime| {
        answering::gateway(&[entry("tool")], asks(form()), |services| Services { keys: keys(OLD), clock, ..services })
    };
    let state = state_of(&at(SystemTime::now).0).await;
    let draft = retry(&state, &accepted());
    let (in_time, _) = at(|| SystemTime::now() + Duration::from_mins(9));
    assert_eq!(draft.json(&in_time).await.1["result"]["resultType"], "complete");
    let (late, calls) = at(|| SystemTime::now() + Duration::from_mins(11));
    assert_eq!(refused(&draft, &late, &calls).await, "requestState: expired; start again without it");
}

/// keys rotate while questions are open.
#[tokio::test]
async fn state_outlives_the_key_it_was_sealed_with_while_that_key_is_kept() {
    let with = |text: &str| {
        let keys = keys(text);
        answering::gateway(&[entry("tool")], asks(form()), |services| Services { keys, ..services })
    };
    let draft = retry(&state_of(&with(OLD).0).await, &accepted());
    let (rotated, _) = with(&format!("{NEW},{OLD}"));
    assert_eq!(draft.json(&rotated).await.1["result"]["resultType"], "complete");
    let (done, calls) = with(NEW);
    refused(&draft, &done, &calls).await;
}
