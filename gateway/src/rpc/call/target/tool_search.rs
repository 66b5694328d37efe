//! `search_tools`, answered from the catalog: no worker is invoked.

use penstock_protocol::RawValue;
use penstock_protocol::manifest::Kind;
use serde::{Deserialize, Serialize};

use super::{Search, Target, arguments};
use crate::catalog::{ListKind, Listed, ToolSearch};
use crate::rpc::failure::Failure;
use crate::rpc::own_result;

/// How many tools are answered where the caller does not say. The schema says so too.
const LIMIT: usize = 10;

#[derive(Deserialize)]
struct Arguments {
    query: String,
    #[serde(default)]
    limit: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    content: [Text; 1],
    structured_content: Tools<'a>,
}

#[derive(Serialize)]
struct Text {
    r#type: &'static str,
    text: String,
}

#[derive(Serialize)]
struct Tools<'a> {
    tools: Vec<&'a RawValue>,
    matches: usize,
}

/// The tools that the caller may see and the arguments are about. Whoever is admitted may search: it tells nobody more
/// than the list does.
pub(super) fn find<'c, 'r>(
    search: &Search<'c, '_>,
    tools: &'c ToolSearch,
    arguments: Option<&'r RawValue>,
) -> Result<Target<'c, 'r>, Failure> {
    let (tool, revision) = (&tools.tool, search.exchange.revision);
    let answer = if let Some(misfit) = arguments::misfit(tool, arguments, revision) {
        misfit
    } else {
        let arguments = serde_json::from_str(arguments.map_or("{}", RawValue::get));
        let arguments = arguments.map_err(|error| Failure::InvalidParams(format!("arguments: {error}")))?;
        own_result::complete(answer(search, tools, &arguments), revision)
    };
    Ok(Target { answer: Some(answer), ..Target::new(Kind::Tool, &tool.name, &tool.worker) })
}

fn answer<'c>(search: &Search<'c, '_>, tools: &ToolSearch, arguments: &Arguments) -> Answer<'c> {
    let listed = search.catalog.listed(ListKind::Tools);
    let visible = search.permission.view(ListKind::Tools);
    let is_visible = |at: &usize| visible.as_ref().is_none_or(|visible| visible[*at]);
    let places: Vec<usize> = tools.find(listed, &arguments.query).into_iter().filter(is_visible).collect();
    let found: Vec<&Listed> = places.iter().take(arguments.limit.unwrap_or(LIMIT)).map(|at| &listed[*at]).collect();
    let definition = |one: &&'c Listed| serde_json::from_slice(one.definition()).ok();
    let tools = Tools { tools: found.iter().filter_map(definition).collect(), matches: places.len() };
    let text = if tools.tools.is_empty() {
        "No tool matches. Try other words for the task, or fewer.".to_owned()
    } else {
        // For clients that read no structured content (rule R-9).
        serde_json::to_string(&tools).unwrap_or_default()
    };
    Answer { content: [Text { r#type: "text", text }], structured_content: tools }
}
