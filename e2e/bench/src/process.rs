//! A process that was started to be measured, and what the kernel knows about it.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{sleep, timeout};

/// How long a process may take to say what is expected of it.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often, and for how many times, a process is asked whether it has come to rest.
const SETTLE: (Duration, u32) = (Duration::from_millis(2), 250);

/// A running process. Stopped on drop: asked first, so that it can stop what it started itself.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
    id: u32,
}

impl Process {
    /// Starts `program` with these arguments and with no environment but this one.
    pub(crate) fn start(program: &Path, args: &[OsString], environment: &[(&str, OsString)]) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command.args(args).env_clear().envs(environment.iter().cloned()).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().with_context(|| format!("{} could not be started", program.display()))?;
        let id = child.id().context("the process has ended")?;
        let stdin = child.stdin.take().context("no standard input")?;
        let stdout = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        let name = program.display().to_string();
        Ok(Self { name, child, stdin, stdout, id })
    }

    /// What follows `prefix` in the next line of output that begins with it.
    pub(crate) async fn says(&mut self, prefix: &str) -> anyhow::Result<String> {
        let search = async {
            while let Some(line) = self.stdout.next_line().await? {
                if let Some(rest) = line.strip_prefix(prefix) {
                    return Ok(rest.to_owned());
                }
            }
            bail!("{} ended before it said {prefix:?}", self.name)
        };
        timeout(PATIENCE, search).await.with_context(|| format!("{} did not say {prefix:?}", self.name))?
    }

    /// Writes a line to its standard input.
    pub(crate) async fn tell(&mut self, line: &str) -> anyhow::Result<()> {
        Ok(self.stdin.write_all(format!("{line}\n").as_bytes()).await?)
    }

    /// CPU time its threads have used, in seconds, once it has come to rest. The kernel counts in
    /// nanoseconds, but a thread only when it leaves the processor.
    pub(crate) async fn cpu(&self) -> anyhow::Result<f64> {
        let mut last = self.scheduled()?;
        for _ in 0..SETTLE.1 {
            sleep(SETTLE.0).await;
            let now = self.scheduled()?;
            if now == last {
                return Ok(Duration::from_nanos(now).as_secs_f64());
            }
            last = now;
        }
        bail!("{} does not come to rest", self.name)
    }

    fn scheduled(&self) -> anyhow::Result<u64> {
        let mut sum = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.id))? {
            // A thread may end between being listed and being read.
            let Ok(line) = std::fs::read_to_string(task?.path().join("schedstat")) else { continue };
            sum += line.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(sum)
    }

    /// Memory it occupies now, in MB.
    pub(crate) fn memory(&self) -> anyhow::Result<f64> {
        self.status("VmRSS:")
    }

    /// The most memory it ever occupied, in MB.
    pub(crate) fn peak_memory(&self) -> anyhow::Result<f64> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")).context("no such line in status")?;
        Ok(kibibytes.parse::<f64>()? * 1024.0 / 1e6)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let id = self.child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        if let Some(id) = id {
            // It may have ended by itself, which is as good.
            let _ = kill_process(id, Signal::INT);
        }
        for _ in 0..400 {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(5)),
                _ => return,
            }
        }
    }
}
