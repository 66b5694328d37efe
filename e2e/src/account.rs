//! An AWS account in moto that stacks are deployed into, and what is in it afterwards.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::http;
use crate::moto::Moto;
use crate::template::Portable;

/// moto's account.
pub const ACCOUNT: &str = "123456789012";

/// The region everything is in.
pub const REGION: &str = "us-east-1";

/// A zip file with nothing in it, for code that is never run.
const EMPTY_ZIP: &str = "PK\u{5}\u{6}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// An account as `cdk bootstrap` leaves it, in a moto server of its own.
#[derive(Debug)]
pub struct Account {
    moto: Moto,
}

/// Credentials of a role that somebody has taken on.
#[derive(Debug, Clone)]
pub struct Credentials {
    id: String,
    secret: String,
    token: String,
}

impl Credentials {
    /// The variables by which a process has them.
    pub fn variables(&self) -> [(&'static str, &str); 3] {
        [("AWS_ACCESS_KEY_ID", &self.id), ("AWS_SECRET_ACCESS_KEY", &self.secret), ("AWS_SESSION_TOKEN", &self.token)]
    }
}

impl Account {
    /// Starts moto, with the bucket and the parameter of a bootstrapped account.
    ///
    /// # Errors
    /// If moto cannot be installed or started.
    pub async fn bootstrapped() -> anyhow::Result<Self> {
        let account = Self { moto: Moto::start().await? };
        account.moto.s3(&bucket(), "").await?;
        let version = json!({ "Name": "/cdk-bootstrap/hnb659fds/version", "Type": "String", "Value": "30" });
        account.json("ssm", "AmazonSSM.PutParameter", &version).await?;
        Ok(account)
    }

    /// Where all its services are.
    pub fn url(&self) -> &str {
        self.moto.url()
    }

    /// Deploys a stack of a cloud assembly as `cdk deploy` does, as far as moto can: its assets first, then its template.
    /// Says which types of resources are not made.
    ///
    /// # Errors
    /// If the assembly lacks something, or moto refuses it.
    pub async fn deploy(&self, assembly: &Path, stack: &str) -> anyhow::Result<Portable> {
        let file = |kind: &str| -> anyhow::Result<Value> {
            let path = assembly.join(format!("{stack}.{kind}.json"));
            let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
            Ok(serde_json::from_slice(&text)?)
        };
        for asset in file("assets")?["files"].as_object().into_iter().flat_map(|files| files.values()) {
            for destination in asset["destinations"].as_object().into_iter().flat_map(|all| all.values()) {
                let key = destination["objectKey"].as_str().context("an asset has a key")?;
                self.moto.s3(&format!("{}/{key}", bucket()), EMPTY_ZIP).await?;
            }
        }
        let portable = Portable::of(&file("template")?);
        let template = portable.template.to_string();
        self.query(
            "cloudformation",
            &[
                ("Action", "CreateStack"),
                ("StackName", stack),
                ("TemplateBody", &template),
                ("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
            ],
        )
        .await?;
        Ok(portable)
    }

    /// Deletes a stack.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn delete(&self, stack: &str) -> anyhow::Result<()> {
        self.query("cloudformation", &[("Action", "DeleteStack"), ("StackName", stack)]).await.map(drop)
    }

    /// How many resources of each type a stack has.
    ///
    /// # Errors
    /// If there is no such stack.
    pub async fn resources(&self, stack: &str) -> anyhow::Result<BTreeMap<String, usize>> {
        let listed = self.query("cloudformation", &[("Action", "ListStackResources"), ("StackName", stack)]).await?;
        let mut counts = BTreeMap::new();
        for kind in texts(&listed, "ResourceType") {
            *counts.entry(kind.to_owned()).or_default() += 1;
        }
        Ok(counts)
    }

