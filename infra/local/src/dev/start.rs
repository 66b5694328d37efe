use std::convert::Infallible;
use std::future::pending;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::net::TcpListener;

use super::auth::{self, Auth};
use super::build::{self, Builder, Part, Programs};
use super::cargo::{self, Effort};
use super::functions::{self, FRONT, GATEWAY, Setting, StandIns};
use super::reload::{Reloader, Served};
use super::watch::Watch;
use super::{DevArgs, health};
use crate::catalog::{self, Tool};
use crate::host::{Host, Options};
use crate::{sample_account, store_api};

/// What runs until the command ends; the catalog and all stand-ins go with it.
pub(super) struct Started {
    pub(super) host: Host,
    pub(super) port: u16,
    pub(super) auth: Option<Auth>,
    pub(super) tools: Vec<Tool>,
    pub(super) sample_account: Option<sample_account::SampleAccount>,
    pub(super) stand_ins: StandIns,
    pub(super) catalog: tempfile::TempDir,
    folders: Vec<PathBuf>,
    programs: Programs,
    /// `None`: changes cannot be noticed here.
    watch: Option<Watch>,
    _store: store_api::StoreApi,
}

impl Started {
    /// Waits until what clients speak to is ready; answers which function is not.
    pub(super) async fn ready(&self) -> Result<(), (&'static str, anyhow::Error)> {
        health::wait(self.port, "/health").await.map_err(|error| (GATEWAY, error))?;
        if self.auth.is_some() {
            health::wait(self.port, auth::FRONT_METADATA).await.map_err(|error| (FRONT, error))?;
        }
        Ok(())
    }

    /// Serves new and changed workers from now on. To be called once.
    pub(super) async fn reload(&mut self, args: &DevArgs) -> Infallible {
        let Some(watch) = self.watch.take() else { return pending().await };
        let reloader = Reloader {
            host: &self.host,
            folders: &self.folders,
            parts: parts(args),
            builder: builder(args, Effort::AsFarAsPossible),
            stand_ins: &self.stand_ins,
            catalog: self.catalog.path(),
            scopes: self.auth.as_ref().map(Auth::scopes),
            watch,
            served: Served::new(std::mem::take(&mut self.tools), std::mem::take(&mut self.programs)),
        };
        reloader.run().await
    }
}

/// Builds and starts everything.
pub(super) async fn start(args: &DevArgs) -> anyhow::Result<Started> {
    // The port first: nobody wants to wait for a build to learn that it is taken.
    let front = bind(args.port).await?;
    let port = front.local_addr()?.port();
    let folders =
        if args.catalog.is_empty() { vec![cargo::workspace().await?.join("workers")] } else { canonical(args)? };
    // Before the workers are looked at, so that no change is missed.
    let watch = watch(&folders);
    let tools = catalog::discover(&folders)?;
    let policies = args.policies.as_deref().map(|folder| absolute("--policies", folder, "folder")).transpose()?;
    let programs = build::all(&tools, &parts(args), builder(args, Effort::AllOrNothing)).await?;

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
    let sample_account_url = sample_account.as_ref().map(sample_account::SampleAccount::url);
    let stand_ins = StandIns { store_url: store.url(), sample_account: sample_account_url };
    let setting = Setting {
        catalog: published.path(),
        invoke_url: format!("http://{}", invoke.local_addr()?),
        stand_ins: &stand_ins,
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
    Ok(Started {
        host,
        port,
        auth,
        tools,
        sample_account,
        stand_ins,
        catalog: published,
        folders,
        programs,
        watch,
        _store: store,
    })
}

fn watch(folders: &[PathBuf]) -> Option<Watch> {
    let mut watch = Watch::start();
    if let Ok(watch) = &mut watch
        && let Err(error) = watch.cover(folders.iter().map(PathBuf::as_path))
    {
        tracing::warn!(%error, "not every change of a worker will be noticed");
    }
    watch.inspect_err(|error| tracing::warn!(%error, "changes of workers will not be noticed")).ok()
}

/// Cargo, unless everything is built already.
fn builder(args: &DevArgs, effort: Effort) -> Builder<'_> {
    args.binaries.as_deref().map_or(Builder::Cargo(effort), Builder::Built)
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
