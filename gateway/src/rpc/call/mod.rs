//! Methods a worker answers: from the client's parameters to the worker's event, and back through the relay.

pub(crate) mod cancellation;
mod round;
mod target;
mod trace;

pub(crate) use cancellation::Cancellation;
pub(crate) use round::Rounds;

use bytes::Bytes;
use http::Response;
use penstock_policy::Decision;
use penstock_protocol::RawValue;
use penstock_protocol::call::{CallContext, Input};
use penstock_protocol::jsonrpc::{self, Request};
use penstock_protocol::manifest::Contract;
use penstock_protocol::meta::LogLevel;

use super::Incoming;
use super::exchange::{Era, Exchange};
use super::failure::Failure;
use super::input::{self, RoundTrip};
use super::session::{Asking, Session};
use super::tasks::{self, Offer, TaskWanted};
use crate::access::Access;
use crate::gateway::Gateway;
use crate::http::Body;
use crate::identity;
use crate::permission::Permission;
use crate::relay::{Additions, Ask, Caching, Call, Changes, NoQuestions, Relay, Wanted};
use target::Target;

/// A call that will have a result.
pub(super) struct Prepared {
    name: String,
    /// Why it is allowed, where policies were asked.
    decision: Option<Decision>,
    rounds: Rounds,
    /// The result, where it is known without the worker.
    answer: Option<Bytes>,
    /// What the client answered to an earlier round.
    input: Option<Input>,
    session: Option<Session>,
    call: Call,
    /// If the call becomes a task.
    task: Option<TaskWanted>,
}

impl Prepared {
    /// Invokes the worker and relays what it says, where there is anything to ask it.
    pub(super) async fn run(self, gateway: &Gateway, mut access: Access) -> Response<Body> {
        access.entry(&self.name);
        access.decision(self.decision.as_ref());
        if let Some(answer) = self.answer {
            return super::complete(access, &self.call.id, answer);
        }
        access.function(&self.rounds.function);
        if let Some(task) = self.task {
            let Call { id, additions, output, .. } = self.call;
            let offer = Offer { id, task, tool: self.name, rounds: self.rounds, input: self.input, additions, output };
            return offer.answer(gateway, access).await;
        }
        let (upstream, deadline) = self.rounds.invoke(gateway, self.input);
        let ask = asks(gateway, self.rounds, self.session, self.call.accepts.sse);
        Relay::new(self.call, upstream, deadline, ask, access).answer().await
    }
}

/// How this call's worker asks the client, if it may.
fn asks(gateway: &Gateway, rounds: Rounds, session: Option<Session>, stream: bool) -> Box<dyn Ask> {
    let gateway = gateway.clone();
    if !input::may_ask(&rounds.method) {
        Box::new(NoQuestions)
    } else if rounds.context.protocol_version.is_stateless() {
        Box::new(RoundTrip::new(gateway, rounds))
    } else {
        Box::new(Asking { gateway, rounds, session, stream, rounds_asked: 0 })
    }
}

pub(super) fn prepare(
    gateway: &Gateway,
    incoming: &Incoming<'_>,
    permission: &Permission<'_>,
    exchange: &Exchange<'_>,
    request: &Request<'_>,
) -> Result<Prepared, Failure> {
    let headers = &incoming.parts.headers;
    let target = Target::find(headers, permission, exchange, request)?;
    let wanted = wanted(exchange)?;
    let task = tasks::wanted(exchange, permission, (target.name, target.worker))?;
    let cancellation = Cancellation::of(gateway, exchange, &request.id, &target.worker.function)?;
    let context = CallContext {
        request_id: request.id.to_raw(),
        deadline_ms: 0,
        protocol_version: exchange.revision,
        progress: wanted.progress_token.is_some(),
        log_level: wanted.log_level,
        client_capabilities: exchange.client_capabilities().map(ToOwned::to_owned),
        trace: trace::context(&exchange.meta, headers),
        caller: incoming.caller.clone(),
        uri_variables: target.uri_variables,
        input: None,
        cancellation: cancellation.record().map(ToOwned::to_owned),
        task_id: None,
    };
    let rounds = Rounds {
        function: target.worker.function.clone(),
        tenant: permission.tenant(target.worker)?,
        contract: target.worker.contract,
        timeout: target.worker.timeout,
        platform: incoming.parts.extensions.get().copied(),
        method: request.method.clone().into_owned(),
        params: owned(request.params),
        // They are part of the parameters too, and may be large.
        arguments: owned(target.arguments.filter(|_| target.worker.contract == Contract::Arguments)),
        cancellation,
        context,
    };
    let input = match &target.answer {
        None => input::given(gateway, &rounds, exchange.retry)?,
        Some(_) => None,
    };
    let call = Call {
        id: request.id.clone(),
        kind: target.kind,
        contract: rounds.contract,
        output: target.output,
        additions: additions(exchange, target.caching),
        wanted,
        accepts: incoming.accepts,
        changes: Changes::of(gateway),
    };
    let (name, session) = (target.name.to_owned(), exchange.session.clone());
    Ok(Prepared { name, decision: target.decision, answer: target.answer, rounds, input, session, call, task })
}

/// The raw value, or the empty object in its place.
fn owned(raw: Option<&RawValue>) -> Box<RawValue> {
    raw.map_or_else(|| RawValue::from_string("{}".to_owned()).unwrap_or_default(), ToOwned::to_owned)
}

fn additions(exchange: &Exchange<'_>, caching: Option<Caching>) -> Additions {
    if exchange.revision.is_stateless() {
        Additions::Stateless { server_info: identity::server_info_json(), caching }
    } else {
        Additions::Handshake
    }
}

fn wanted(exchange: &Exchange<'_>) -> Result<Wanted, Failure> {
    let meta = &exchange.meta;
    let progress_token = meta.progress_token.map(ToOwned::to_owned);
    if progress_token.as_deref().is_some_and(|token| !jsonrpc::is_string_or_integer(token)) {
        let reason = "_meta.progressToken: must be a string or an integer";
        return Err(Failure::InvalidParams(reason.to_owned()));
    }
    // Requests after a handshake name no level: their session has one, if it was ever set (rule L-11).
    let log_level = match exchange.era {
        Era::Stateless => meta.log_level.map(log_level).transpose()?,
        Era::Handshake => exchange.session.as_ref().and_then(|session| session.record().level),
    };
    Ok(Wanted { progress_token, log_level })
}

fn log_level(level: &RawValue) -> Result<LogLevel, Failure> {
    let unknown = || Failure::InvalidParams("_meta: io.modelcontextprotocol/logLevel: not a log level".to_owned());
    serde_json::from_str(level.get()).map_err(|_| unknown())
}