    /// The parameters below a path, by the last part of their names.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn parameters(&self, path: &str) -> anyhow::Result<BTreeMap<String, String>> {
        let mut found = BTreeMap::new();
        let mut request = json!({ "Path": path, "MaxResults": 10 });
        loop {
            let page = self.json("ssm", "AmazonSSM.GetParametersByPath", &request).await?;
            for parameter in page["Parameters"].as_array().into_iter().flatten() {
                let text = |member: &str| parameter[member].as_str().unwrap_or_default().to_owned();
                let name = text("Name");
                let last = name.rsplit('/').next().unwrap_or_default();
                found.insert(last.to_owned(), text("Value"));
            }
            match page.get("NextToken").filter(|token| !token.is_null()) {
                Some(token) => request["NextToken"] = token.clone(),
                None => return Ok(found),
            }
        }
    }

    /// What Lambda says at a path below `/2015-03-31/`.
    ///
    /// # Errors
    /// If it says no.
    pub async fn lambda(&self, path: &str) -> anyhow::Result<Value> {
        let request =
            http::client().get(format!("{}/2015-03-31/{path}", self.url())).header(AUTHORIZATION, scope("lambda"));
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path}: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }

    /// The credentials of a role, by its name.
    ///
    /// # Errors
    /// If there is no such role.
    pub async fn assume(&self, role: &str) -> anyhow::Result<Credentials> {
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{role}");
        let parameters = [("Action", "AssumeRole"), ("RoleArn", &arn), ("RoleSessionName", "test")];
        let answer = self.query("sts", &parameters).await?;
        let text =
            |tag: &str| texts(&answer, tag).pop().map(str::to_owned).with_context(|| format!("no {tag}: {answer}"));
        Ok(Credentials { id: text("AccessKeyId")?, secret: text("SecretAccessKey")?, token: text("SessionToken")? })
    }

    /// Gives a role its policy of the template once more, as [`Account::enforce`] can read it: the one moto made of the
    /// stack is no JSON, and moto compares every resource with `*` and knows nothing a condition could ask for. What is
    /// left is which actions there are.
    ///
    /// # Errors
    /// If there is no such role.
    pub async fn judge_by_action(&self, role: &str, policy: &Value) -> anyhow::Result<()> {
        let mut policy = policy.clone();
        for statement in policy["Statement"].as_array_mut().into_iter().flatten() {
            statement["Resource"] = json!("*");
            statement.as_object_mut().and_then(|members| members.remove("Condition"));
        }
        let document = policy.to_string();
        let put =
            [("Action", "PutRolePolicy"), ("RoleName", role), ("PolicyName", "own"), ("PolicyDocument", &document)];
        self.query("iam", &put).await.map(drop)
    }

    /// From now on requests are checked: who signed them, and whether that may do this at all. Or no more.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn enforce(&self, on: bool) -> anyhow::Result<()> {
        let unchecked = if on { "0" } else { "inf" };
        let answer = http::client().post(format!("{}/moto-api/reset-auth", self.url())).body(unchecked).send().await?;
        ensure!(answer.status().is_success(), "{}", answer.text().await?);
        Ok(())
    }

    /// One request in AWS's query protocol, answered by XML.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn query(&self, service: &str, parameters: &[(&str, &str)]) -> anyhow::Result<String> {
        let request = http::client().post(self.url()).header(AUTHORIZATION, scope(service)).form(parameters);
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{:?}: {status} {text}", parameters.first());
        Ok(text)
    }

    /// One request in AWS's JSON protocol.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn json(&self, service: &str, target: &str, request: &Value) -> anyhow::Result<Value> {
        let request = http::client()
            .post(self.url())
            .header(AUTHORIZATION, scope(service))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target)
            .body(request.to_string());
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{target}: {status} {text}");
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

const AUTHORIZATION: &str = "authorization";

/// By this moto knows which service a request is for.
fn scope(service: &str) -> String {
    format!("AWS4-HMAC-SHA256 Credential=local/20260101/{REGION}/{service}/aws4_request, Signature=none")
}

/// Where `cdk bootstrap` has the assets.
fn bucket() -> String {
    format!("cdk-hnb659fds-assets-{ACCOUNT}-{REGION}")
}

/// What stands between the tags of a name, wherever they are.
pub fn texts<'xml>(xml: &'xml str, tag: &str) -> Vec<&'xml str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let parts = xml.split(open.as_str()).skip(1);
    parts.filter_map(|part| part.split_once(close.as_str()).map(|(text, _)| text)).collect()
}
