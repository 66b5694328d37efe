//! `InvokeWithResponseStream` by the AWS SDK: the only file that names `aws_sdk_lambda`.

use std::time::Duration;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::{Builder, StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_lambda::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::operation::invoke_with_response_stream::InvokeWithResponseStreamError;
use aws_sdk_lambda::operation::invoke_with_response_stream::builders::InvokeWithResponseStreamFluentBuilder;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvokeWithResponseStreamResponseEvent::{
    self as ResponseEvent, InvokeComplete, PayloadChunk,
};
use aws_sdk_lambda::types::error::InvokeWithResponseStreamResponseEventError as StreamError;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use penstock_aws::SdkConfig;

use super::{Invoke, InvokeError, PayloadStream};

/// Long enough for a distant endpoint, short enough that a caller still gets an answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

type EventReceiver = aws_sdk_lambda::primitives::event_stream::EventReceiver<ResponseEvent, StreamError>;

/// Invokes functions through AWS Lambda, or whatever `AWS_ENDPOINT_URL_LAMBDA` names.
#[derive(Debug, Clone)]
pub struct LambdaInvoker {
    pub(super) client: Client,
}

impl LambdaInvoker {
    /// A client with the credentials, region and endpoint of `aws`. Connects to nothing yet.
    pub fn new(aws: &SdkConfig) -> Self {
        let config = Builder::from(aws)
            // A retried call could run a tool twice; whether to try again is the client's to say.
            .retry_config(RetryConfig::disabled())
            // A tool may be silent for as long as its deadline allows.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build());
        Self { client: Client::from_conf(config.build()) }
    }
}

impl Invoke for LambdaInvoker {
    fn invoke(&self, function: &str, tenant: Option<&str>, payload: Vec<u8>) -> PayloadStream {
        let call = self.client.invoke_with_response_stream().function_name(function).payload(Blob::new(payload));
        let call = call.set_tenant_id(tenant.map(str::to_owned));
        stream::unfold(State::Ready(Box::new(call)), next).boxed()
    }
}

enum State {
    Ready(Box<InvokeWithResponseStreamFluentBuilder>),
    Streaming(Box<EventReceiver>),
    Ended,
}

async fn next(state: State) -> Option<(Result<Bytes, InvokeError>, State)> {
    let mut events = match state {
        State::Ready(call) => match call.send().await {
            Ok(output) => Box::new(output.event_stream),
            Err(error) => return Some((Err(refused(&error)), State::Ended)),
        },
        State::Streaming(events) => events,
        State::Ended => return None,
    };
    loop {
        let error = match events.recv().await {
            Ok(Some(PayloadChunk(chunk))) => match chunk.payload {
                Some(bytes) => return Some((Ok(bytes.into_inner().into()), State::Streaming(events))),
                None => continue,
            },
            Ok(Some(InvokeComplete(complete))) => match complete.error_code {
                Some(code) => InvokeError::Function { code, details: complete.error_details.unwrap_or_default() },
                None => return None,
            },
            Ok(Some(_)) => continue,
            Ok(None) => InvokeError::Truncated,
            Err(error) => InvokeError::Service(DisplayErrorContext(&error).to_string()),
        };
        return Some((Err(error), State::Ended));
    }
}

fn refused(error: &SdkError<InvokeWithResponseStreamError>) -> InvokeError {
    use InvokeWithResponseStreamError::{
        InvalidParameterValueException, ResourceNotFoundException, TooManyRequestsException,
    };
    let Some(refusal) = error.as_service_error() else {
        return InvokeError::Service(DisplayErrorContext(error).to_string());
    };
    match refusal {
        TooManyRequestsException(throttle) => InvokeError::Throttled {
            reason: throttle.reason().map_or("TooManyRequestsException", |reason| reason.as_str()).to_owned(),
            retry_after: throttle.retry_after_seconds().map(str::to_owned),
        },
        // What Lambda says of a tenant that is missing, and of one that is too much.
        ResourceNotFoundException(_) | InvalidParameterValueException(_) => {
            InvokeError::Unavailable(described(refusal))
        }
        _ if refusal.code() == Some("AccessDeniedException") => InvokeError::Unavailable(described(refusal)),
        _ => InvokeError::Service(described(refusal)),
    }
}

pub(super) fn described(error: &impl ProvideErrorMetadata) -> String {
    format!("{}: {}", error.code().unwrap_or("unknown error"), error.message().unwrap_or("no message"))
}
