//! rmcp's own sign-in.

use std::sync::{Arc, Mutex};

use anyhow::{Context as _, ensure};
use penstock_e2e::{browser, http};
use reqwest::StatusCode;
use rmcp::model::{CallToolRequestParams, ProgressNotificationParam, ProtocolVersion};
use rmcp::service::{NotificationContext, RunningService};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::auth::{AuthClient, AuthorizationManager, AuthorizationRequest, OAuthState};
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt as _, RoleClient};
use rstest::rstest;
use serde_json::{Value, json};

use crate::landing::Landing;
use crate::{Registration, Site};

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

/// Signs in as alice and answers what then has the tokens.
async fn sign_in(site: &Site, registration: Registration) -> anyhow::Result<AuthorizationManager> {
    // Installs the cryptography that rmcp's clients need, too.
    let _client = http::client();
    let landing = Landing::open().await?;
    let mut state = OAuthState::new(site.url(), None).await?;
    let mut request = AuthorizationRequest::new(landing.redirect_uri()).with_client_name("Penstock end-to-end");
    if let Some(document) = site.document(registration) {
        request = request.with_client_metadata_url(document);
    }
    state.start_authorization(request).await?;
    let visit = browser::sign_in(&state.get_authorization_url().await?, &json!({})).await?;
    ensure!(visit.landed.starts_with(landing.redirect_uri()), "landed elsewhere");
    state.handle_callback_url(&visit.landed).await?;
    state.into_authorization_manager().context("not signed in")
}

/// Connects with what [`sign_in`] got, which stays usable beside the connection.
async fn connect(
    site: &Site,
    manager: AuthorizationManager,
) -> anyhow::Result<(RunningService<RoleClient, Watching>, AuthClient<reqwest::Client>)> {
    let client = AuthClient::new(http::client(), manager);
    let config = StreamableHttpClientTransportConfig::with_uri(site.url().to_owned());
    let transport = StreamableHttpClientTransport::with_client(client.clone(), config);
    let mode = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    Ok((Watching::default().serve_with_lifecycle(transport, mode).await?, client))
}

/// Lists the tools, and has one report its progress.
async fn visit(connection: &RunningService<RoleClient, Watching>) -> anyhow::Result<()> {
    let tools = connection.list_all_tools().await?;
    ensure!(tools.iter().any(|tool| tool.name == "get_cost_and_usage"), "{tools:?}");
    let arguments = json!({ "steps": 3, "step_ms": 20 }).as_object().cloned().context("an object")?;
    let progress = &connection.service().progress;
    progress.lock().expect("not poisoned").clear();
    let result = connection.call_tool(CallToolRequestParams::new("long_operation").with_arguments(arguments)).await?;
    ensure!(result.is_error != Some(true), "{result:?}");
    assert_eq!(*progress.lock().expect("not poisoned"), [1.0, 2.0, 3.0]);
    Ok(())
}

/// What the client keeps: its id and its tokens.
async fn kept(client: &AuthClient<reqwest::Client>) -> anyhow::Result<(String, Value)> {
    let (id, tokens) = client.auth_manager.lock().await.get_credentials().await?;
    Ok((id, serde_json::to_value(tokens.context("no tokens")?)?))
}

#[rstest]
#[tokio::test]
async fn rmcp_signs_in_calls_has_its_token_refreshed_and_revokes_it(
    #[values(Registration::Document, Registration::Dynamic)] registration: Registration,
) -> anyhow::Result<()> {
    let site = Site::start().await?;
    let (connection, client) = connect(&site, sign_in(&site, registration).await?).await?;
    visit(&connection).await?;

    let (id, first) = kept(&client).await?;
    assert!(site.document(registration).is_none_or(|document| document == id), "{id}");
    client.auth_manager.lock().await.refresh_token().await?;
    let (_, second) = kept(&client).await?;
    assert_ne!(first["access_token"], second["access_token"]);
    visit(&connection).await?;

    let form = [("token", second["refresh_token"].as_str().context("a refresh token")?), ("client_id", &id)];
    let revoke = http::client().post(format!("{}/revoke", site.issuer())).form(&form);
    assert_eq!(revoke.send().await?.status(), StatusCode::OK);
    let refused = client.auth_manager.lock().await.refresh_token().await;
    assert!(refused.is_err(), "a revoked token is good for nothing: {refused:?}");
    connection.cancel().await?;
    Ok(())
}
