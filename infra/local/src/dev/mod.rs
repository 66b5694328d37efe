//! `penstock dev`: builds gateway and workers, runs them on the local host, says how to connect.

mod auth;
mod banner;
mod build;
pub(crate) mod cargo;
pub(crate) mod functions;
mod health;
mod metadata;
mod next;
mod reload;
mod start;
mod watch;

use std::num::NonZeroU32;
use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

use self::banner::Banner;

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
    /// A folder of binaries that are built already, each named like its package: nothing is built.
    #[arg(long, value_name = "DIR")]
    binaries: Option<PathBuf>,
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
    let mut started = tokio::select! {
        started = start::start(&args) => started?,
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
        store_url: &started.stand_ins.store_url,
        catalog: started.catalog.path(),
        tools: &started.tools,
        sample_account: started.sample_account.is_some(),
        auth: started.auth.as_ref(),
    };
    banner.print()?;
    tokio::select! {
        () = &mut stop => {}
        never = started.reload(&args) => match never {},
    }
    started.host.shut_down().await;
    Ok(())
}
