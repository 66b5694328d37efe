//! `AWS::Lambda::Permission`, as Lambda writes it into a function's policy.

use serde_json::{Map, Value, json};

use super::super::statement::Statement;

/// The members that become a condition: the operator and the key that Lambda makes of each.
const CONDITIONS: [(&str, &str, &str); 5] = [
    ("SourceArn", "ArnLike", "AWS:SourceArn"),
    ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
    ("InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"),
];

/// The statement it becomes.
///
/// `properties`: without intrinsic functions. `target`: the function, version or alias it is about.
pub(super) fn statement(properties: &Value, target: &str) -> Statement {
    let mut condition = Map::new();
    for (member, operator, key) in CONDITIONS {
        if let Some(value) = properties.get(member) {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            condition.entry(operator).or_insert_with(|| json!({}))[key] = Value::String(text);
        }
    }
    let document = json!({ "Statement": {
        "Effect": "Allow",
        "Principal": properties["Principal"],
        "Action": properties["Action"],
        "Resource": target,
        "Condition": condition,
    } });
    Statement::all(&document).pop().unwrap_or_default()
}
