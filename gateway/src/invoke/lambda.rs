//! `InvokeWithResponseStream` by the AWS SDK: the only file that names `aws_sdk_lambda`.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, retry::RetryConfig, stalled_stream_protection::StalledStreamProtectionConfig};
use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::operation::invoke_with_response_stream::InvokeWithResponseStreamError;
use aws_sdk_lambda::operation::invoke_with_response_stream::builders::InvokeWithResponseStreamFluentBuilder;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvokeWithResponseStreamResponseEvent::{
    self as ResponseEvent, InvokeComplete, PayloadChunk,
};
use aws_sdk_lambda::types::error::InvokeWithResponseStreamResponseEventError as StreamError;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;

use super::{Invoke, InvokeError, PayloadStream};

/// Long enough for a distant endpoint, short enough that a caller still gets an answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The certificate authorities AWS endpoints chain to.
///
/// Reading a system bundle costs the first call milliseconds; these are parsed in a fraction of
/// one. `AWS_CA_BUNDLE`, the variable every AWS SDK knows, names another bundle to trust instead.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

type EventReceiver = aws_sdk_lambda::primitives::event_stream::EventReceiver<ResponseEvent, StreamError>;

/// Invokes functions through AWS Lambda, or whatever `AWS_ENDPOINT_URL_LAMBDA` names.
#[derive(Debug, Clone)]
pub struct LambdaInvoker {
    pub(super) client: Client,
}

impl LambdaInvoker {
    /// Builds a client from the standard AWS environment. Connects to nothing yet.
    ///
    /// # Errors
    /// If `AWS_CA_BUNDLE` names a file that cannot be read or holds no certificates.
    pub async fn from_env() -> anyhow::Result<Self> {
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(https_client()?)
            // A retried call could run a tool twice; whether to try again is the client's to say.
            .retry_config(RetryConfig::disabled())
            // A tool may be silent for as long as its deadline allows.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build())
            .load()
            .await;
        Ok(Self { client: Client::new(&config) })
    }
}

fn https_client() -> anyhow::Result<aws_sdk_lambda::config::SharedHttpClient> {
    let roots = match std::env::var_os("AWS_CA_BUNDLE") {
        Some(path) => {
            std::fs::read(&path).map_err(|error| anyhow::anyhow!("AWS_CA_BUNDLE {}: {error}", path.display()))?
        }
        None => AMAZON_ROOTS.to_vec(),
    };
    let trusted = TrustStore::empty().with_native_roots(false).with_pem_certificate(roots);
    let context = TlsContext::builder().with_trust_store(trusted).build()?;
    // ring: the alternative, AWS-LC, gathers 50 ms of CPU-jitter entropy before the first handshake.
    let builder = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    Ok(builder.tls_context(context).build_https())
}

impl Invoke for LambdaInvoker {
    fn invoke(&self, function: &str, payload: Vec<u8>) -> PayloadStream {
        let call = self.client.invoke_with_response_stream().function_name(function).payload(Blob::new(payload));
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
    use InvokeWithResponseStreamError::{ResourceNotFoundException, TooManyRequestsException};
    let Some(refusal) = error.as_service_error() else {
        return InvokeError::Service(DisplayErrorContext(error).to_string());
    };
    match refusal {
        TooManyRequestsException(throttle) => InvokeError::Throttled {
            reason: throttle.reason().map_or("TooManyRequestsException", |reason| reason.as_str()).to_owned(),
            retry_after: throttle.retry_after_seconds().map(str::to_owned),
        },
        ResourceNotFoundException(_) => InvokeError::Unavailable(described(refusal)),
        _ if refusal.code() == Some("AccessDeniedException") => InvokeError::Unavailable(described(refusal)),
        _ => InvokeError::Service(described(refusal)),
    }
}

pub(super) fn described(error: &impl ProvideErrorMetadata) -> String {
    format!("{}: {}", error.code().unwrap_or("unknown error"), error.message().unwrap_or("no message"))
}
