//! The access log: one structured line a request, written when its last byte has left.

use http::StatusCode;
use penstock_policy::Decision;
use penstock_protocol::call::Caller;
use penstock_protocol::revision::Revision;
use tokio::time::Instant;

use crate::rpc::failure::Failure;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Answered with a result; a tool's own `isError` is one.
    Completed,
    /// Answered with a question: the client comes back.
    InputRequired,
    /// Answered with an error the worker chose.
    WorkerError,
    /// Answered with an error of the gateway's.
    Failed,
    /// The client has said that it wants no answer any more.
    Cancelled,
    /// The client left before its answer was complete.
    Disconnected,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::InputRequired => "input_required",
            Self::WorkerError => "worker_error",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Disconnected => "disconnected",
        }
    }
}

/// What the line will say. Written on drop, because a client may leave at any await.
#[derive(Debug)]
pub(crate) struct Access {
    started: Instant,
    method: String,
    entry: Option<String>,
    function: Option<String>,
    revision: Option<Revision>,
    status: Option<StatusCode>,
    outcome: Outcome,
    failure: Option<String>,
    subject: Option<String>,
    client_id: Option<String>,
    decision: Option<&'static str>,
    policies: Option<String>,
    events: u64,
    bytes: usize,
}

impl Access {
    /// Starts the clock for a request of `method`.
    pub(crate) fn new(method: &str) -> Self {
        Self {
            started: Instant::now(),
            method: method.to_owned(),
            entry: None,
            function: None,
            revision: None,
            status: None,
            outcome: Outcome::Disconnected,
            failure: None,
            subject: None,
            client_id: None,
            decision: None,
            policies: None,
            events: 0,
            bytes: 0,
        }
    }

    /// The revision the request is written in.
    pub(crate) fn revision(&mut self, revision: Revision) {
        self.revision = Some(revision);
    }

    /// The catalog's name of the tool, prompt, resource or template that is asked for.
    pub(crate) fn entry(&mut self, name: &str) {
        self.entry = Some(name.to_owned());
    }

    /// The function that is called, with its version: canaries have another than what they may replace.
    pub(crate) fn function(&mut self, function: &str) {
        self.function = Some(function.to_owned());
    }

    /// Who calls: nothing of the caller's claims but what tells it from others.
    pub(crate) fn caller(&mut self, caller: Option<&Caller>) {
        self.subject = caller.map(|caller| caller.subject.clone());
        self.client_id = caller.and_then(|caller| caller.client_id.clone());
    }

    /// What policies say, where they were asked, and which: none of them if there is none that permits.
    pub(crate) fn decision(&mut self, decision: Option<&Decision>) {
        self.decision = decision.map(|decision| if decision.allowed { "allow" } else { "deny" });
        self.policies = decision.map(|decision| decision.policies.join(" "));
    }

    pub(crate) fn status(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    pub(crate) fn outcome(&mut self, outcome: Outcome) {
        self.outcome = outcome;
    }

    /// Notes why; the text names no argument, token or body.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        self.outcome = Outcome::Failed;
        self.failure = Some(failure.to_string());
        if let Failure::Denied(decision) = failure {
            self.decision(Some(decision));
        }
    }

    /// Counts a notification sent.
    pub(crate) fn event(&mut self) {
        self.events += 1;
    }

    /// Counts bytes of body sent.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

impl Drop for Access {
    fn drop(&mut self) {
        let elapsed = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            method = self.method,
            entry = self.entry,
            function = self.function,
            revision = self.revision.map(Revision::as_str),
            status = self.status.map(|status| status.as_u16()),
            outcome = self.outcome.as_str(),
            failure = self.failure,
            subject = self.subject,
            client_id = self.client_id,
            decision = self.decision,
            policies = self.policies,
            events = self.events,
            bytes = self.bytes,
            elapsed_ms = elapsed,
            "request"
        );
    }
}
