//! `penstock dev`: builds gateway and workers, runs them on the local host, says how to connect.

mod auth;
mod banner;
mod build;
mod cargo;
pub(crate) mod functions;
mod health;
mod metadata;

use std::net::Ipv4Addr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use self::auth::Auth;
use self::banner::Banner;
use self::build::Part;
use self::functions::{FRONT, GATEWAY, Setting};
use crate::catalog::{self, Tool};
use crate::host::{Host, Options};
use crate::{sample_account, store_api};

/// Run gateway and workers on this machine.
#[derive(Debug, clap::Args)]
pub struct DevArgs {
    /// Port of the MCP endpoint; 0 takes any that is free.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// A folder of workers to serve instead of the workspace's own. May be given several times.
    #[arg(long, value_name = "DIR")]
    catalog: Vec<PathBuf>,
    /// Give workers your AWS credentials instead of the sample account.
    #[arg(long)]
    aws: bool,
    /// A gateway that is built already, instead of the workspace's.
    #[arg(long, value_name = "PATH")]
    gateway: Option<PathBuf>,
    /// Requests one process of the gateway, or of the OAuth front, takes at once; 1 is classic Lambda, more are Managed Instances.
    #[arg(long, value_name = "N", default_value = "64")]
    gateway_concurrency: NonZeroU32,
    /// Require sign-in: OAuth, with a built-in identity provider that has the users alice and bob.
    #[arg(long)]
    auth: bool,
    /// An OAuth front that is built already, instead of the workspace's.
    #[arg(long, value_name = "PATH", requires = "auth")]
    oauth_front: Option<PathBuf>,
    /// PEM file of further authorities that gateway and front trust for https.
    #[arg(long, value_name = "FILE", requires = "auth")]
    ca_bundle: Option<PathBuf>,
    /// A folder of Cedar policies that decide who may call what.
    #[arg(long, value_name = "DIR", requires = "auth")]
    policies: Option<PathBuf>,
}

/// Runs until Ctrl-C or `SIGTERM`.
///
/// # Errors
/// What could not be built or started, and why.
pub async fn run(args: DevArgs) -> anyhow::Result<()> {
    // Before anything is started, so that no signal finds it unprotected.
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut stop = std::pin::pin!(async {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    });
    let started = tokio::select! {
        started = start(&args) => started?,
        () = &mut stop => return Ok(()),
    };
    let ready = tokio::select! {
        ready = started.ready() => ready,
        () = &mut stop => {
            started.host.shut_down().await;
            return Ok(());
        }
    };
    if let Err((function, error)) = ready {
        let last = started.host.last_output(function).unwrap_or_default();
        started.host.shut_down().await;
        return Err(error.context(functions::explain(function, &last)));
    }
    let url = format!("http://127.0.0.1:{}/mcp", started.port);
    let banner = Banner {
        url: &url,
        invoke_url: &started.host.invoke_url(),
        store_url: &started.store.url(),
        catalog: started.catalog.path(),
        tools: &started.tools,
        sample_account: started.sample_account.is_some(),
        auth: started.auth.as_ref(),
    };
    banner.print()?;
    stop.await;
    started.host.shut_down().await;
    Ok(())
}

/// What runs until the command ends; the catalog and all stand-ins go with it.
struct Started {
    host: Host,
    port: u16,
    auth: Option<Auth>,
    store: store_api::StoreApi,
    tools: Vec<Tool>,
    sample_account: Option<sample_account::SampleAccount>,
    catalog: tempfile::TempDir,
}

impl Started {
    /// Waits until what clients speak to is ready; answers which function is not.
    async fn ready(&self) -> Result<(), (&'static str, anyhow::Error)> {
        health::wait(self.port, "/health").await.map_err(|error| (GATEWAY, error))?;
        if self.auth.is_some() {
            health::wait(self.port, auth::FRONT_METADATA).await.map_err(|error| (FRONT, error))?;
        }
        Ok(())
    }
}

async fn start(args: &DevArgs) -> anyhow::Result<Started> {
    // The port first: nobody wants to wait for a build to learn that it is taken.
    let front = bind(args.port).await?;
    let port = front.local_addr()?.port();
    let folders =
        if args.catalog.is_empty() { vec![cargo::workspace().await?.join("workers")] } else { canonical(args)? };
    let tools = catalog::discover(&folders)?;
    let policies = args.policies.as_deref().map(|folder| absolute("--policies", folder, "folder")).transpose()?;
    let programs = build::all(&tools, &parts(args)).await?;

    let published = tempfile::tempdir().context("no temporary folder for the catalog")?;
    catalog::publish(&tools, published.path()).context("the catalog cannot be written")?;
    let sample_account =
        if args.aws { None } else { Some(sample_account::start().await.context("the sample account cannot start")?) };
    let store = store_api::start().await.context("the store cannot start")?;
    let auth = if args.auth {
        let ca_bundle = args.ca_bundle.as_deref().map(|file| absolute("--ca-bundle", file, "file")).transpose()?;
        Some(Auth::start(port, &tools, ca_bundle).await?)
    } else {
        None
    };
    let invoke = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let setting = Setting {
        catalog: published.path(),
        invoke_url: format!("http://{}", invoke.local_addr()?),
        store_url: store.url(),
        sample_account: sample_account.as_ref().map(sample_account::SampleAccount::url),
        gateway_concurrency: args.gateway_concurrency,
        auth: auth.as_ref(),
        policies: policies.as_deref(),
    };
    let functions = functions::all(&tools, &programs, &setting)?;
    let options = Options { region: functions::region(), ..Options::default() };
    let mut host = Host::start(invoke, functions, &options)?;
    match &auth {
        Some(auth) => host.origin(auth.origin(), front)?,
        None => host.front(GATEWAY, front)?,
    }
    Ok(Started { host, port, auth, store, tools, sample_account, catalog: published })
}

/// Penstock's own parts, as far as they are needed.
fn parts(args: &DevArgs) -> Vec<Part<'_>> {
    let gateway = Part { package: GATEWAY, flag: "--gateway", built: args.gateway.as_deref() };
    let front = Part { package: FRONT, flag: "--oauth-front", built: args.oauth_front.as_deref() };
    if args.auth { vec![gateway, front] } else { vec![gateway] }
}

async fn bind(port: u16) -> anyhow::Result<TcpListener> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    bound.with_context(|| {
        format!("port {port} on 127.0.0.1 cannot be used (is Penstock running already?); choose another with --port")
    })
}

fn canonical(args: &DevArgs) -> anyhow::Result<Vec<PathBuf>> {
    args.catalog.iter().map(|folder| absolute("--catalog", folder, "folder")).collect()
}

/// An absolute path, so that errors name it in full and functions find it from their own folder.
fn absolute(flag: &str, path: &Path, kind: &str) -> anyhow::Result<PathBuf> {
    path.canonicalize().with_context(|| format!("{flag} {}: no such {kind}", path.display()))
}
