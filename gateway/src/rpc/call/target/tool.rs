//! `tools/call`.

use std::borrow::Cow;

use penstock_policy::{Action, Input};
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc;
use penstock_protocol::manifest::Kind;
use serde::Deserialize;

use super::{Search, Target, arguments, tool_search};
use crate::permission::Wanted;
use crate::rpc::failure::Failure;

#[derive(Deserialize)]
struct CallParams<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
}

pub(super) fn find<'c, 'r>(search: &Search<'c, '_>, params: Option<&'r RawValue>) -> Result<Target<'c, 'r>, Failure> {
    let CallParams { name, arguments } = jsonrpc::parse_params(params).map_err(Failure::InvalidParams)?;
    if arguments.is_some_and(|arguments| !arguments.get().starts_with('{')) {
        return Err(Failure::InvalidParams("arguments: must be an object".to_owned()));
    }
    search.name_is(&name)?;
    if let Some(tools) = search.catalog.tool_search().filter(|tools| tools.tool.name == name) {
        return tool_search::find(search, tools, arguments);
    }
    let tool = search.catalog.tool(&name).ok_or_else(|| Failure::UnknownTool(name.into_owned()))?;
    let wanted = Wanted { action: Action::CallTool, kind: Kind::Tool, name: &tool.name, worker: &tool.worker };
    let decided = search.permission.make_use(wanted, Input::Json(arguments.map_or("{}", RawValue::get)));
    if decided.is_err() {
        // These arguments are not allowed. Others may be: then the tool is no secret.
        search.permission.see(wanted)?;
    }
    let answer = arguments::misfit(tool, arguments, search.exchange.revision);
    if answer.is_some() {
        search.permission.see(wanted)?;
    }
    if search.exchange.requires_routing_headers() {
        tool.header_params.check(search.headers, arguments)?;
    }
    let output = tool.output.clone();
    let decision = match answer {
        // A call that is not made needs no permission but to know of the tool.
        Some(_) => None,
        None => decided?,
    };
    Ok(Target { arguments, output, decision, answer, ..Target::new(Kind::Tool, &tool.name, &tool.worker) })
}
