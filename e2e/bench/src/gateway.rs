//! A gateway process that serves HTTP by itself.

use std::ffi::OsString;
use std::net::SocketAddr;

use anyhow::Context as _;
use serde_json::Value;
use tempfile::TempDir;

use crate::catalog;
use crate::process::Process;
use crate::programs::Programs;

/// A running gateway.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    _catalog: TempDir,
}

impl Gateway {
    /// Starts a gateway that serves `entries` and invokes them at `lambda`, the Lambda API's URL.
    pub(crate) async fn start(programs: &Programs, entries: &[Value], lambda: &str) -> anyhow::Result<Self> {
        Self::start_with(programs, entries, lambda, &[]).await
    }

    /// The same with more variables.
    pub(crate) async fn start_with(
        programs: &Programs,
        entries: &[Value],
        lambda: &str,
        more: &[(&'static str, OsString)],
    ) -> anyhow::Result<Self> {
        let catalog = catalog::folder(entries)?;
        let mut environment = aws(lambda);
        environment.push(("PENSTOCK_LISTEN", "127.0.0.1:0".into()));
        environment.push(("PENSTOCK_AUTH", "none".into()));
        environment.push(("PENSTOCK_KEYS", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into()));
        environment.push(("PENSTOCK_CATALOG", catalog.path().into()));
        environment.extend_from_slice(more);
        let mut process = Process::start(&programs.gateway, &[], &environment)?;
        let endpoint = process.says("MCP endpoint: http://").await?;
        let address = endpoint.split('/').next().unwrap_or_default();
        let address = address.parse().with_context(|| format!("not an address: {endpoint}"))?;
        Ok(Self { process, address, _catalog: catalog })
    }
}

/// What the AWS SDK needs to know to call functions at `lambda`.
pub(crate) fn aws(lambda: &str) -> Vec<(&'static str, OsString)> {
    vec![
        ("AWS_REGION", "us-east-1".into()),
        ("AWS_ACCESS_KEY_ID", "local".into()),
        ("AWS_SECRET_ACCESS_KEY", "local".into()),
        ("AWS_ENDPOINT_URL_LAMBDA", lambda.into()),
    ]
}
