//! What is deployed: the constructs by their own tests, and the app as a clean clone makes its templates.

use std::path::Path;

use penstock_e2e::{audit, binaries, infra};
use serde_json::json;

#[tokio::test]
async fn the_constructs_and_the_app_pass_their_tests_and_synthesise_without_a_network() -> anyhow::Result<()> {
    infra::run("test").await?;
    infra::run("synth").await?;
    infra::lint().await?;
    let made = binaries::workspace().join("infra/cdk.out");
    assert_eq!(audit::findings(&[&made.display().to_string()], &[]).await?, [""; 0]);
    widened(&made).await
}

/// Whatever is added to the templates by hand is found.
async fn widened(made: &Path) -> anyhow::Result<()> {
    let statement = "/Policies/0/PolicyDocument/Statement/1";
    let administrator = json!(["arn:aws:iam::aws:policy/AdministratorAccess"]);
    let changes = [
        ("wildcard.resource", statement, "Resource", json!("*")),
        ("wildcard.action", statement, "Action", json!("dynamodb:*")),
        ("role.managed-policy", "", "ManagedPolicyArns", administrator),
        ("role.trust", "/AssumeRolePolicyDocument/Statement/0", "Principal", json!({ "AWS": "*" })),
    ];
    let copies = tempfile::tempdir()?;
    let [gateway, tools] = ["gateway", "tools"].map(|stack| format!("dev-penstock-{stack}.template.json"));
    let copy = copies.path().join(&tools);
    let both = [made.join(gateway).display().to_string(), copy.display().to_string()];
    let both: Vec<&str> = both.iter().map(String::as_str).collect();
    for (expected, at, member, value) in changes {
        audit::altered(&made.join(&tools), &copy, |resources| {
            let mut resources = resources.as_object_mut().into_iter().flatten();
            let (_, role) = resources.find(|(id, _)| id.starts_with("pingFunctionRole")).expect("the role of ping");
            role["Properties"].pointer_mut(at).expect(at)[member] = value;
        })?;
        let found = audit::findings(&both, &[]).await?;
        assert!(found.contains(&format!("{expected} dev-penstock-ping")), "{expected} is not in {found:?}");
    }
    audit::altered(&made.join(&tools), &copy, |resources| {
        resources["More"] = json!({ "Type": "AWS::Lambda::Permission", "Properties": {
            "Action": "lambda:InvokeFunction", "FunctionName": "dev-penstock-ping", "Principal": "123456789012",
        } });
    })?;
    assert_eq!(audit::findings(&both, &[]).await?, ["invoker.second dev-penstock-ping"]);
    Ok(())
}
