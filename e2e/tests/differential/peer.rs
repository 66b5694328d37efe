use std::sync::Arc;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use penstock_e2e::binaries;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::transport::StreamableHttpServerConfig;
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The tool both servers have.
pub(crate) const TOOL: &str = "test_custom_header";

/// A server of the official SDK on a socket of its own. Stops on drop.
pub(crate) struct Peer {
    url: String,
    _accepting: JoinSet<()>,
}

impl Peer {
    /// Starts it on a free port, without sessions, as the gateway is.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let manifest = binaries::workspace().join("e2e/fixtures/src").join(TOOL).join("tool.json");
        let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(manifest)?)?;
        let tool: Tool = serde_json::from_value(manifest["definition"].clone())?;
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .with_allowed_origins(["http://localhost:*", "http://127.0.0.1:*"]);
        let sessions = Arc::new(NeverSessionManager::default());
        let service = StreamableHttpService::new(move || Ok(Echo(tool.clone())), sessions, config);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/mcp", listener.local_addr()?);
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                let answer = service_fn(move |request: Request<Incoming>| {
                    let service = service.clone();
                    async move { Ok::<_, std::convert::Infallible>(service.handle(request).await) }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
            }
        });
        Ok(Self { url, _accepting: accepting })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// The SDK's side of the fixture tool: says what it was told.
#[derive(Clone)]
struct Echo(Tool);

impl ServerHandler for Echo {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(vec![self.0.clone()]))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        (name == TOOL).then(|| self.0.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if request.name != TOOL {
            return Err(ErrorData::invalid_params("unknown tool", None));
        }
        let value = request.arguments.as_ref().and_then(|arguments| arguments.get("value")?.as_str());
        let result = match value {
            Some(value) => CallToolResult::success(vec![ContentBlock::text(value)]),
            None => CallToolResult::error(vec![ContentBlock::text("value is missing")]),
        };
        Ok(result.into())
    }
}
