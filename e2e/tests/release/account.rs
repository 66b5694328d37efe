//! An account with one function, `dev-penstock-ping`.

use std::process::Stdio;

use anyhow::{Context as _, ensure};
use aws_sdk_lambda::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{FunctionCode, Runtime};
use aws_sdk_lambda::{Client, Config};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use penstock_e2e::moto::Moto;
use penstock_e2e::{Penstock, http};
use serde_json::{Value, json};
use tokio::process::Command;

const NAME: &str = "dev-penstock-ping";
const PARAMETER: &str = "/penstock/dev-penstock/tools/ping";
const DESCRIPTION: &str = "Penstock catalog entry of ping";

/// Zips of nothing; their comments differ, or Lambda would see no change to publish.
fn code(version: u8) -> anyhow::Result<Blob> {
    let mut zip = STANDARD.decode("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==")?;
    if let Some(length) = zip.get_mut(20) {
        *length = 1;
    }
    zip.push(version);
    Ok(Blob::new(zip))
}

/// A catalog entry as a deployment writes it, with a spelling that writing it anew would change.
fn value(region: &str, version: u64, canary: Option<u8>) -> String {
    let function = format!("arn:aws:lambda:{region}:123456789012:function:{NAME}:{version}");
    let canary = canary.map(|percent| format!(r#""canary":{percent},"#)).unwrap_or_default();
    let schema = r#"{"type":"object","properties":{"n":{"maximum":1.50e+2,"title":"\u0061"}}}"#;
    let definition = format!(r#"{{"name":"ping","description":"","inputSchema":{schema}}}"#);
    format!(r#"{{{canary}"function":"{function}","definition":{definition},"timeoutSeconds":3}}"#)
}

/// The function and its alias `live` in one region of moto, which knows nothing of the others.
pub(crate) struct Account<'a> {
    url: &'a str,
    region: &'static str,
    lambda: Client,
}

impl<'a> Account<'a> {
    /// With so many published versions; without any, there is no function.
    pub(crate) async fn at(moto: &'a Moto, region: &'static str, versions: u8) -> anyhow::Result<Self> {
        let url = moto.url();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(Credentials::new("local", "local", None, None, "test"))
            .endpoint_url(url)
            .http_client(aws_smithy_http_client::Builder::new().build_http());
        let account = Self { url, region, lambda: Client::from_conf(config.build()) };
        for version in 1..=versions {
            account.publish(version).await?;
        }
        Ok(account)
    }

    async fn publish(&self, version: u8) -> anyhow::Result<()> {
        if version == 1 {
            let create = self.lambda.create_function().function_name(NAME).runtime(Runtime::Providedal2023);
            let create = create.handler("bootstrap").role(self.role().await?).publish(true);
            create.code(FunctionCode::builder().zip_file(code(version)?).build()).send().await?;
            self.lambda.create_alias().function_name(NAME).name("live").function_version("1").send().await?;
        } else {
            self.lambda.update_function_code().function_name(NAME).zip_file(code(version)?).send().await?;
            let published = self.lambda.publish_version().function_name(NAME).send().await?;
            ensure!(published.version() == Some(&version.to_string()), "{published:?}");
        }
        Ok(())
    }

    /// Lambda takes no function without one. Roles are everywhere, so each region's has a name of its own.
    async fn role(&self) -> anyhow::Result<String> {
        let policy = json!({ "Version": "2012-10-17", "Statement": [] }).to_string();
        let form = [
            ("Action", "CreateRole"),
            ("Version", "2010-05-08"),
            ("RoleName", self.region),
            ("AssumeRolePolicyDocument", &policy),
        ];
        let request = http::client().post(self.url).header("authorization", self.scope("iam")).form(&form);
        let answer = request.send().await?.text().await?;
        let arn = answer.split_once("<Arn>").and_then(|(_, rest)| Some(rest.split_once("</Arn>")?.0.to_owned()));
        arn.with_context(|| answer.clone())
    }

    /// The entry of a version, for everybody or as a canary.
    pub(crate) fn value(&self, version: u64, canary: Option<u8>) -> String {
        value(self.region, version, canary)
    }

    /// Writes the entry as a deployment does.
    pub(crate) async fn deploy(&self, value: &str) -> anyhow::Result<()> {
        let tier = if value.len() > 4_096 { "Advanced" } else { "Standard" };
        let parameter = json!({
            "Name": PARAMETER,
            "Type": "String",
            "Value": value,
            "Description": DESCRIPTION,
            "Tier": tier,
            "Overwrite": true,
        });
        self.ssm("PutParameter", &parameter).await.map(drop)
    }

    /// The newest of the parameter's history.
    pub(crate) async fn entry(&self) -> anyhow::Result<Value> {
        let mut history = self.ssm("GetParameterHistory", &json!({ "Name": PARAMETER })).await?;
        let newest = history["Parameters"].as_array_mut().and_then(Vec::pop);
        newest.context("the parameter has no value")
    }

    /// Which version `live` names, and which others with which weight.
    pub(crate) async fn alias(&self) -> anyhow::Result<(String, Vec<(String, f64)>)> {
        let alias = self.lambda.get_alias().function_name(NAME).name("live").send().await?;
        let weights = alias.routing_config.and_then(|routing| routing.additional_version_weights).unwrap_or_default();
        Ok((alias.function_version.unwrap_or_default(), weights.into_iter().collect()))
    }

    /// Runs the command on `dev-penstock`; answers its exit code and all it says.
    pub(crate) async fn penstock(&self, arguments: &[&str]) -> anyhow::Result<(Option<i32>, String)> {
        let credentials = [("AWS_ACCESS_KEY_ID", "local"), ("AWS_SECRET_ACCESS_KEY", "local")];
        penstock(
            &[&credentials[..], &[("AWS_ENDPOINT_URL", self.url), ("AWS_REGION", self.region)]].concat(),
            arguments,
        )
        .await
    }

    async fn ssm(&self, operation: &str, request: &Value) -> anyhow::Result<Value> {
        let request = http::client()
            .post(self.url)
            .header("authorization", self.scope("ssm"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("AmazonSSM.{operation}"))
            .body(request.to_string());
        let answer = request.send().await?;
        ensure!(answer.status().is_success(), "{operation}: {}", answer.text().await?);
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }

    /// What tells moto the service and the region.
    fn scope(&self, service: &str) -> String {
        let region = self.region;
        format!("AWS4-HMAC-SHA256 Credential=local/20260101/{region}/{service}/aws4_request, Signature=none")
    }
}

/// Runs the command on `dev-penstock` with nothing of the account of whoever runs the tests.
pub(crate) async fn penstock(
    environment: &[(&str, &str)],
    arguments: &[&str],
) -> anyhow::Result<(Option<i32>, String)> {
    let mut command = Command::new(Penstock::binary().await?);
    command.args(arguments).args(["--gateway", "dev-penstock"]).stdin(Stdio::null()).kill_on_drop(true);
    command.env_clear().envs([
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]);
    let output = command.envs(environment.iter().copied()).output().await?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.code(), String::from_utf8(said)?))
}
