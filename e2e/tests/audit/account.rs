//! An account that moto imitates, and what people do in it.

use anyhow::ensure;
use penstock_e2e::http;
use penstock_e2e::moto::Moto;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::template;

/// An archive with nothing in it.
const EMPTY_ZIP: &str = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==";

pub(crate) struct Account(Moto);

impl Account {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        Moto::start().await.map(Self)
    }

    /// What an AWS SDK needs to get there.
    pub(crate) fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ENDPOINT_URL", self.0.url().to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "local".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ]
    }

    /// Makes what the template says.
    pub(crate) async fn deploy(&self) -> anyhow::Result<()> {
        self.role("dev-x-gateway-us-east-1", &[template::workers()]).await?;
        self.role("dev-x-ping-role", &[template::log()]).await?;
        let catalog = json!({ "PENSTOCK_CATALOG": "ssm:/penstock/dev-x/tools" });
        self.function("dev-x-gateway", "dev-x-gateway-us-east-1", &json!({}), &catalog).await?;
        let tags = json!({ "penstock:gateway": "dev-x" });
        self.function("dev-x-ping", "dev-x-ping-role", &tags, &json!({})).await?;
        self.lambda(Method::POST, "2015-03-31/functions/dev-x-ping/versions", &json!({})).await?;
        let alias = json!({ "Name": "live", "FunctionVersion": "1" });
        self.lambda(Method::POST, "2015-03-31/functions/dev-x-ping/aliases", &alias).await?;
        self.admit("dev-x-ping", "1", "arn:aws:iam::123456789012:role/dev-x-gateway-us-east-1").await?;
        let function = "arn:aws:lambda:us-east-1:123456789012:function:dev-x-ping:1";
        self.entry(&template::entry(function, template::DESCRIPTION)).await
    }

    /// Makes a role that Lambda takes on.
    pub(crate) async fn role(&self, name: &str, statements: &[Value]) -> anyhow::Result<()> {
        let trust = template::trust().to_string();
        self.iam("CreateRole", &[("RoleName", name), ("AssumeRolePolicyDocument", &trust)]).await?;
        self.grant(name, statements).await
    }

    /// Says what a role may do from now on; with no statement, nothing.
    pub(crate) async fn grant(&self, role: &str, statements: &[Value]) -> anyhow::Result<()> {
        let policy = [("RoleName", role), ("PolicyName", "own")];
        if statements.is_empty() {
            return self.iam("DeleteRolePolicy", &policy).await;
        }
        let document = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        self.iam("PutRolePolicy", &[policy.as_slice(), &[("PolicyDocument", &document)]].concat()).await
    }

    pub(crate) async fn delete_role(&self, name: &str) -> anyhow::Result<()> {
        self.grant(name, &[]).await?;
        self.iam("DeleteRole", &[("RoleName", name)]).await
    }

    /// Lets somebody invoke a version.
    pub(crate) async fn admit(&self, function: &str, version: &str, principal: &str) -> anyhow::Result<()> {
        let sid: String = principal.chars().filter(char::is_ascii_alphanumeric).collect();
        let permission = json!({ "Action": "lambda:InvokeFunction", "Principal": principal, "StatementId": sid });
        let path = format!("2015-03-31/functions/{function}/policy?Qualifier={version}");
        self.lambda(Method::POST, &path, &permission).await
    }

    /// Changes the gateway that a function says it is of.
    pub(crate) async fn tag(&self, function: &str, gateway: &str) -> anyhow::Result<()> {
        let path = format!("2017-03-31/tags/arn:aws:lambda:us-east-1:123456789012:function:{function}");
        self.lambda(Method::POST, &path, &json!({ "Tags": { "penstock:gateway": gateway } })).await
    }

    /// Writes the catalog entry of `ping`.
    pub(crate) async fn entry(&self, value: &str) -> anyhow::Result<()> {
        let name = "/penstock/dev-x/tools/ping";
        let parameter = json!({ "Name": name, "Type": "String", "Value": value, "Overwrite": true });
        let request = self.request(Method::POST, "ssm", "").header("x-amz-target", "AmazonSSM.PutParameter");
        send(request.header("content-type", "application/x-amz-json-1.1").body(parameter.to_string())).await
    }

    async fn function(&self, name: &str, role: &str, tags: &Value, variables: &Value) -> anyhow::Result<()> {
        let function = json!({
            "FunctionName": name,
            "Role": format!("arn:aws:iam::123456789012:role/{role}"),
            "Runtime": "provided.al2023",
            "Handler": "bootstrap",
            "Code": { "ZipFile": EMPTY_ZIP },
            "Tags": tags,
            "Environment": { "Variables": variables },
        });
        self.lambda(Method::POST, "2015-03-31/functions", &function).await
    }

    async fn lambda(&self, method: Method, path: &str, body: &Value) -> anyhow::Result<()> {
        send(self.request(method, "lambda", path).body(body.to_string())).await
    }

    async fn iam(&self, action: &str, parameters: &[(&str, &str)]) -> anyhow::Result<()> {
        let form = [[("Action", action), ("Version", "2010-05-08")].as_slice(), parameters].concat();
        send(self.request(Method::POST, "iam", "").form(&form)).await
    }

    fn request(&self, method: Method, service: &str, path: &str) -> RequestBuilder {
        let scope =
            format!("AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/{service}/aws4_request, Signature=none");
        http::client().request(method, format!("{}/{path}", self.0.url())).header("authorization", scope)
    }
}

async fn send(request: RequestBuilder) -> anyhow::Result<()> {
    let answer = request.send().await?;
    let (status, url) = (answer.status(), answer.url().clone());
    ensure!(status.is_success(), "{url}: {status}: {}", answer.text().await?);
    Ok(())
}
