//! The official Rust SDK as a client that asks for nothing special.

use penstock_e2e::{Penstock, http};
use rmcp::service::RunningService;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{RoleClient, ServiceExt as _};

/// Connects to a gateway.
pub(crate) async fn connect(penstock: &Penstock) -> anyhow::Result<RunningService<RoleClient, ()>> {
    let config = StreamableHttpClientTransportConfig::with_uri(penstock.url().to_owned());
    Ok(().serve(StreamableHttpClientTransport::with_client(http::client(), config)).await?)
}
