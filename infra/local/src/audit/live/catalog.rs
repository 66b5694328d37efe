//! Catalog entries in Parameter Store.

use penstock_aws::SdkConfig;

use super::super::AuditError;
use super::super::picture::{Entry, entry_name};
use super::{MAX_PAGES, failed};

pub(super) async fn read(config: &SdkConfig, gateway: &str) -> Result<Vec<Entry>, AuditError> {
    let client = aws_sdk_ssm::Client::new(config);
    let mut entries = Vec::new();
    let mut token = None;
    for _ in 0..MAX_PAGES {
        let asked = client.get_parameters_by_path().path(format!("/penstock/{gateway}/tools")).set_next_token(token);
        let page =
            asked.send().await.map_err(|error| failed("reading the catalog", "ssm:GetParametersByPath", &error))?;
        entries.extend(page.parameters().iter().filter_map(|parameter| {
            let (gateway, slug) = entry_name(parameter.name()?)?;
            Some(Entry {
                parameter: parameter.name()?.to_owned(),
                gateway: gateway.to_owned(),
                slug: slug.to_owned(),
                // Those of one region and account are read.
                place: String::new(),
                value: parameter.value()?.to_owned(),
            })
        }));
        token = page.next_token;
        if token.is_none() {
            return Ok(entries);
        }
    }
    Err(AuditError::TooMany("pages of the catalog", MAX_PAGES))
}
