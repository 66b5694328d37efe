//! Methods a worker answers: from the client's parameters to the worker's event, and back through the relay.

mod round;
mod target;
mod trace;

pub(crate) use round::Rounds;

use http::Response;
use penstock_protocol::RawValue;
use penstock_protocol::call::{CallContext, Input};
use penstock_protocol::jsonrpc::{self, Request};
use penstock_protocol::meta::{LogLevel, RequestMeta};

use super::Incoming;
use super::exchange::Exchange;
use super::failure::Failure;
use super::input::{self, RoundTrip};
use super::tasks::{self, Offer};
use crate::access::Access;
use crate::auth;
use crate::gateway::Gateway;
use crate::http::Body;
use crate::identity;
use crate::relay::{Additions, Ask, Call, NoQuestions, Relay, Wanted};
use target::Target;

/// A call that has passed every check.
pub(super) struct Prepared {
    name: String,
    rounds: Rounds,
    /// What the client answered to an earlier round.
    input: Option<Input>,
    call: Call,
    task: Option<Task>,
}

/// What is known of a call that is to become a task.
struct Task {
    principal: String,
    asks_first: bool,
}

impl Prepared {
    /// Invokes the worker and relays what it says.
    pub(super) async fn run(self, gateway: &Gateway, mut access: Access) -> Response<Body> {
        access.tool(&self.name);
        if let Some(Task { principal, asks_first }) = self.task {
            let Call { id, additions, .. } = self.call;
            let (tool, rounds, input) = (self.name, self.rounds, self.input);
            return Offer { id, principal, tool, asks_first, rounds, input, additions }.answer(gateway, access).await;
        }
        let (upstream, deadline) = self.rounds.invoke(gateway, self.input);
        let ask = asks(gateway, self.rounds);
        Relay::new(self.call, upstream, deadline, ask, access).answer().await
    }
}

/// How this call's worker asks the client, if it may.
fn asks(gateway: &Gateway, rounds: Rounds) -> Box<dyn Ask> {
    if rounds.context.protocol_version.is_stateless() && input::may_ask(&rounds.method) {
        Box::new(RoundTrip::new(gateway.clone(), rounds))
    } else {
        Box::new(NoQuestions)
    }
}

pub(super) fn prepare(
    gateway: &Gateway,
    incoming: &Incoming<'_>,
    exchange: &Exchange<'_>,
    request: &Request<'_>,
) -> Result<Prepared, Failure> {
    let headers = &incoming.parts.headers;
    let target = Target::find(gateway.catalog(), headers, exchange, request)?;
    let wanted = wanted(&exchange.meta)?;
    let task = tasks::is_offered(exchange, target.worker)?
        .then(|| Task { principal: auth::principal(incoming.caller.as_ref()), asks_first: target.worker.asks_first });
    let context = CallContext {
        request_id: request.id.to_raw(),
        deadline_ms: 0,
        protocol_version: exchange.revision,
        progress: wanted.progress_token.is_some(),
        log_level: wanted.log_level,
        client_capabilities: exchange.meta.client_capabilities.map(ToOwned::to_owned),
        trace: trace::context(&exchange.meta, headers),
        caller: incoming.caller.clone(),
        uri_variables: target.uri_variables,
        input: None,
        cancellation: None,
        task_id: None,
    };
    let rounds = Rounds {
        function: target.worker.function.clone(),
        contract: target.worker.contract,
        timeout: target.worker.timeout,
        platform: incoming.parts.extensions.get().copied(),
        method: request.method.clone().into_owned(),
        params: owned(request.params),
        arguments: owned(target.arguments),
        context,
    };
    let input = input::given(gateway, &rounds, exchange.retry)?;
    let call = Call {
        id: request.id.clone(),
        contract: rounds.contract,
        additions: additions(exchange),
        wanted,
        accepts: incoming.accepts,
    };
    Ok(Prepared { name: target.name.to_owned(), rounds, input, call, task })
}

/// The raw value, or the empty object in its place.
fn owned(raw: Option<&RawValue>) -> Box<RawValue> {
    raw.map_or_else(|| RawValue::from_string("{}".to_owned()).unwrap_or_default(), ToOwned::to_owned)
}

fn additions(exchange: &Exchange<'_>) -> Additions {
    if exchange.revision.is_stateless() {
        Additions::Stateless { server_info: identity::server_info_json() }
    } else {
        Additions::Handshake
    }
}

fn wanted(meta: &RequestMeta<'_>) -> Result<Wanted, Failure> {
    let progress_token = meta.progress_token.map(ToOwned::to_owned);
    if progress_token.as_deref().is_some_and(|token| !jsonrpc::is_string_or_integer(token)) {
        let reason = "_meta.progressToken: must be a string or an integer";
        return Err(Failure::InvalidParams(reason.to_owned()));
    }
    let log_level = meta.log_level.map(|level| {
        let unknown = || Failure::InvalidParams("_meta: io.modelcontextprotocol/logLevel: not a log level".to_owned());
        serde_json::from_str::<LogLevel>(level.get()).map_err(|_| unknown())
    });
    Ok(Wanted { progress_token, log_level: log_level.transpose()? })
}
