//! What is deployed: the constructs by their own tests, and the app as a clean clone makes its templates.

use std::path::Path;

use penstock_e2e::{audit, binaries, infra};
use serde_json::{Value, json};

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
    let role = |resources: &mut Value| {
        let (id, _) =
            resources.as_object().and_then(|all| all.iter().find(|(id, _)| id.starts_with("pingFunctionRole")))?;
        let id = id.clone();
        resources.get_mut(&id).map(|role| role["Properties"].take()).map(|properties| (id, properties))
    };
    let changes: [(&str, fn(&mut Value)); 4] = [
        ("wildcard.resource dev-penstock-ping", |role| {
            role["Policies"][0]["PolicyDocument"]["Statement"][1]["Resource"] = json!("*");
        }),
        ("wildcard.action dev-penstock-ping", |role| {
            role["Policies"][0]["PolicyDocument"]["Statement"][1]["Action"] = json!("dynamodb:*");
        }),
        ("role.managed-policy dev-penstock-ping", |role| {
            role["ManagedPolicyArns"] = json!(["arn:aws:iam::aws:policy/AdministratorAccess"]);
        }),
        ("role.trust dev-penstock-ping", |role| {
            role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] = json!({ "AWS": "*" });
        }),
    ];
    let copies = tempfile::tempdir()?;
    let [gateway, tools] = ["gateway", "tools"].map(|stack| format!("dev-penstock-{stack}.template.json"));
    let copy = copies.path().join(&tools);
    let both = [made.join(gateway).display().to_string(), copy.display().to_string()];
    let both: Vec<&str> = both.iter().map(String::as_str).collect();
    for (expected, change) in changes {
        audit::altered(&made.join(&tools), &copy, |resources| {
            let (id, mut properties) = role(resources).expect("the role of ping");
            change(&mut properties);
            resources[id]["Properties"] = properties;
        })?;
        let found = audit::findings(&both, &[]).await?;
        assert!(found.contains(&expected.to_owned()), "{expected} is not in {found:?}");
    }
    audit::altered(&made.join(&tools), &copy, |resources| {
        resources["More"] = json!({ "Type": "AWS::Lambda::Permission", "Properties": {
            "Action": "lambda:InvokeFunction", "FunctionName": "dev-penstock-ping", "Principal": "123456789012",
        } });
    })?;
    assert_eq!(audit::findings(&both, &[]).await?, ["invoker.second dev-penstock-ping"]);
    Ok(())
}
