use std::path::Path;
use std::process::{ExitStatus, Stdio};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::Penstock;
use crate::access::Token;

/// A gateway process on a socket of its own, in front of the workers of a running [`Penstock`].
/// Killed on drop.
#[derive(Debug)]
pub struct Gateway {
    child: Child,
    url: String,
}

impl Gateway {
    /// Starts the gateway `penstock dev` has built on a free port, with the entries in `catalog` and
    /// further environment `variables`, and waits until it says where it listens. It wants of its
    /// callers what that of `penstock` does.
    ///
    /// # Errors
    /// If it ends before it listens.
    pub async fn start(penstock: &Penstock, catalog: &Path, variables: &[(&str, &str)]) -> anyhow::Result<Self> {
        let mut command = Command::new(Penstock::binaries().await?.join("penstock-gateway"));
        command
            .env("PENSTOCK_CATALOG", catalog)
            .env("PENSTOCK_AUTH", "none")
            .env("PENSTOCK_KEYS", "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
            .env("PENSTOCK_STORE_TABLE", "penstock")
            .env("PENSTOCK_SUBSCRIPTIONS", "on")
            .env("PENSTOCK_LISTEN", "127.0.0.1:0")
            .env("AWS_ENDPOINT_URL_DYNAMODB", penstock.store_url())
            .env("AWS_ENDPOINT_URL_LAMBDA", penstock.lambda_url())
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .envs(penstock.token().into_iter().flat_map(Token::environment))
            .envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().context("the gateway could not be started")?;
        let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some(url) = line.strip_prefix("MCP endpoint: ") {
                let url = url.to_owned();
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self { child, url });
            }
        }
        bail!("the gateway ended before it listened: {}", child.wait().await?)
    }

    /// The MCP endpoint, e.g. `http://127.0.0.1:40123/mcp`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Tells it to stop as a container's host does, and waits until it has ended.
    ///
    /// # Errors
    /// If it is gone already or cannot be waited for.
    pub async fn stop(mut self) -> anyhow::Result<ExitStatus> {
        let id = self.child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        kill_process(id.context("it has ended already")?, Signal::TERM)?;
        Ok(self.child.wait().await?)
    }
}
