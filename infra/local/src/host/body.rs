use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;

/// How much of a body that is too large is read, in multiples of the limit.
const DRAINED_LIMITS: usize = 4;

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    TooLarge,
    BrokeOff,
}

/// Reads a whole body of at most `limit` bytes. Of a larger one more is read and dropped: a sender
/// that is still writing would take the early answer for a lost connection.
pub(crate) async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, Unread> {
    match Limited::new(&mut body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let mut rest = Limited::new(body, limit.saturating_mul(DRAINED_LIMITS));
            while let Some(Ok(_)) = rest.frame().await {}
            Err(Unread::TooLarge)
        }
        Err(_) => Err(Unread::BrokeOff),
    }
}
