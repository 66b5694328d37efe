//! Size: binaries on disk, and the gateway's memory while it has nothing to do.

use std::path::Path;

use crate::catalog;
use crate::gateway::Gateway;
use crate::programs::Programs;
use crate::report::{Requirement, Table};

pub(super) async fn run(programs: &Programs) -> anyhow::Result<Vec<Requirement>> {
    let mut table = Table::new("Size", ["", "MB"]);
    let gateway = megabytes(&programs.gateway)?;
    table.row([&"gateway, binary", &format!("{gateway:.2}")]);
    table.row([&"demo worker, binary", &format!("{:.2}", megabytes(&programs.demo)?)]);
    table.row([&"hello-runtime, binary", &format!("{:.2}", megabytes(&programs.floor("hello-runtime"))?)]);

    let entries = [catalog::demo("ping")?, catalog::demo("long_operation")?];
    // Nothing listens there, and nothing is invoked.
    let idle = Gateway::start(programs, &entries, "http://127.0.0.1:9").await?;
    // Its CPU time standing still says that it is idle.
    idle.process.cpu().await?;
    let memory = idle.process.memory()?;
    table.row([&"gateway, idle RSS", &format!("{memory:.2}")]);
    table.print();
    Ok(vec![
        Requirement::at_most("idle RSS of the gateway", memory, 15.0, "MB"),
        Requirement::at_most("gateway binary, stripped", gateway, 8.0, "MB"),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "no binary has 2^52 bytes")]
fn megabytes(binary: &Path) -> anyhow::Result<f64> {
    Ok(std::fs::metadata(binary)?.len() as f64 / 1e6)
}
