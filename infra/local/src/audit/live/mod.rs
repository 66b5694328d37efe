//! What an account holds.

mod catalog;
mod functions;
mod identities;

use aws_sdk_lambda::config::http::HttpResponse;
use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};
use penstock_aws::failure::{Failure, classify};

use super::AuditError;
use super::picture::{Picture, split_arn};
use super::template::Place;

/// Pages of anything that are asked for.
const MAX_PAGES: usize = 1000;

/// Reads all that is to be known of a gateway in the account and region of the environment, and where that is.
///
/// # Errors
/// If AWS refuses a request or does not answer, or there is nothing of the gateway.
pub(super) async fn read(gateway: &str) -> Result<(Picture, Place), AuditError> {
    let config = penstock_aws::config().await?;
    let mut picture = Picture { entries: catalog::read(&config, gateway).await?, ..Picture::default() };
    functions::read(&config, gateway, &mut picture).await?;
    identities::read(&config, &mut picture).await?;
    let arn = picture.functions.first().map(|function| function.arn.clone());
    let arn = arn.ok_or_else(|| AuditError::NoGateway(format!(" called {gateway}")))?;
    let [_, partition, _, region, account, _] = split_arn(&arn);
    picture.searched = Some(format!("arn:{partition}:lambda:{region}:{account}:"));
    Ok((picture, Place { partition: Some(partition), region: Some(region), account: Some(account) }))
}

/// Why a request failed, in words for whoever runs the audit.
fn failed<E: ProvideErrorMetadata>(
    what: &'static str,
    permission: &str,
    error: &SdkError<E, HttpResponse>,
) -> AuditError {
    AuditError::Aws(
        what,
        match classify(error) {
            Failure::Denied => format!("{permission} is not allowed to whoever the credentials are of"),
            Failure::NoCredentials => "there are no AWS credentials".to_owned(),
            Failure::Refused { code, message } => format!("{code}: {message}"),
            other => format!("{other:?}"),
        },
    )
}
