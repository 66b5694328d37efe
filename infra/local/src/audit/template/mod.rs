//! What CloudFormation templates would deploy.

mod catalog;
mod files;
mod functions;
mod identities;
mod intrinsic;
mod names;
mod permission;

use std::path::PathBuf;

use serde_json::Value;

use self::intrinsic::Resolver;
use super::AuditError;
use super::picture::Picture;

pub(super) use self::files::Place;

/// One template, and where it would be deployed.
#[derive(Debug)]
struct Stack {
    /// The stack's name, or the file's.
    name: String,
    json: Value,
    place: Place,
}

/// A resource of a stack.
#[derive(Debug, Clone, Copy)]
struct Resource<'a> {
    /// Its logical id.
    id: &'a str,
    kind: &'a str,
    properties: &'a Value,
    metadata: &'a Value,
}

impl Stack {
    fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        self.json["Resources"].as_object().into_iter().flatten().map(|(id, json)| Resource {
            id,
            kind: json["Type"].as_str().unwrap_or_default(),
            properties: &json["Properties"],
            metadata: &json["Metadata"],
        })
    }

    fn resource(&self, id: &str) -> Option<Resource<'_>> {
        self.resources().find(|resource| resource.id == id)
    }
}

/// Reads templates, all of them together. Folders are those of the CDK (`cdk.out`).
///
/// # Errors
/// If there is none, or one cannot be read.
pub(super) fn read(paths: &[PathBuf], known: &Place) -> Result<Picture, AuditError> {
    let stacks = files::stacks(paths, known)?;
    let mut picture = Picture::default();
    for stack in &stacks {
        let resolver = Resolver::new(&stacks, stack);
        unread(stack, &stacks, &mut picture);
        functions::read(&resolver, &mut picture);
        identities::read(&resolver, &mut picture);
        catalog::read(&resolver, &mut picture);
    }
    // What is attached to something may stand in a stack before it.
    for stack in &stacks {
        let resolver = Resolver::new(&stacks, stack);
        functions::attach(&resolver, &mut picture);
        identities::attach(&resolver, &mut picture);
    }
    Ok(picture)
}

/// Notes what makes resources that the template does not show.
fn unread(stack: &Stack, stacks: &[Stack], picture: &mut Picture) {
    if !stack.json["Transform"].is_null() {
        let text = format!("{} is changed by a transform while it is deployed: give what comes of it", stack.name);
        picture.unread.push(text);
    }
    for resource in stack.resources().filter(|resource| resource.id.starts_with("Fn::")) {
        picture.unread.push(format!("{}: what {} makes is not given", stack.name, resource.id));
    }
    for resource in stack.resources().filter(|resource| resource.kind == "AWS::CloudFormation::Stack") {
        let file = resource.metadata["aws:asset:path"].as_str().unwrap_or_default();
        if file.is_empty() || !stacks.iter().any(|stack| file.starts_with(stack.name.as_str())) {
            picture
                .unread
                .push(format!("{}: the template of the nested stack {} is not given", stack.name, resource.id));
        }
    }
}
