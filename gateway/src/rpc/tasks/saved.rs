//! The call behind a task, as the store keeps it: any instance must be able to run it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use penstock_protocol::RawValue;
use penstock_protocol::call::CallContext;
use penstock_protocol::manifest::Contract;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::clock;
use crate::catalog::Schema;
use crate::gateway::PlatformDeadline;
use crate::rpc::call::{Cancellation, Rounds};
use crate::rpc::failure::Failure;

/// The only method whose calls become tasks (rule K-1).
const METHOD: &str = "tools/call";

/// [`Rounds`], without what can be had from elsewhere, and what the result is held against: by the time it is there, the
/// catalog may have another version of the tool.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SavedCall {
    function: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    contract: Contract,
    timeout_ms: u64,
    params: Box<RawValue>,
    context: CallContext,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    output_schema: Option<Map<String, Value>>,
}

impl SavedCall {
    pub(super) fn new(rounds: Rounds, output_schema: Option<Map<String, Value>>) -> Self {
        let Rounds { function, tenant, contract, timeout, params, context, .. } = rounds;
        Self { function, tenant, contract, timeout_ms: clock::millis(timeout), params, context, output_schema }
    }

    pub(super) fn to_json(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    /// The function that is called.
    pub(super) fn function(&self) -> &str {
        &self.function
    }

    /// What structured content must look like, where the tool says so.
    pub(super) fn output(&self) -> Result<Option<Arc<Schema>>, Failure> {
        let output = self.output_schema.as_ref().map(Schema::new).transpose().map_err(|_| Failure::TaskLost)?;
        Ok(output.map(Arc::new))
    }

    /// The call again, for an instance that ends at `platform`. Its worker learns of a cancellation by
    /// `record`, which the runner leaves.
    pub(super) fn into_rounds(self, platform: Option<PlatformDeadline>, record: Option<String>) -> Rounds {
        Rounds {
            function: self.function,
            tenant: self.tenant,
            contract: self.contract,
            timeout: Duration::from_millis(self.timeout_ms),
            platform,
            method: METHOD.to_owned(),
            arguments: arguments(&self.params),
            params: self.params,
            cancellation: Cancellation::Never,
            context: CallContext { cancellation: record, ..self.context },
        }
    }
}

fn arguments(params: &RawValue) -> Box<RawValue> {
    #[derive(Deserialize)]
    struct Params<'a> {
        #[serde(borrow, default)]
        arguments: Option<&'a RawValue>,
    }
    let params: Option<Params<'_>> = serde_json::from_str(params.get()).ok();
    let arguments = params.and_then(|params| params.arguments).map(ToOwned::to_owned);
    arguments.unwrap_or_else(|| RawValue::from_string("{}".to_owned()).unwrap_or_default())
}
