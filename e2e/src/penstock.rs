use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use http::{HeaderValue, Uri};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use crate::access::Token;
use crate::{Access, Proxy, binaries};

/// Where the binaries are: built once for all tests of a process.
static BINARIES: OnceCell<PathBuf> = OnceCell::const_new();

/// A running `penstock dev`, with everything it started. Stopped on drop.
#[derive(Debug)]
pub struct Penstock {
    child: Child,
    url: String,
    authenticated: Option<(Token, Proxy)>,
    lambda_url: String,
    store_url: String,
    catalog: PathBuf,
}

impl Penstock {
    /// Starts `penstock dev` on a free port, serving the fixture workers, and waits until it says
    /// where.
    ///
    /// # Errors
    /// If it does not build, or ends before it is ready.
    pub async fn with_fixtures(access: Access) -> anyhow::Result<Self> {
        Self::dev(access, &["--catalog", "e2e/fixtures"]).await
    }

    /// Starts `penstock dev --port 0` with more arguments and waits until it says where it serves. Where callers are
    /// authenticated, [`Penstock::url`] is a proxy that adds the token of a test user.
    ///
    /// # Errors
    /// If it does not build, or ends before it is ready.
    pub async fn dev(access: Access, arguments: &[&str]) -> anyhow::Result<Self> {
        if access == Access::Open {
            return Self::start(arguments).await;
        }
        let mut penstock = Self::start(&[&["--auth"], arguments].concat()).await?;
        let token = Token::of("alice", &penstock.url).await?;
        let server = address(&penstock.url)?;
        let proxy = Proxy::start([server, server], Some(token.authorization.clone())).await?;
        penstock.url = format!("http://{}/mcp", proxy.address());
        penstock.authenticated = Some((token, proxy));
        Ok(penstock)
    }

    /// Starts `penstock dev --port 0` with more arguments and nothing in front of it.
    ///
    /// # Errors
    /// If it does not build, or ends before it is ready.
    pub async fn start(arguments: &[&str]) -> anyhow::Result<Self> {
        Self::configured(arguments, &[]).await
    }

    /// Does as [`Penstock::start`], with environment variables that tools are configured by.
    ///
    /// # Errors
    /// As [`Penstock::start`].
    pub async fn configured(arguments: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<Self> {
        let mut command = Command::new(Self::binary().await?);
        command.current_dir(binaries::workspace()).args(["dev", "--port", "0", "--binaries"]);
        command.arg(Self::binaries().await?).args(arguments);
        command.envs(environment.iter().copied());
        // Its logs go where the test's own output goes, for whoever reads a failure.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().context("penstock could not be started")?;
        let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        let (mut url, mut lambda_url, mut store_url) = (String::new(), String::new(), String::new());
        while let Some(line) = lines.next_line().await? {
            match line.split_once(": ") {
                Some(("MCP endpoint", endpoint)) => endpoint.clone_into(&mut url),
                Some(("Lambda endpoint", endpoint)) => endpoint.clone_into(&mut lambda_url),
                Some(("Store endpoint", endpoint)) => endpoint.clone_into(&mut store_url),
                Some(("Catalog", folder)) => {
                    let catalog = folder.into();
                    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                    return Ok(Self { child, url, authenticated: None, lambda_url, store_url, catalog });
                }
                _ => {}
            }
        }
        bail!("penstock dev ended before it was ready: {}", child.wait().await?)
    }

    /// The `penstock` binary.
    ///
    /// # Errors
    /// If the workspace does not build.
    pub async fn binary() -> anyhow::Result<PathBuf> {
        Ok(Self::binaries().await?.join("penstock"))
    }

    /// The folder of all binaries of the workspace, each named like its package.
    ///
    /// # Errors
    /// If the workspace does not build.
    pub async fn binaries() -> anyhow::Result<&'static Path> {
        let build = || async { spawn_blocking(binaries::build_all).await? };
        Ok(BINARIES.get_or_try_init(build).await?)
    }

    /// The MCP endpoint, e.g. `http://127.0.0.1:40123/mcp`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The `Authorization` its callers need, if they need one.
    pub fn authorization(&self) -> Option<HeaderValue> {
        self.token().map(|token| token.authorization.clone())
    }

    /// The `Authorization` of one of the users of `dev --auth`.
    ///
    /// # Errors
    /// If it is none of `dev --auth`, or there is no such user.
    pub async fn sign_in(&self, user: &str) -> anyhow::Result<HeaderValue> {
        Ok(Token::of(user, &self.url).await?.authorization)
    }

    /// The token in it.
    pub(crate) fn token(&self) -> Option<&Token> {
        self.authenticated.as_ref().map(|(token, _)| token)
    }

    /// Where the local Lambda API is, for an AWS SDK.
    pub fn lambda_url(&self) -> &str {
        &self.lambda_url
    }

    /// Where the local DynamoDB API is, for an AWS SDK. Its one table is `penstock`.
    pub fn store_url(&self) -> &str {
        &self.store_url
    }

    /// The folder of the published catalog, for a further gateway. Gone when this is dropped.
    pub fn catalog(&self) -> &Path {
        &self.catalog
    }

    /// The process id, for looking at what it started.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Stops it as Ctrl-C does and waits until it has ended.
    ///
    /// # Errors
    /// If it cannot be waited for.
    pub async fn stop(mut self) -> anyhow::Result<std::process::ExitStatus> {
        self.interrupt();
        Ok(self.child.wait().await?)
    }

    fn interrupt(&self) {
        let id = self.child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        if let Some(id) = id {
            // It may have ended by itself, which is as good.
            let _ = kill_process(id, Signal::INT);
        }
    }
}

/// The address in the URL of a server on this machine.
pub(crate) fn address(url: &str) -> anyhow::Result<SocketAddr> {
    let authority = url.parse::<Uri>()?.authority().cloned();
    Ok(authority.with_context(|| format!("{url} names no host"))?.as_str().parse()?)
}

impl Drop for Penstock {
    /// Asks first: a host that is killed outright cannot stop what it started.
    fn drop(&mut self) {
        self.interrupt();
        for _ in 0..200 {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(std::time::Duration::from_millis(10)),
                _ => return,
            }
        }
    }
}
