//! The catalog a request is answered from. Where libraries may have what it asks for, they are asked before, if what they
//! said the last time is too old.

use std::borrow::Cow;
use std::sync::Arc;

use penstock_protocol::call::Caller;
use penstock_protocol::jsonrpc::{self, Request};
use penstock_protocol::manifest::Kind;
use serde::Deserialize;

use crate::catalog::{Age, Library, Served, Snapshot, Worker};
use crate::gateway::Gateway;
use crate::permission;

/// The catalog of this moment, with listings that are fit for this request. Requests that are about tools wait for none.
pub(super) async fn catalog(gateway: &Gateway, caller: Option<&Caller>, request: &Request<'_>) -> Arc<Served> {
    let catalog = gateway.catalog();
    catalog.look(gateway).await;
    let served = catalog.now();
    let now = served.of(caller);
    let Some(kind) = kind(&request.method).filter(|kind| now.libraries(*kind).next().is_some()) else { return served };
    let about = Sought::by(request);
    if about.as_ref().is_some_and(|sought| sought.has_a_document(now)) {
        return served;
    }
    // Who may see nothing of a library does not make it run.
    let libraries: Vec<_> =
        now.libraries(kind).filter(|library| permission::may_see(gateway, caller, library)).cloned().collect();
    catalog.list(gateway, &libraries, Age::Good).await;
    if about.as_ref().is_some_and(|sought| sought.worker(catalog.now().of(caller)).is_none()) {
        // It may have been added a moment ago.
        catalog.list(gateway, &libraries, Age::Fresh).await;
    }
    catalog.now()
}

/// What a method is about, where libraries can list such.
fn kind(method: &str) -> Option<Kind> {
    match method {
        "prompts/list" | "prompts/get" | "completion/complete" => Some(Kind::Prompt),
        "resources/list" | "resources/read" | "resources/subscribe" | "subscriptions/listen" => Some(Kind::Resource),
        _ => None,
    }
}

/// The one thing a request asks for.
enum Sought<'a> {
    Prompt(Cow<'a, str>),
    Resource(Cow<'a, str>),
    /// Nothing a library could list.
    Other,
}

impl<'a> Sought<'a> {
    /// `None`: all there is. What is wrong with the parameters is for those to say who answer.
    fn by(request: &Request<'a>) -> Option<Self> {
        #[derive(Deserialize)]
        struct Params<'a> {
            #[serde(borrow, default)]
            name: Option<Cow<'a, str>>,
            #[serde(borrow, default)]
            uri: Option<Cow<'a, str>>,
            #[serde(rename = "ref", borrow, default)]
            reference: Option<Reference<'a>>,
        }
        #[derive(Deserialize)]
        struct Reference<'a> {
            #[serde(borrow, default)]
            name: Option<Cow<'a, str>>,
        }
        if matches!(&*request.method, "prompts/list" | "resources/list" | "subscriptions/listen") {
            return None;
        }
        let Ok(Params { name, uri, reference }) = jsonrpc::parse_params::<Params<'a>>(request.params) else {
            return Some(Self::Other);
        };
        let name = match &*request.method {
            "completion/complete" => reference.and_then(|reference| reference.name),
            _ => name,
        };
        Some(match (&*request.method, name, uri) {
            ("prompts/get" | "completion/complete", Some(name), _) => Self::Prompt(name),
            ("resources/read" | "resources/subscribe", _, Some(uri)) => Self::Resource(uri),
            _ => Self::Other,
        })
    }

    fn worker<'c>(&self, catalog: &'c Snapshot) -> Option<&'c Worker> {
        match self {
            Self::Prompt(name) => catalog.prompt(name).map(|prompt| &*prompt.worker),
            Self::Resource(uri) => catalog.locate(uri).map(|located| located.worker),
            Self::Other => None,
        }
    }

    /// Whether no library is asked for it.
    fn has_a_document(&self, catalog: &Snapshot) -> bool {
        let by_library = |worker: &Worker| {
            let mut libraries = catalog.libraries(Kind::Prompt).chain(catalog.libraries(Kind::Resource));
            libraries.any(|library: &Arc<Library>| library.is_served_by(worker))
        };
        match self {
            Self::Other => true,
            Self::Prompt(_) | Self::Resource(_) => self.worker(catalog).is_some_and(|worker| !by_library(worker)),
        }
    }
}
