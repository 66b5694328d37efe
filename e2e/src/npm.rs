//! npm packages in a folder of the workspace: installed by the test that comes first, and run.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail, ensure};
use tokio::process::Command;
use tokio::time::timeout;

use crate::binaries;

/// First major version of Node that anything here runs on.
pub(crate) const NODE: u32 = 20;

/// How long npm may take to fetch packages.
const INSTALL_LIMIT: Duration = Duration::from_mins(5);

/// How long Node may take to say what it is.
const VERSION_LIMIT: Duration = Duration::from_mins(1);

/// A folder with a `package.json` and a `package-lock.json`.
#[derive(Debug)]
pub(crate) struct Packages(PathBuf);

impl Packages {
    /// The packages of a folder of the workspace.
    pub(crate) fn of(folder: &str) -> Self {
        Self(binaries::workspace().join(folder))
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// The lock file, held until it is dropped or the process ends: the first test installs, the others wait.
    pub(crate) async fn locked(&self) -> anyhow::Result<File> {
        let lock = File::open(self.0.join("package-lock.json"))?;
        Ok(tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??)
    }

    /// Installs the packages unless they are there.
    pub(crate) async fn install(&self, options: &[&str]) -> anyhow::Result<()> {
        let lock = self.locked().await?;
        if self.is_current(&lock)? {
            return Ok(());
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts"]).args(options);
        let output = self.output(npm, INSTALL_LIMIT).await?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "npm cannot install {}:\n{said}", self.0.display());
        Ok(())
    }

    /// Whether npm has finished with these very packages: it writes its own lock file last.
    fn is_current(&self, wanted: &File) -> std::io::Result<bool> {
        match self.0.join("node_modules/.package-lock.json").metadata() {
            Ok(installed) => Ok(installed.modified()? >= wanted.metadata()?.modified()?),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Runs `command` in the folder until it ends, or kills it.
    pub(crate) async fn output(&self, mut command: Command, limit: Duration) -> anyhow::Result<Output> {
        let program = command.as_std().get_program().display().to_string();
        command.current_dir(&self.0).stdin(Stdio::null()).kill_on_drop(true);
        match timeout(limit, command.output()).await {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(error)) if error.kind() == ErrorKind::NotFound => {
                Err(anyhow!("{program} is missing: these tests need Node {NODE} or later with npm on the PATH"))
            }
            Ok(Err(error)) => Err(error).context(program),
            Err(_) => bail!("{program} was still running after {} s", limit.as_secs()),
        }
    }

    /// The major version of the Node on the `PATH`.
    pub(crate) async fn node_version(&self) -> anyhow::Result<u32> {
        let mut node = Command::new("node");
        node.arg("--version");
        let printed = String::from_utf8(self.output(node, VERSION_LIMIT).await?.stdout)?;
        let major = printed.strip_prefix('v').and_then(|version| version.split('.').next()?.parse().ok());
        let version = major.with_context(|| format!("node --version printed {printed:?}"))?;
        ensure!(version >= NODE, "Node {version} is too old: these tests need {NODE} or later");
        Ok(version)
    }
}
