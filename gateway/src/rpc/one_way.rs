//! Messages nobody answers: notifications, and a client's answers to what it was asked (rule L-3).

use http::{Response, StatusCode};
use penstock_protocol::jsonrpc::{self, Notification, ParseError};

use super::exchange::spoken;
use super::failure::Failure;
use super::session::{answer, cancel};
use super::{Incoming, refuse_with};
use crate::access::{Access, Outcome};
use crate::gateway::Gateway;
use crate::http::{Body, response};

/// Takes a notification. Only a cancellation in a session has an effect; what is odd about one is no
/// reason to refuse it.
pub(super) async fn notification(
    gateway: &Gateway,
    incoming: &Incoming<'_>,
    notification: &Notification<'_>,
) -> Response<Body> {
    let taken = async {
        let (_, session) = spoken(gateway, incoming).await?;
        match session {
            Some(session) if notification.method == "notifications/cancelled" => {
                cancel::request(gateway, &session, notification.params).await
            }
            _ => Ok(()),
        }
    };
    closed(Access::new("notification"), taken.await)
}

/// Takes an answer. Outside a session nothing was ever asked.
pub(super) async fn response(
    gateway: &Gateway,
    incoming: &Incoming<'_>,
    response: &jsonrpc::Response<'_>,
) -> Response<Body> {
    let taken = async {
        match spoken(gateway, incoming).await? {
            (revision, _) if revision.is_stateless() => {
                let reason = "a client sends no responses in this revision".to_owned();
                Err(ParseError::Invalid { reason, id: None }.into())
            }
            (_, Some(session)) => answer::take(gateway, &session, response).await,
            (_, None) => Ok(()),
        }
    };
    closed(Access::new("response"), taken.await)
}

fn closed(mut access: Access, taken: Result<(), Failure>) -> Response<Body> {
    if let Err(failure) = taken {
        return refuse_with(access, None, &failure, failure.status_alone());
    }
    access.status(StatusCode::ACCEPTED);
    access.outcome(Outcome::Completed);
    response::accepted()
}
