//! The floor of starting: the smallest function `lambda_runtime` can serve.

use std::convert::Infallible;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async { Ok::<_, Infallible>(event.payload) })).await
}
