//! What resources are called: what `Ref` and `Fn::GetAtt` answer (CloudFormation's resource reference, "Return
//! values").

use super::Resource;
use super::intrinsic::Resolver;

/// What kinds of resource are called, by the property that names them.
const NAMED: [(&str, &str); 9] = [
    ("AWS::Lambda::Function", "FunctionName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::SSM::Parameter", "Name"),
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::SQS::Queue", "QueueName"),
];

/// What `Ref` answers.
pub(super) fn reference(resolver: &Resolver<'_>, resource: Resource<'_>) -> String {
    let unnamed = resolver.unnamed(resource);
    match resource.kind {
        "AWS::Lambda::Version" => {
            let function = function_arn(resolver, &resolver.text(&resource.properties["FunctionName"]));
            format!("{function}:{unnamed}")
        }
        "AWS::Lambda::Alias" => {
            let function = function_arn(resolver, &resolver.text(&resource.properties["FunctionName"]));
            format!("{function}:{}", resolver.text(&resource.properties["Name"]))
        }
        kind if is_anything(kind) => unknown(resource, ""),
        kind => {
            let property = NAMED.iter().find(|(named, _)| *named == kind).map(|(_, property)| *property);
            let name = property.map(|property| resolver.text(&resource.properties[property]));
            name.filter(|name| !name.is_empty()).unwrap_or(unnamed)
        }
    }
}

/// What `Fn::GetAtt` answers.
pub(super) fn attribute(resolver: &Resolver<'_>, resource: Resource<'_>, attribute: &str) -> String {
    let name = || reference(resolver, resource);
    match (resource.kind, attribute) {
        ("AWS::Lambda::Function", "Arn") => function_arn(resolver, &name()),
        ("AWS::Lambda::Version", "FunctionArn") | ("AWS::Lambda::Alias", "AliasArn") => name(),
        ("AWS::Lambda::Version", "Version") => resolver.unnamed(resource),
        ("AWS::IAM::Role", "Arn") => identity_arn(resolver, "role", resource),
        ("AWS::IAM::User", "Arn") => identity_arn(resolver, "user", resource),
        ("AWS::IAM::Group", "Arn") => identity_arn(resolver, "group", resource),
        ("AWS::Logs::LogGroup", "Arn") => regional(resolver, "logs", &format!("log-group:{}:*", name())),
        ("AWS::DynamoDB::Table", "Arn") => regional(resolver, "dynamodb", &format!("table/{}", name())),
        ("AWS::SQS::Queue", "Arn") => regional(resolver, "sqs", &name()),
        ("AWS::S3::Bucket", "Arn") => format!("arn:{}:s3:::{}", resolver.reference("AWS::Partition"), name()),
        (kind, _) if is_anything(kind) => unknown(resource, attribute),
        _ => format!("<{}.{}.{attribute}>", resolver.stack.name, resource.id),
    }
}

/// Whether the names of a kind can be those of anything at all, of a function too.
fn is_anything(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind.starts_with("AWS::CloudFormation::") || !kind.starts_with("AWS::")
}

fn unknown(resource: Resource<'_>, attribute: &str) -> String {
    if attribute.is_empty() { format!("${{{}}}", resource.id) } else { format!("${{{}.{attribute}}}", resource.id) }
}

/// The ARN of a function that is named in one of the ways Lambda takes: `name`, `name:qualifier`,
/// `account:function:name`, or its ARN.
pub(super) fn function_arn(resolver: &Resolver<'_>, named: &str) -> String {
    if named.starts_with("arn:") || named.starts_with("${") {
        return named.to_owned();
    }
    let name = named.split_once(":function:").map_or(named, |(_, name)| name);
    regional(resolver, "lambda", &format!("function:{name}"))
}

/// The ARN of a role, user or group of the template.
pub(super) fn identity_arn(resolver: &Resolver<'_>, kind: &str, resource: Resource<'_>) -> String {
    let path = resolver.text(&resource.properties["Path"]);
    let path = if path.is_empty() { "/" } else { path.as_str() };
    identity_named(resolver, &format!("{kind}{path}{}", reference(resolver, resource)))
}

/// The ARN of `role/name` in the account.
pub(super) fn identity_named(resolver: &Resolver<'_>, name: &str) -> String {
    let [partition, account] = ["AWS::Partition", "AWS::AccountId"].map(|part| resolver.reference(part));
    format!("arn:{partition}:iam::{account}:{name}")
}

fn regional(resolver: &Resolver<'_>, service: &str, name: &str) -> String {
    let [partition, region, account] =
        ["AWS::Partition", "AWS::Region", "AWS::AccountId"].map(|part| resolver.reference(part));
    format!("arn:{partition}:{service}:{region}:{account}:{name}")
}
