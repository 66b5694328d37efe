//! `completion/complete`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use penstock_policy::{Action, Input};
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc;
use penstock_protocol::manifest::Kind;
use serde::Deserialize;
use serde_json::json;

use super::{Search, Target};
use crate::permission::Wanted;
use crate::rpc::failure::Failure;
use crate::rpc::own_result;

#[derive(Deserialize)]
struct CompleteParams<'a> {
    #[serde(rename = "ref")]
    reference: Reference,
    #[serde(borrow)]
    argument: Argument<'a>,
    #[serde(default)]
    context: Option<Resolved>,
}

/// What an argument belongs to.
#[derive(Deserialize)]
#[serde(tag = "type")]
enum Reference {
    #[serde(rename = "ref/prompt")]
    Prompt { name: String },
    /// A resource template, as it is spelled; a resource has nothing to complete.
    #[serde(rename = "ref/resource")]
    Resource { uri: String },
}

#[derive(Deserialize)]
struct Argument<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, rename = "value")]
    _value: Cow<'a, str>,
}

/// Arguments that have their values already.
#[derive(Default, Deserialize)]
struct Resolved {
    #[serde(default)]
    arguments: BTreeMap<String, String>,
}

pub(super) fn find<'c, 'r>(search: &Search<'c, '_>, params: Option<&'r RawValue>) -> Result<Target<'c, 'r>, Failure> {
    let params: CompleteParams<'_> = jsonrpc::parse_params(params).map_err(Failure::InvalidParams)?;
    let (mut target, declared) = match params.reference {
        Reference::Prompt { name } => prompt(search, &name, &params.argument)?,
        Reference::Resource { uri } => template(search, &uri, &params.argument)?,
    };
    // A resource has nothing to complete, whoever asks.
    if target.kind != Kind::Resource {
        let settled = params.context.unwrap_or_default().arguments;
        let wanted = Wanted { action: Action::Complete, kind: target.kind, name: target.name, worker: target.worker };
        target.decision = search.permission.make_use(wanted, Input::Text(&settled))?;
    }
    if !declared {
        return Err(Failure::InvalidParams(format!("argument.name: {} is not declared", params.argument.name)));
    }
    if !target.worker.completes {
        let nothing = json!({ "completion": { "values": [], "total": 0, "hasMore": false } });
        target.answer = Some(own_result::complete(nothing, search.exchange.revision));
    }
    Ok(target)
}

/// The prompt, and whether it declares the argument.
fn prompt<'c, 'r>(
    search: &Search<'c, '_>,
    name: &str,
    argument: &Argument<'_>,
) -> Result<(Target<'c, 'r>, bool), Failure> {
    let prompt = search.catalog.prompt(name).ok_or_else(|| Failure::UnknownPrompt(name.to_owned()))?;
    let declared = prompt.arguments.iter().any(|declared| declared.name == argument.name);
    Ok((Target::new(Kind::Prompt, &prompt.name, &prompt.worker), declared))
}

/// The template or resource, and whether it has the variable.
fn template<'c, 'r>(
    search: &Search<'c, '_>,
    uri: &str,
    argument: &Argument<'_>,
) -> Result<(Target<'c, 'r>, bool), Failure> {
    if let Some(template) = search.catalog.template(uri) {
        let declared = template.uri.variables().any(|variable| variable == argument.name);
        return Ok((Target::new(Kind::ResourceTemplate, &template.name, &template.worker), declared));
    }
    match search.catalog.resource(uri) {
        Some(resource) => Ok((Target::new(Kind::Resource, &resource.name, &resource.worker), false)),
        None => Err(Failure::InvalidParams("ref.uri: no such resource template".to_owned())),
    }
}
