use std::sync::Arc;

use http::HeaderMap;

use super::function::Function;
use super::reply::ApiError;

/// The header of a call that names its tenant.
const TENANT_ID: &str = "x-amz-tenant-id";

/// Longest tenant id, in bytes (`TenantId` of Lambda's API model).
const MAX_TENANT_ID: usize = 256;

/// Whose call it is, as its caller names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tenant(Arc<str>);

impl Tenant {
    /// The tenant of a call: a function that keeps tenants apart needs one, any other takes none.
    pub(super) fn of(function: &Function, headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        let refused = |reason: &str| Err(ApiError::Parameter(reason.to_owned()));
        match (function.per_tenant, headers.get(TENANT_ID)) {
            (false, None) => Ok(None),
            (true, None) => refused("The function keeps tenants apart: X-Amz-Tenant-Id is missing"),
            (false, Some(_)) => refused("The function does not keep tenants apart: it takes no X-Amz-Tenant-Id"),
            (true, Some(value)) => match value.to_str() {
                Ok(id) if is_tenant_id(id) => Ok(Some(Self(id.into()))),
                _ => refused("X-Amz-Tenant-Id is not 1 to 256 of a-z A-Z 0-9 . _ : / = + - @ and space"),
            },
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_tenant_id(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/=+-@ ".contains(&byte);
    (1..=MAX_TENANT_ID).contains(&id.len()) && id.bytes().all(is_allowed)
}
