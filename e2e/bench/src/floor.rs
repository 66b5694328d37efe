//! The bare servers the gateway is measured against.

use std::ffi::OsString;
use std::io::Write as _;
use std::net::SocketAddr;

use crate::process::Process;
use crate::programs::Programs;

/// A running floor.
#[derive(Debug)]
pub(crate) struct Floor {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
}

impl Floor {
    /// A server that answers `body` to everything.
    pub(crate) async fn fixed_body(programs: &Programs, body: &[u8]) -> anyhow::Result<Self> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(body)?;
        // The server has read the file when it says where it listens.
        Self::start(programs, "fixed-body", file.path().into()).await
    }

    /// A reverse proxy in front of `upstream`.
    pub(crate) async fn streaming_proxy(programs: &Programs, upstream: SocketAddr) -> anyhow::Result<Self> {
        Self::start(programs, "streaming-proxy", upstream.to_string().into()).await
    }

    async fn start(programs: &Programs, name: &str, argument: OsString) -> anyhow::Result<Self> {
        let mut process = Process::start(&programs.floor(name), &[argument], &[])?;
        let address = process.says("listening: ").await?.parse()?;
        Ok(Self { process, address })
    }
}
