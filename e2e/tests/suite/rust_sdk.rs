//! rmcp, the official Rust SDK, in its stateless and its handshake mode.

use std::sync::{Arc, Mutex};

use penstock_e2e::{Access, Penstock, http};
use rmcp::model::{CallToolRequestParams, ErrorCode, ProgressNotificationParam, ProtocolVersion};
use rmcp::service::{NotificationContext, RunningService, ServiceError};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt as _, RoleClient};
use rstest::rstest;

/// A client that remembers the progress it was told of.
#[derive(Debug, Clone, Default)]
struct Watching {
    progress: Arc<Mutex<Vec<f64>>>,
}

impl ClientHandler for Watching {
    async fn on_progress(&self, params: ProgressNotificationParam, _context: NotificationContext<RoleClient>) {
        self.progress.lock().expect("not poisoned").push(params.progress);
    }
}

fn modes() -> [ClientLifecycleMode; 2] {
    [
        ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] },
        ClientLifecycleMode::Initialize,
    ]
}

async fn connect(
    penstock: &Penstock,
    mode: ClientLifecycleMode,
) -> anyhow::Result<(RunningService<RoleClient, Watching>, Watching)> {
    let config = StreamableHttpClientTransportConfig::with_uri(penstock.url().to_owned());
    let transport = StreamableHttpClientTransport::with_client(http::client(), config);
    let watching = Watching::default();
    Ok((watching.clone().serve_with_lifecycle(transport, mode).await?, watching))
}

#[rstest]
#[tokio::test]
async fn lists_calls_and_hears_progress_in_both_modes(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    for mode in modes() {
        let (client, watching) = connect(&penstock, mode.clone()).await?;
        let tools = client.list_all_tools().await?;
        assert!(tools.iter().any(|tool| tool.name == "test_simple_text"), "{mode:?}");
        let result = client.call_tool(CallToolRequestParams::new("test_tool_with_progress")).await?;
        assert_ne!(result.is_error, Some(true), "{mode:?}");
        assert_eq!(*watching.progress.lock().expect("not poisoned"), [0.0, 50.0, 100.0], "{mode:?}");
        client.cancel().await?;
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn reads_errors_in_both_modes(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    for mode in modes() {
        let (client, _) = connect(&penstock, mode.clone()).await?;
        let failed = client.call_tool(CallToolRequestParams::new("test_error_handling")).await?;
        assert_eq!(failed.is_error, Some(true), "{mode:?}");
        match client.call_tool(CallToolRequestParams::new("no_such_tool")).await {
            Err(ServiceError::McpError(error)) => assert_eq!(error.code, ErrorCode::INVALID_PARAMS),
            other => panic!("{mode:?}: {other:?}"),
        }
        client.cancel().await?;
    }
    Ok(())
}
