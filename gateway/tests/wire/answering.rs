//! A worker that is a function: what it is sent in, what it writes out, as often as it is called.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, PayloadStream};
use penstock_gateway::{Gateway, Services};
use serde_json::Value;

/// What a worker was called with, call by call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Vec<Call>>>);

#[derive(Debug, Clone)]
struct Call {
    event: Value,
    tenant: Option<String>,
}

impl Calls {
    pub(crate) fn count(&self) -> usize {
        self.0.lock().expect("not poisoned").len()
    }

    pub(crate) fn last(&self) -> Value {
        self.last_call().event
    }

    /// The tenant of the last call.
    pub(crate) fn tenant(&self) -> Option<String> {
        self.last_call().tenant
    }

    fn last_call(&self) -> Call {
        self.0.lock().expect("not poisoned").last().cloned().expect("a call")
    }
}

struct Answering<F> {
    answer: F,
    calls: Calls,
}

impl<F: Fn(&Value) -> String + Send + Sync + 'static> Invoke for Answering<F> {
    fn invoke(&self, _: &str, tenant: Option<&str>, payload: Vec<u8>) -> PayloadStream {
        let event: Value = serde_json::from_slice(&payload).expect("the event is JSON");
        let answer = (self.answer)(&event);
        self.calls.0.lock().expect("not poisoned").push(Call { event, tenant: tenant.map(str::to_owned) });
        stream::iter([Ok(Bytes::from(answer))]).boxed()
    }
}

/// A gateway that serves `entries`, all answered by `answer`; `change` has the last word on its services.
pub(crate) fn gateway(
    entries: &[Value],
    answer: impl Fn(&Value) -> String + Send + Sync + 'static,
    change: impl FnOnce(Services) -> Services,
) -> (Gateway, Calls) {
    let folder = tempfile::tempdir().expect("a folder");
    for (at, entry) in entries.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{at}.json")), entry.to_string()).expect("written");
    }
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    let calls = Calls::default();
    let invoker = Answering { answer, calls: calls.clone() };
    (Gateway::new(change(Services::alone(catalog, invoker))), calls)
}
