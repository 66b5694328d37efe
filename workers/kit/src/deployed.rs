//! What a process answers for, its types hidden, so that everything around a call is compiled once.

use std::fmt;

use futures_util::future::BoxFuture;
use penstock_protocol::manifest::Kind;
use serde::Deserialize;

use crate::cancellation::Records;
use crate::line::Line;
use crate::{Call, Completion, ToolError};

/// The `result` line, or why there is none.
pub(crate) type Outcome = Result<Line, ToolError>;

/// Carries out one request; takes the call and what it is about.
type Handler<A> = Box<dyn Fn(Call, A) -> BoxFuture<'static, Outcome> + Send + Sync>;

/// The tool, prompt, resource or template a function is deployed as.
pub(crate) struct Deployed {
    pub(crate) identity: Identity,
    pub(crate) handlers: Handlers,
    pub(crate) records: Records,
}

impl Deployed {
    pub(crate) fn new(identity: Identity, handlers: Handlers) -> Self {
        Self { identity, handlers, records: Records::default() }
    }
}

/// How it answers.
pub(crate) struct Handlers {
    /// Takes the arguments' JSON text (tools, prompts), the URI (resources, templates, resource libraries) or the
    /// parameters' JSON text (prompt libraries).
    pub(crate) call: Handler<String>,
    /// Takes `completion/complete`; absent for tools and resources, which have nothing to complete.
    pub(crate) complete: Option<Handler<Completion>>,
    /// Takes `prompts/list` or `resources/list`; absent for all but libraries.
    pub(crate) list: Option<Handler<()>>,
}

/// What requests are addressed by.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// A resource's `uri`, a template's `uriTemplate`; empty for the others.
    pub(crate) uri: String,
    pub(crate) completes: bool,
}

impl Identity {
    /// Reads a manifest, whatever else stands in it.
    pub(crate) fn read(manifest: &str) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Manifest {
            #[serde(default)]
            kind: Kind,
            #[serde(default)]
            completes: bool,
            definition: Definition,
        }
        #[derive(Deserialize)]
        struct Definition {
            name: String,
            #[serde(default, alias = "uriTemplate")]
            uri: String,
        }
        let Manifest { kind, completes, definition: Definition { name, uri } } = serde_json::from_str(manifest)?;
        Ok(Self { kind, name, uri, completes })
    }

    /// What `PENSTOCK_TOOL` calls it.
    pub(crate) fn id(&self) -> String {
        self.kind.id(&self.name)
    }
}

impl fmt::Debug for Deployed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Deployed").field(&self.identity).finish()
    }
}
