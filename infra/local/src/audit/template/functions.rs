//! Functions, and what is attached to them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::picture::{Function, Picture, Url};
use super::intrinsic::Resolver;
use super::{names, permission};

/// The alias of the version that the catalog names.
const LIVE: &str = "live";

pub(super) fn read(resolver: &Resolver<'_>, picture: &mut Picture) {
    for resource in resolver.stack.resources().filter(|resource| resource.kind == "AWS::Lambda::Function") {
        let variables = &resource.properties["Environment"]["Variables"];
        let name = names::reference(resolver, resource);
        picture.functions.push(Function {
            arn: names::function_arn(resolver, &name),
            name,
            tags: tags(resolver, &resource.properties["Tags"]),
            role: resolver.text(&resource.properties["Role"]),
            catalog: variables.get("PENSTOCK_CATALOG").map(|catalog| resolver.text(catalog)),
            guarded: variables.get("PENSTOCK_ORIGIN_SECRETS").is_some(),
            ..Function::default()
        });
    }
}

/// Adds to each function what other resources say of it.
pub(super) fn attach(resolver: &Resolver<'_>, picture: &mut Picture) {
    for resource in resolver.stack.resources() {
        let text = |member: &str| resolver.text(&resource.properties[member]);
        let target = match resource.kind {
            "AWS::Lambda::Url" => text("TargetFunctionArn"),
            "AWS::Lambda::Permission"
            | "AWS::Lambda::Version"
            | "AWS::Lambda::Alias"
            | "AWS::Lambda::EventSourceMapping" => text("FunctionName"),
            _ => continue,
        };
        let target = names::function_arn(resolver, &target);
        let Some(function) = picture.functions.iter_mut().find(|function| function.is_at(&target)) else {
            // A permission for whatever a parameter names could be one for a tool.
            if target.contains("${") && !known_but_elsewhere(&target) {
                picture.unread.push(format!("{}: {} is about {target}", resolver.stack.name, resource.id));
            }
            continue;
        };
        match resource.kind {
            "AWS::Lambda::Permission" => {
                function.policy.push(permission::statement(&resolver.value(resource.properties), &target));
            }
            "AWS::Lambda::Url" => {
                let auth = text("AuthType");
                function.urls.push(Url { qualifier: text("Qualifier"), auth });
            }
            "AWS::Lambda::Version" => function.versions.push(names::reference(resolver, resource)),
            "AWS::Lambda::Alias" if text("Name") == LIVE => {
                let weights = resolver.value(&resource.properties["RoutingConfig"]["AdditionalVersionWeights"]);
                let others = weights.as_array().into_iter().flatten().filter_map(|one| one["FunctionVersion"].as_str());
                let versions = others.map(ToOwned::to_owned).chain([text("FunctionVersion")]);
                function.live.extend(versions.map(|version| format!("{target}:{version}")));
            }
            "AWS::Lambda::EventSourceMapping" => function.sources.push(source(&text("EventSourceArn"))),
            _ => {}
        }
    }
}

/// Whether all that is open in an ARN is where it is deployed.
fn known_but_elsewhere(arn: &str) -> bool {
    let places = ["${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}"];
    !places.iter().fold(arn.to_owned(), |arn, place| arn.replace(place, "")).contains("${")
}

fn source(arn: &str) -> String {
    if arn.is_empty() { "a source of its own".to_owned() } else { arn.to_owned() }
}

/// Tags as a list of `Key` and `Value`, or as a map.
fn tags(resolver: &Resolver<'_>, tags: &Value) -> BTreeMap<String, String> {
    match resolver.value(tags) {
        Value::Array(tags) => {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            tags.iter().map(|tag| (text(&tag["Key"]), text(&tag["Value"]))).collect()
        }
        _ => BTreeMap::new(),
    }
}
