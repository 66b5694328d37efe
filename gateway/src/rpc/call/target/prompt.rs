//! `prompts/get`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use penstock_policy::{Action, Input};
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc;
use penstock_protocol::manifest::Kind;
use serde::Deserialize;

use super::{Search, Target};
use crate::catalog::Prompt;
use crate::permission::Wanted;
use crate::rpc::failure::Failure;

#[derive(Deserialize)]
struct GetParams<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
}

pub(super) fn find<'c, 'r>(search: &Search<'c, '_>, params: Option<&'r RawValue>) -> Result<Target<'c, 'r>, Failure> {
    let GetParams { name, arguments } = jsonrpc::parse_params(params).map_err(Failure::InvalidParams)?;
    search.name_is(&name)?;
    let prompt = search.catalog.prompt(&name).ok_or_else(|| Failure::UnknownPrompt(name.into_owned()))?;
    let wanted = Wanted { action: Action::GetPrompt, kind: Kind::Prompt, name: &prompt.name, worker: &prompt.worker };
    search.permission.see(wanted)?;
    let arguments = arguments.map_or("{}", RawValue::get);
    check(prompt, arguments)?;
    let decision = search.permission.make_use(wanted, Input::Json(arguments))?;
    Ok(Target { decision, ..Target::new(Kind::Prompt, &prompt.name, &prompt.worker) })
}

/// Arguments are strings, and those the prompt cannot do without are there. Others than it declares
/// are its own business.
fn check(prompt: &Prompt, arguments: &str) -> Result<(), Failure> {
    let arguments: BTreeMap<String, &RawValue> = serde_json::from_str(arguments)
        .map_err(|_| Failure::InvalidParams("arguments: must be an object of strings".to_owned()))?;
    let mut required = prompt.arguments.iter().filter(|argument| argument.required);
    if let Some(missing) = required.find(|argument| !arguments.contains_key(&argument.name)) {
        return Err(Failure::InvalidParams(format!("arguments: {} is missing", missing.name)));
    }
    match arguments.iter().find(|(_, value)| !value.get().starts_with('"')) {
        Some((name, _)) => Err(Failure::InvalidParams(format!("arguments: {name} must be a string"))),
        None => Ok(()),
    }
}
