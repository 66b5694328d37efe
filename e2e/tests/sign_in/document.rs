use std::convert::Infallible;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderValue, Response, header};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::json;
use tempfile::NamedTempFile;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto};

/// A Client ID Metadata Document at an https URL of this machine. Gone when it is dropped.
pub(crate) struct ClientDocument {
    url: String,
    authority: NamedTempFile,
    _serving: JoinSet<()>,
}

impl ClientDocument {
    /// Serves the document of a client of this name, whose user is sent back to any port of this machine.
    pub(crate) async fn serve(name: &str) -> anyhow::Result<Self> {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()])?;
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).map_err(anyhow::Error::msg)?;
        let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)?;
        let mut authority = NamedTempFile::new()?;
        authority.write_all(cert.pem().as_bytes())?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("https://localhost:{}/client.json", listener.local_addr()?.port());
        let document = json!({
            "client_id": url,
            "client_name": name,
            "redirect_uris": ["http://127.0.0.1/callback", "http://127.0.0.1/oauth/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        });
        let mut serving = JoinSet::new();
        serving.spawn(accept(listener, TlsAcceptor::from(Arc::new(config)), document.to_string().into()));
        Ok(Self { url, authority, _serving: serving })
    }

    /// Where the document is, which is the client's id.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The PEM file of what vouches for the server.
    pub(crate) fn authority(&self) -> anyhow::Result<&str> {
        self.authority.path().to_str().context("the path of temporary files is no text")
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, document: Bytes) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, document) = (acceptor.clone(), document.clone());
        connections.spawn(async move {
            let service = service_fn(move |_| {
                let mut response = Response::new(Full::new(document.clone()));
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                async move { Ok::<_, Infallible>(response) }
            });
            if let Ok(stream) = acceptor.accept(stream).await {
                drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
            }
        });
        while connections.try_join_next().is_some() {}
    }
}
