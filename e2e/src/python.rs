//! The Python packages of the tests, each set in a virtual environment of its own.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{bail, ensure};
use tokio::process::Command;
use tokio::time::timeout;

use crate::binaries;

/// How long pip may take to fetch the packages.
const INSTALL_LIMIT: Duration = Duration::from_mins(5);

/// Makes a virtual environment with the packages of `e2e/<name>/requirements.txt` unless there is one, and answers its
/// folder.
///
/// # Errors
/// If Python 3 is missing, or pip cannot install the packages.
pub async fn install(name: &str) -> anyhow::Result<PathBuf> {
    let wanted = binaries::workspace().join(format!("e2e/{name}/requirements.txt"));
    // Held until done, and gone with the process: the first test installs, the others wait.
    let lock = File::open(&wanted)?;
    let _lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
    let folder = binaries::workspace().join("target/tools").join(name);
    // A copy of what was asked for, written when pip has finished.
    let installed = folder.join("requirements.txt");
    let wanted_text = fs::read(&wanted)?;
    if fs::read(&installed).is_ok_and(|installed| installed == wanted_text) {
        return Ok(folder);
    }
    run(Path::new("python3"), &["-m", "venv", "--clear"], &folder).await?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(&folder.join("bin/python"), &pip, &wanted).await?;
    fs::write(installed, wanted_text)?;
    Ok(folder)
}

async fn run(program: &Path, arguments: &[&str], last: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).arg(last).stdin(Stdio::null()).kill_on_drop(true);
    let output = match timeout(INSTALL_LIMIT, command.output()).await {
        Ok(Err(error)) if error.kind() == ErrorKind::NotFound => {
            bail!("{} is missing: these tests need Python 3 with venv", program.display())
        }
        Ok(output) => output?,
        Err(_) => bail!("{} was still running after {} s", program.display(), INSTALL_LIMIT.as_secs()),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} {}: {said}", program.display(), arguments.join(" "));
    Ok(())
}
