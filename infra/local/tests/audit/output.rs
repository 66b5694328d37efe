//! What people are shown.

use serde_json::json;

use crate::support::{allow, clean, folder, grant, penstock};

#[test]
fn a_table_says_who_may_do_what_and_ends_with_what_is_wrong() {
    let mut resources = clean();
    grant(&mut resources, "PingRole", allow("s3:GetObject", &json!("arn:aws:s3:::bucket/*")));
    let folder = folder(&[("app", &resources)]);
    let output = penstock(folder.path(), &["."]);
    let text = String::from_utf8(output.stdout).expect("text");
    let ping = text.split("\n\n").find(|part| part.starts_with("dev-x-ping (tool of dev-x)")).expect("ping");
    let gateway = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/dev-x-gateway-${AWS::Region}";
    for line in [
        "    s3:GetObject on arn:aws:s3:::bucket/*",
        &format!(
            "    {gateway} by a policy of its own (Workers), if StringEquals aws:ResourceTag/penstock:gateway: dev-x"
        ),
        "  may be invoked by",
    ] {
        assert!(ping.lines().any(|other| other == line), "{line}\n{ping}");
    }
    assert!(ping.contains("/penstock/dev-x/tools/ping names ") && ping.contains("scopes: ping:read"), "{ping}");
    let ending = text.lines().rev().take(3).collect::<Vec<_>>();
    assert_eq!(ending[0], "3 functions, 1 findings");
    assert!(ending[1].starts_with("       what to do: name the resource"), "{text}");
    assert!(ending[2].starts_with("WRONG  dev-x-ping: it may do s3:GetObject on arn:aws:s3:::bucket/*"), "{text}");
    assert!(!text.contains("{{resolve"), "no variable is shown");
}

#[test]
fn a_function_with_the_prefix_and_without_the_tag_is_told() {
    let mut resources = clean();
    resources["More"] = json!({ "Type": "AWS::Lambda::Function", "Properties": { "FunctionName": "dev-x-helper" } });
    let folder = folder(&[("app", &resources)]);
    let output = penstock(folder.path(), &["."]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("not looked at: dev-x-helper has a gateway's prefix"), "{text}");
    assert_eq!(output.status.code(), Some(0));
}
