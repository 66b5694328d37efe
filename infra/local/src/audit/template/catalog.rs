//! Catalog entries.

use super::super::picture::{Entry, Picture, entry_name};
use super::intrinsic::Resolver;

pub(super) fn read(resolver: &Resolver<'_>, picture: &mut Picture) {
    for resource in resolver.stack.resources().filter(|resource| resource.kind == "AWS::SSM::Parameter") {
        let parameter = resolver.text(&resource.properties["Name"]);
        if let Some((gateway, slug)) = entry_name(&parameter) {
            picture.entries.push(Entry {
                gateway: gateway.to_owned(),
                slug: slug.to_owned(),
                place: ["AWS::Region", "AWS::AccountId"].map(|part| resolver.reference(part)).join(":"),
                value: resolver.text(&resource.properties["Value"]),
                parameter,
            });
        }
    }
}
