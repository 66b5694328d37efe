use anyhow::Context as _;

use crate::penstock::address;
use crate::{Gateway, Penstock, Proxy};

/// Two gateways in front of the same workers, and a proxy that sends each request to the one that
/// did not get the last: whatever a client and the first have agreed on, the second has never heard
/// of, as on Lambda.
#[derive(Debug)]
pub struct Gateways {
    penstock: Penstock,
    proxy: Proxy,
    first: Option<Gateway>,
    _second: Gateway,
    url: String,
}

impl Gateways {
    /// Starts two gateways with the catalog of `penstock`, which want of their callers what its own does. Pages of the
    /// proxy's origin may call them.
    ///
    /// # Errors
    /// If one of them does not start.
    pub async fn start(penstock: Penstock) -> anyhow::Result<Self> {
        let listener = Proxy::listener().await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let variables = [("PENSTOCK_ALLOWED_ORIGINS", &*origin)];
        let first = Gateway::start(&penstock, penstock.catalog(), &variables).await?;
        let second = Gateway::start(&penstock, penstock.catalog(), &variables).await?;
        let servers = [address(first.url())?, address(second.url())?];
        let proxy = Proxy::on(listener, servers, penstock.authorization())?;
        let url = format!("{origin}/mcp");
        Ok(Self { penstock, proxy, first: Some(first), _second: second, url })
    }

    /// The MCP endpoint of the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The host of the workers, which has a gateway of its own.
    pub fn penstock(&self) -> &Penstock {
        &self.penstock
    }

    /// How many requests each gateway has been sent.
    pub fn served(&self) -> [usize; 2] {
        self.proxy.served()
    }

    /// Stops the first gateway; every second request fails from now on.
    ///
    /// # Errors
    /// If it has been stopped before or cannot be waited for.
    pub async fn stop_first(&mut self) -> anyhow::Result<()> {
        self.first.take().context("it has been stopped before")?.stop().await?;
        Ok(())
    }
}
