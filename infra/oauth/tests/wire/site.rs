//! A web site with a certificate of its own authority, for client documents.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

pub(crate) struct Site {
    port: u16,
    /// The authority, as PEM.
    pub(crate) bundle: NamedTempFile,
    pages: Arc<Mutex<Pages>>,
}

#[derive(Default)]
struct Pages {
    answers: HashMap<String, String>,
    hits: HashMap<String, usize>,
    connections: usize,
}

impl Site {
    pub(crate) async fn start() -> Self {
        let mut authority = CertificateParams::new([]).expect("parameters");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("a certificate");
        let mut bundle = NamedTempFile::new().expect("a file");
        bundle.write_all(authority.pem().as_bytes()).expect("written");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let site = Self { port, bundle, pages: Arc::default() };
        tokio::spawn(serve(listener, acceptor(&authority), site.pages.clone()));
        site
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    pub(crate) fn serve(&self, path: &str, content_type: &str, document: &Value) {
        let headers = format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\n");
        self.put(path, &headers, &document.to_string());
    }

    pub(crate) fn serve_with(&self, path: &str, headers: &str, document: &Value) {
        let headers = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{headers}");
        self.put(path, &headers, &document.to_string());
    }

    pub(crate) fn redirect(&self, path: &str, to: &str) {
        self.put(path, &format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\n"), "");
    }

    fn put(&self, path: &str, head: &str, body: &str) {
        let answer = format!("{head}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        self.pages.lock().expect("not poisoned").answers.insert(path.to_owned(), answer);
    }

    /// How often a path was asked for.
    pub(crate) fn hits(&self, path: &str) -> usize {
        self.pages.lock().expect("not poisoned").hits.get(path).copied().unwrap_or_default()
    }

    pub(crate) fn connections(&self) -> usize {
        self.pages.lock().expect("not poisoned").connections
    }
}

fn acceptor(authority: &CertifiedIssuer<'static, KeyPair>) -> TlsAcceptor {
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(["localhost".to_owned()]).expect("parameters");
    let certificate = certificate.signed_by(&key, authority).expect("a certificate");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
        );
    TlsAcceptor::from(Arc::new(config.expect("a configuration")))
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, pages: Arc<Mutex<Pages>>) {
    while let Ok((stream, _)) = listener.accept().await {
        pages.lock().expect("not poisoned").connections += 1;
        // A client that does not like the certificate is none of the site's business.
        let _ = answer(stream, &acceptor, &pages).await;
    }
}

async fn answer(stream: TcpStream, acceptor: &TlsAcceptor, pages: &Mutex<Pages>) -> std::io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let answer = {
        let mut pages = pages.lock().expect("not poisoned");
        *pages.hits.entry(path.clone()).or_default() += 1;
        pages.answers.get(&path).cloned()
    };
    let answer = answer.unwrap_or_else(|| "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned());
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
