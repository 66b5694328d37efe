//! An issuer: one key, published on this machine, and tokens signed with it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use penstock_gateway::auth::Auth;
use penstock_gateway::config::Config;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

const RESOURCE: &str = "https://mcp.example.com/mcp";

/// The key pair of the tests.
const RSA: &[u8] = include_bytes!("../../tests/fixtures/test-issuer-rsa-2048.pkcs8.der");

/// What the issuer signs with.
pub(crate) enum Signer {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

pub(crate) struct Issuer {
    url: String,
    signer: Signer,
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    pub(crate) fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::from_pkcs8(RSA).expect("a key pair"))
    }

    pub(crate) fn ec() -> Self {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        Self::Ec(EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key pair"))
    }

    fn jwk(&self) -> Value {
        match self {
            Self::Rsa(pair) => {
                let PublicKeyComponents::<Vec<u8>> { n, e } = pair.public().into();
                json!({ "kty": "RSA", "kid": "k", "n": text(n), "e": text(e) })
            }
            Self::Ec(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "kid": "k", "crv": "P-256", "x": text(x), "y": text(y) })
            }
        }
    }
}

impl Issuer {
    /// An issuer that publishes its key until the process ends.
    pub(crate) fn new(signer: Signer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let keys = json!({ "keys": [signer.jwk()] }).to_string();
        std::thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let _ = client.read(&mut [0; 1024]);
                let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", keys.len());
                let _ = client.write_all((head + &keys).as_bytes());
            }
        });
        Self { url, signer }
    }

    /// How a gateway takes its tokens.
    pub(crate) fn auth(&self) -> Auth {
        let issuers = json!([{ "issuer": self.url, "jwksUri": self.url }]).to_string();
        let variables = [
            ("PENSTOCK_CATALOG", "/tools"),
            ("PENSTOCK_KEYS", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            ("PENSTOCK_LISTEN", "127.0.0.1:0"),
            ("PENSTOCK_AUTH", "oauth"),
            ("PENSTOCK_RESOURCE", RESOURCE),
            ("PENSTOCK_ISSUERS", &issuers),
        ];
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Config::from_source(value).expect("a sound configuration").auth
    }

    /// A token as Cognito writes them, good for an hour.
    pub(crate) fn token(&self, subject: &str) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let claims = json!({
            "iss": self.url, "sub": subject, "aud": RESOURCE, "client_id": "3n4b5urk1ft4fl3mg5e62d9ado",
            "token_use": "access", "scope": "tools:read tools:write openid", "cognito:groups": ["staff", "admins"],
            "username": subject, "jti": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "iat": now, "exp": now + 3600,
        });
        let algorithm = if matches!(self.signer, Signer::Rsa(_)) { "RS256" } else { "ES256" };
        let header = json!({ "alg": algorithm, "kid": "k" });
        let signed = format!("{}.{}", text(header.to_string()), text(claims.to_string()));
        let random = SystemRandom::new();
        let signature = match &self.signer {
            Signer::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).expect("signed");
                signature
            }
            Signer::Ec(pair) => pair.sign(&random, signed.as_bytes()).expect("signed").as_ref().to_vec(),
        };
        format!("{signed}.{}", text(signature))
    }
}
