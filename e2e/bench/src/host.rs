//! The local host with the demo worker behind its Lambda API.

use std::os::unix::fs::symlink;

use penstock_e2e::binaries;
use tempfile::TempDir;

use crate::process::Process;
use crate::programs::{self, Programs};

/// A running `penstock dev`.
#[derive(Debug)]
pub(crate) struct Host {
    _process: Process,
    /// The Lambda API's URL.
    pub(crate) lambda: String,
    _workers: TempDir,
}

impl Host {
    /// Starts the host with `ping` and `long_operation`, the binaries being those measured.
    pub(crate) async fn start(programs: &Programs) -> anyhow::Result<Self> {
        let host = tokio::task::spawn_blocking(|| programs::build("penstock")).await??;
        let workers = tempfile::tempdir()?;
        for tool in ["ping", "long_operation"] {
            let folder = workers.path().join(tool);
            std::fs::create_dir(&folder)?;
            let manifest = binaries::workspace().join("workers/demo/src").join(tool).join("tool.json");
            std::fs::copy(manifest, folder.join("tool.json"))?;
            symlink(&programs.demo, folder.join("bootstrap"))?;
        }
        let args = ["dev".into(), "--port".into(), "0".into(), "--catalog".into(), workers.path().into()];
        let args = [&args[..], &["--gateway".into(), programs.gateway.clone().into()]].concat();
        let path = ("PATH", std::env::var_os("PATH").unwrap_or_default());
        // Quiet: what workers log goes through the host, which should spend its time on calls.
        let mut process = Process::start(&host, &args, &[path, ("RUST_LOG", "error".into())])?;
        let lambda = process.says("Lambda endpoint: ").await?;
        Ok(Self { _process: process, lambda, _workers: workers })
    }
}
