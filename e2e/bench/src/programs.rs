//! The programs under measurement, built as they ship.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use penstock_e2e::binaries;

/// Paths of binaries, in the profile this program was built in.
#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) gateway: PathBuf,
    /// The worker family with `ping` and `long_operation`.
    pub(crate) demo: PathBuf,
    floors: PathBuf,
}

impl Programs {
    /// Builds what is not built yet, each package by itself: together, Cargo would give the gateway
    /// features of its dependencies that it does not ship with.
    pub(crate) fn build() -> anyhow::Result<Self> {
        if cfg!(debug_assertions) {
            eprintln!("warning: this is a debug build; its numbers mean nothing (use cargo run --release)");
        }
        let (gateway, demo) = (build("penstock-gateway")?, build("penstock-demo")?);
        build_floors()?;
        let here = std::env::current_exe()?;
        let floors = here.parent().context("this program is in no folder")?.to_owned();
        Ok(Self { gateway, demo, floors })
    }

    /// A binary of this package.
    pub(crate) fn floor(&self, name: &str) -> PathBuf {
        self.floors.join(name)
    }
}

/// Builds a package and answers its binary.
pub(crate) fn build(package: &str) -> anyhow::Result<PathBuf> {
    eprintln!("building {package}");
    binaries::build(package)
}

fn build_floors() -> anyhow::Result<()> {
    eprintln!("building what the gateway is measured against");
    let mut cargo = cargo();
    cargo.args(["build", "--quiet", "--package", env!("CARGO_PKG_NAME"), "--bins"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    ensure!(
        cargo.status().context("cargo could not be started")?.success(),
        "{} does not build",
        env!("CARGO_PKG_NAME")
    );
    Ok(())
}

/// Cargo, in the workspace's root.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(binaries::workspace()).stdin(Stdio::null());
    cargo
}
