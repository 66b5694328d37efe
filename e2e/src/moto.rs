//! moto, an imitation of AWS that knows nothing of Penstock: the second opinion on what DynamoDB, S3, CloudWatch Logs,
//! Secrets Manager and Parameter Store do, and on what Cognito's tokens are.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::{http, python};

/// How long the server may take to say where it listens: it imports much.
const START_LIMIT: Duration = Duration::from_mins(1);

/// A running moto server, empty at first. Killed on drop.
#[derive(Debug)]
pub struct Moto {
    /// Never read: the process ends with it.
    _child: Child,
    url: String,
}

impl Moto {
    /// Installs moto unless it is there, and starts it on a free port.
    ///
    /// # Errors
    /// If Python 3 is missing, pip cannot install the packages, or the server does not start.
    pub async fn start() -> anyhow::Result<Self> {
        let mut command = Command::new(python::install("moto").await?.join("bin/moto_server"));
        command.args(["--host", "127.0.0.1", "--port", "0"]).env("PYTHONUNBUFFERED", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().context("moto_server could not be started")?;
        let mut lines = BufReader::new(child.stderr.take().context("no standard error")?).lines();
        let started = async {
            while let Some(line) = lines.next_line().await? {
                if let Some(url) = line.strip_prefix(" * Running on ") {
                    return Ok(url.trim().to_owned());
                }
            }
            bail!("moto_server ended before it was ready")
        };
        let url = timeout(START_LIMIT, started).await.context("moto_server is not ready after a minute")??;
        // It logs each request, and would wait for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { _child: child, url })
    }

    /// The endpoint of every service, e.g. `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Creates the DynamoDB table `name` as a deployment does.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn create_table(&self, name: &str) -> anyhow::Result<()> {
        let table = json!({
            "TableName": name,
            "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
            "BillingMode": "PAY_PER_REQUEST",
        });
        self.dynamodb("CreateTable", &table).await
    }

    /// Sends one request to DynamoDB in us-east-1.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn dynamodb(&self, operation: &str, request: &Value) -> anyhow::Result<()> {
        self.send("dynamodb", &format!("DynamoDB_20120810.{operation}"), request).await.map(drop)
    }

    /// Sends one request to Cognito's user pools in us-east-1, and answers what it says.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn cognito(&self, operation: &str, request: &Value) -> anyhow::Result<Value> {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        Ok(serde_json::from_slice(&self.send("cognito-idp", &target, request).await?)?)
    }

    /// Sends one request to CloudWatch Logs in us-east-1.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn logs(&self, operation: &str, request: &Value) -> anyhow::Result<()> {
        self.send("logs", &format!("Logs_20140328.{operation}"), request).await.map(drop)
    }

    /// Sends one request to Secrets Manager in us-east-1.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn secrets_manager(&self, operation: &str, request: &Value) -> anyhow::Result<()> {
        self.send("secretsmanager", &format!("secretsmanager.{operation}"), request).await.map(drop)
    }

    /// Sends one request to Parameter Store in us-east-1.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn parameter_store(&self, operation: &str, request: &Value) -> anyhow::Result<()> {
        self.send("ssm", &format!("AmazonSSM.{operation}"), request).await.map(drop)
    }

    /// Puts what belongs to `path` into S3: `bucket`, or `bucket/key` with its content.
    ///
    /// # Errors
    /// If moto refuses it.
    pub async fn s3(&self, path: &str, content: &'static str) -> anyhow::Result<()> {
        let scope = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request, Signature=none";
        let request = http::client().put(format!("{}/{path}", self.url)).header("authorization", scope).body(content);
        let answer = request.send().await?;
        ensure!(answer.status().is_success(), "{path}: {}", answer.text().await?);
        Ok(())
    }

    async fn send(&self, service: &str, target: &str, request: &Value) -> anyhow::Result<Bytes> {
        let scope =
            format!("AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/{service}/aws4_request, Signature=none");
        let request = http::client()
            .post(&self.url)
            .header("authorization", scope)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target)
            .body(request.to_string());
        let answer = request.send().await?;
        ensure!(answer.status().is_success(), "{target}: {}", answer.text().await?);
        Ok(answer.bytes().await?)
    }
}
