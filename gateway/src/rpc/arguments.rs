//! A call's arguments against what their tool says about them, before anyone is billed for it.

use bytes::Bytes;
use http::HeaderMap;
use penstock_protocol::RawValue;
use penstock_protocol::meta;
use penstock_protocol::revision::Revision;
use serde_json::json;

use super::failure::Failure;
use crate::catalog::Tool;
use crate::catalog::schema::Instance;
use crate::identity;

/// What the model reads about arguments that do not fit.
#[derive(Debug)]
pub(super) struct Misfit(String);

impl Misfit {
    /// The result of a call that was not made: an error the model can correct (rule R-10).
    pub(super) fn result(&self, revision: Revision) -> Bytes {
        let text = format!("The arguments do not match the tool's inputSchema.\n{}", self.0);
        let mut result = json!({ "content": [{ "type": "text", "text": text }], "isError": true });
        if revision.is_stateless() {
            result["resultType"] = json!("complete");
            result["_meta"] = json!({ meta::key::SERVER_INFO: identity::server_info() });
        }
        result.to_string().into()
    }
}

/// Checks the headers that repeat arguments, where the revision has them, and then the arguments.
pub(super) fn check(
    tool: &Tool,
    arguments: Option<&RawValue>,
    headers: Option<&HeaderMap>,
) -> Result<Option<Misfit>, Failure> {
    let headers = headers.filter(|_| !tool.header_params.is_empty());
    if headers.is_none() && tool.input.takes_every_object() {
        return Ok(None);
    }
    let arguments = match Instance::parse(arguments.map_or("{}", RawValue::get)) {
        Ok(arguments) => arguments,
        Err(unreadable) => return Ok(Some(Misfit(unreadable.to_string()))),
    };
    if let Some(headers) = headers {
        tool.header_params.check(headers, arguments.value())?;
    }
    Ok(tool.input.check(&arguments).err().map(|violation| Misfit(violation.to_string())))
}
