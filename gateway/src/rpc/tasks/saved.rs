//! The call behind a task, as the store keeps it: any instance must be able to run it.

use std::time::Duration;

use bytes::Bytes;
use penstock_protocol::RawValue;
use penstock_protocol::call::CallContext;
use penstock_protocol::manifest::Contract;
use serde::{Deserialize, Serialize};

use super::clock;
use crate::gateway::PlatformDeadline;
use crate::rpc::call::{Cancellation, Rounds};

/// The only method whose calls become tasks (rule K-1).
const METHOD: &str = "tools/call";

/// [`Rounds`], without what can be had from elsewhere.
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
}

impl SavedCall {
    pub(super) fn new(rounds: Rounds) -> Self {
        let Rounds { function, tenant, contract, timeout, params, context, .. } = rounds;
        Self { function, tenant, contract, timeout_ms: clock::millis(timeout), params, context }
    }

    pub(super) fn to_json(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    /// The function that is called.
    pub(super) fn function(&self) -> &str {
        &self.function
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
