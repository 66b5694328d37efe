//! A call's arguments against what their tool says about them, before anyone is billed for it.

use bytes::Bytes;
use penstock_protocol::RawValue;
use penstock_protocol::revision::Revision;
use serde_json::json;

use crate::catalog::Tool;
use crate::catalog::schema::Instance;
use crate::rpc::own_result;

/// The result of a call that is not made because its arguments do not fit: an error the model can
/// correct (rule R-10).
pub(super) fn misfit(tool: &Tool, arguments: Option<&RawValue>, revision: Revision) -> Option<Bytes> {
    if tool.input.takes_every_object() {
        return None;
    }
    let reason = match Instance::parse(arguments.map_or("{}", RawValue::get)) {
        Ok(arguments) => tool.input.check(&arguments).err()?.to_string(),
        Err(unreadable) => unreadable.to_string(),
    };
    let text = format!("The arguments do not match the tool's inputSchema.\n{reason}");
    let result = json!({ "content": [{ "type": "text", "text": text }], "isError": true });
    Some(own_result::complete(result, revision))
}
