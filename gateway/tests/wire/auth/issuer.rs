//! An issuer on this machine: pages that can be changed, and a count of who reads them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::Signer;

pub(crate) const KEYS: &str = "/keys";
pub(crate) const METADATA: &str = "/.well-known/openid-configuration";

/// What the issuer answers.
#[derive(Clone)]
pub(crate) enum Page {
    /// This, with these headers.
    Says(u16, &'static str, String),
    /// Nothing, ever.
    Hangs,
}

/// An issuer whose identifier is its address.
pub(crate) struct Issuer {
    pub(crate) url: String,
    site: Arc<Site>,
}

#[derive(Default)]
struct Site {
    pages: Mutex<HashMap<String, Page>>,
    fetched: Mutex<Vec<String>>,
}

impl Issuer {
    /// An issuer that publishes the keys of these signers.
    pub(crate) async fn of(signers: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let site = Arc::new(Site::default());
        let served = Arc::clone(&site);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(Arc::clone(&served), client));
            }
        });
        let issuer = Self { url, site };
        issuer.publishes(METADATA, &json!({ "issuer": issuer.url, "jwks_uri": issuer.url.clone() + KEYS }));
        issuer.has(signers);
        issuer
    }

    /// Changes the keys.
    pub(crate) fn has(&self, signers: &[&Signer]) {
        let keys: Vec<_> = signers.iter().map(|signer| signer.jwk()).collect();
        self.publishes(KEYS, &json!({ "keys": keys }));
    }

    pub(crate) fn publishes(&self, path: &str, document: &Value) {
        self.answers(path, Page::Says(200, "", document.to_string()));
    }

    pub(crate) fn answers(&self, path: &str, page: Page) {
        self.site.pages.lock().expect("not poisoned").insert(path.to_owned(), page);
    }

    /// How often a page has been asked for.
    pub(crate) fn fetches(&self, path: &str) -> usize {
        self.site.fetched.lock().expect("not poisoned").iter().filter(|fetched| *fetched == path).count()
    }

    /// How often any page has been asked for.
    pub(crate) fn all_fetches(&self) -> usize {
        self.site.fetched.lock().expect("not poisoned").len()
    }

    /// The configuration of a gateway that takes this issuer's tokens.
    pub(crate) fn settings(&self) -> Value {
        json!([{ "issuer": self.url }])
    }
}

async fn serve(site: Arc<Site>, mut client: TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = client.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).expect("text");
    let path = head.split(' ').nth(1).expect("a request line").to_owned();
    let page = site.pages.lock().expect("not poisoned").get(&path).cloned();
    site.fetched.lock().expect("not poisoned").push(path);
    let (status, headers, body) = match page {
        Some(Page::Says(status, headers, body)) => (status, headers, body),
        Some(Page::Hangs) => std::future::pending().await,
        None => (404, "", String::new()),
    };
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status} Such\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
    let _ = client.write_all(answer.as_bytes()).await;
}
