//! Calling a worker function: the one seam between the gateway and AWS.

mod lambda;
mod own_function;

pub use lambda::LambdaInvoker;
pub use own_function::OwnFunction;

use bytes::Bytes;
use futures_util::stream::BoxStream;

/// What a function writes, chunk by chunk; chunk boundaries mean nothing. Ends after the last byte,
/// or with one error.
pub type PayloadStream = BoxStream<'static, Result<Bytes, InvokeError>>;

/// Something that can invoke a function by name and stream what it writes.
pub trait Invoke: Send + Sync + 'static {
    /// Invokes `function` (a name or ARN, with version) with `payload`, in an instance that serves `tenant` and nobody
    /// else: 1 to 256 of `a-zA-Z0-9._:/=+-@` and space, `None` for functions whose instances are everybody's. Nothing
    /// happens until the stream is polled; dropping it gives the call up.
    fn invoke(&self, function: &str, tenant: Option<&str>, payload: Vec<u8>) -> PayloadStream;
}

/// Why a function's stream did not end as it should. Details are for the log, not for clients.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// No room for another call; the function was not run.
    #[error("throttled: {reason}")]
    Throttled {
        /// Lambda's reason, e.g. `ReservedFunctionConcurrentInvocationLimitExceeded`.
        reason: String,
        /// Seconds to wait, if Lambda said so.
        retry_after: Option<String>,
    },
    /// The function does not exist, this gateway may not invoke it, or it is isolated where its manifest says nothing
    /// of that, or the other way round.
    #[error("cannot be invoked: {0}")]
    Unavailable(String),
    /// Lambda could not be reached, or failed itself.
    #[error("Lambda failed: {0}")]
    Service(String),
    /// The function failed: it crashed, ran out of time, or returned an error.
    #[error("the function failed: {code}")]
    Function {
        /// Lambda's error code, e.g. `Runtime.ExitError`.
        code: String,
        /// What Lambda says about it. May quote the worker, so it is in no message and no log.
        details: String,
    },
    /// The stream ended without Lambda's word that the call is complete.
    #[error("the stream ended without InvokeComplete")]
    Truncated,
}
