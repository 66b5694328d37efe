//! DELETE: a client ends its session (rule L-6).

use http::{HeaderMap, Response, StatusCode};
use penstock_protocol::call::Caller;
use penstock_protocol::revision::Revision;

use super::{Session, record};
use crate::access::{Access, Outcome};
use crate::gateway::Gateway;
use crate::http::{Body, response};
use crate::rpc::exchange::revision_header;
use crate::rpc::failure::Failure;

/// Ends the session the request names, for all instances. 2026-07-28 has neither sessions nor DELETE
/// (rule H-4).
pub(crate) async fn end(gateway: &Gateway, headers: &HeaderMap, caller: Option<&Caller>) -> Response<Body> {
    let mut access = Access::new("session end");
    if revision_header(headers).is_ok_and(|stated| stated.is_some_and(Revision::is_stateless)) {
        access.status(StatusCode::METHOD_NOT_ALLOWED);
        return response::not_an_mcp_method(gateway);
    }
    match ended(gateway, headers, caller).await {
        Ok(()) => {
            access.status(StatusCode::NO_CONTENT);
            access.outcome(Outcome::Completed);
            response::no_content()
        }
        Err(failure) => {
            let status = failure.status_alone();
            access.status(status);
            access.failure(&failure);
            let sentence = match failure {
                Failure::UnknownSession => "there is no such session",
                Failure::Store(_) => "the session could not be ended; try again later",
                _ => "name one session, in Mcp-Session-Id",
            };
            response::text(status, sentence)
        }
    }
}

async fn ended(gateway: &Gateway, headers: &HeaderMap, caller: Option<&Caller>) -> Result<(), Failure> {
    let session = Session::find(gateway, headers, caller).await?.ok_or(Failure::NeedsSession)?;
    record::change(gateway.store().as_ref(), &session.token, |record| record.ended = true).await
}
