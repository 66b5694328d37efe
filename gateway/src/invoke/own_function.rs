//! `Invoke` of the gateway's own function, asynchronously: how a task goes on when its request is over.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::Config;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::error::{DisplayErrorContext, ProvideErrorMetadata as _, SdkError};
use aws_sdk_lambda::operation::invoke::InvokeError as Refusal;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::InvokeError;
use super::lambda::{LambdaInvoker, described};
use crate::background::Background;
use crate::gateway::Gateway;
use crate::http::TASK_PATH;
use crate::lambda;

/// How often the call is tried: one too many does no harm.
const ATTEMPTS: u32 = 3;

/// Runs tasks in invocations of the gateway's own function.
#[derive(Debug, Clone)]
pub struct OwnFunction {
    client: Client,
    function: String,
}

impl OwnFunction {
    /// Calls `function` (a name or ARN, with its version) as `invoker` calls workers.
    pub fn new(invoker: &LambdaInvoker, function: String) -> Self {
        Self { client: invoker.client.clone(), function }
    }
}

impl Background for OwnFunction {
    fn start(&self, _: &Gateway, ticket: String) -> BoxFuture<'static, Result<(), InvokeError>> {
        let event = Blob::new(lambda::post_event(TASK_PATH, &ticket));
        let call = self.client.invoke().function_name(&self.function).payload(event);
        let call = call.invocation_type(InvocationType::Event).customize();
        let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS);
        let call = call.config_override(Config::builder().retry_config(retries));
        async move { call.send().await.map(|_| ()).map_err(|error| refused(&error)) }.boxed()
    }
}

fn refused(error: &SdkError<Refusal>) -> InvokeError {
    match error.as_service_error() {
        None => InvokeError::Service(DisplayErrorContext(error).to_string()),
        Some(refusal) if refusal.is_too_many_requests_exception() => {
            InvokeError::Throttled { reason: described(refusal), retry_after: None }
        }
        Some(refusal)
            if refusal.is_resource_not_found_exception() || refusal.code() == Some("AccessDeniedException") =>
        {
            InvokeError::Unavailable(described(refusal))
        }
        Some(refusal) => InvokeError::Service(described(refusal)),
    }
}
