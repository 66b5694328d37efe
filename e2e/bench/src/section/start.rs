//! Start: from the process's creation to its first poll for work, beside the smallest function.

use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::catalog;
use crate::gateway::aws;
use crate::options::Options;
use crate::process::Process;
use crate::programs::Programs;
use crate::report::{Requirement, Table};
use crate::stats::median;

/// How long a process may take to its first poll.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tools of a large catalog.
const TOOLS: usize = 100;

const NEXT: &[u8] = b"GET /2018-06-01/runtime/invocation/next ";

type Environment = Vec<(&'static str, OsString)>;

/// What is started, and what its starts showed; times in seconds.
struct Subject<'a> {
    name: &'static str,
    program: &'a Path,
    environment: Environment,
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

pub(super) async fn run(options: &Options, programs: &Programs) -> anyhow::Result<Vec<Requirement>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let runtime = runtime(&listener)?;
    let few = catalog::folder(&[catalog::demo("ping")?, catalog::demo("long_operation")?])?;
    let many: Vec<_> = (0..TOOLS).map(|tool| catalog::entry(&format!("lookup_{tool}"), "none")).collect();
    let many = catalog::folder(&many)?;
    let environment = |catalog: &TempDir| [&runtime[..], &gateway(catalog.path())].concat();
    let floor = programs.floor("hello-runtime");
    let mut subjects = [
        Subject::new("gateway, 2 tools", &programs.gateway, environment(&few)),
        Subject::new("gateway, 100 tools", &programs.gateway, environment(&many)),
        Subject::new("demo worker", &programs.demo, [&runtime[..], &[("PENSTOCK_TOOL", "ping".into())]].concat()),
        Subject::new("hello-runtime", &floor, runtime.clone()),
    ];
    for _ in 0..options.samples(40) {
        for subject in &mut subjects {
            subject.start(&listener).await.with_context(|| subject.name)?;
        }
    }
    let title = format!("Start: process to first poll, median of {}", options.samples(40));
    let mut table = Table::new(title, ["process", "CPU ms", "beyond floor", "wall ms"]);
    let base = median(&subjects[3].cpu);
    for Subject { name, cpu, wall, .. } in &subjects {
        let (cpu, wall) = (median(cpu), median(wall));
        let beyond = format!("{:.2}", (cpu - base) * 1e3);
        table.row([name, &format!("{:.2}", cpu * 1e3), &beyond, &format!("{:.2}", wall * 1e3)]);
    }
    table.print();
    let beyond = |subject: &Subject<'_>| (median(&subject.cpu) - base) * 1e3;
    let what = |subject: &Subject<'_>| format!("CPU of a start beyond hello-runtime, {}", subject.name);
    let met = subjects[..2].iter();
    Ok(met.map(|subject| Requirement::at_most(what(subject), beyond(subject), 3.0, "ms")).collect())
}

/// What the gateway is told. Nothing listens where it would invoke, and nothing is invoked.
fn gateway(catalog: &Path) -> Environment {
    let mut environment = aws("http://127.0.0.1:9");
    environment.push(("PENSTOCK_AUTH", "none".into()));
    environment.push(("PENSTOCK_KEYS", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into()));
    environment.push(("PENSTOCK_STORE_TABLE", "penstock".into()));
    environment.push(("PENSTOCK_CATALOG", catalog.into()));
    environment
}

/// What Lambda tells every function.
fn runtime(listener: &TcpListener) -> anyhow::Result<Environment> {
    Ok(vec![
        ("AWS_LAMBDA_RUNTIME_API", listener.local_addr()?.to_string().into()),
        ("AWS_LAMBDA_FUNCTION_NAME", "bench".into()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1".into()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128".into()),
    ])
}

impl<'a> Subject<'a> {
    fn new(name: &'static str, program: &'a Path, environment: Environment) -> Self {
        Self { name, program, environment, cpu: Vec::new(), wall: Vec::new() }
    }

    async fn start(&mut self, listener: &TcpListener) -> anyhow::Result<()> {
        let start = Instant::now();
        let process = Process::start(self.program, &[], &self.environment)?;
        // Kept while its CPU time is read: a poll that broke off would be made again.
        let _poll = timeout(PATIENCE, first_poll(listener)).await.context("it did not poll")??;
        self.wall.push(start.elapsed().as_secs_f64());
        self.cpu.push(process.cpu().await?);
        Ok(())
    }
}

/// Waits for the first request, which must be for work; answers its connection, still open.
async fn first_poll(listener: &TcpListener) -> anyhow::Result<TcpStream> {
    let (mut stream, _) = listener.accept().await?;
    let mut head = Vec::new();
    while head.len() < NEXT.len() {
        if stream.read_buf(&mut head).await? == 0 {
            bail!("it left without a word");
        }
    }
    if !head.starts_with(NEXT) {
        bail!("its first request is {}", String::from_utf8_lossy(&head));
    }
    Ok(stream)
}
