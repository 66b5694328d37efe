use penstock::doctor::Level;
use serde_json::json;

use super::server::Answer;
use super::site::{ISSUER, RESOURCE, ROOT, Site};
use super::{Row, assert_found};

const OIDC: &str = "/.well-known/openid-configuration";

/// Names an issuer with a path, whose metadata is at `place`.
fn move_to(site: &mut Site, place: &'static str) {
    for document in [RESOURCE, ROOT] {
        site.change(document, |document| document["authorization_servers"] = json!(["{origin}/pool"]));
    }
    site.change(ISSUER, |document| document["issuer"] = json!("{origin}/pool"));
    let document = site.documents.remove(ISSUER).expect("a document");
    site.serve(place, document);
}

fn set(site: &mut Site, name: &'static str, change: fn(&mut serde_json::Value)) {
    // The member is in the healthy document, so that a misspelled one fails here.
    let text = &site.documents[ISSUER].parts[0].1;
    assert!(text.contains(name), "{name} is not in {text}");
    site.change(ISSUER, change);
}

const PLACES: &[Row] = &[
    (
        "no metadata",
        |site| {
            site.documents.remove(ISSUER);
        },
        "issuer.place",
        Level::Wrong,
        "/.well-known/openid-configuration HTTP 404",
    ),
    (
        "OIDC only",
        |site| {
            let document = site.documents.remove(ISSUER).expect("a document");
            site.serve(OIDC, document);
        },
        "issuer.place",
        Level::Warning,
        "clients of 2025-06-18 and before do not look so far",
    ),
    (
        "an outage at the first place",
        |site| {
            let document = site.documents.remove(ISSUER).expect("a document");
            site.serve(OIDC, document);
            site.serve(ISSUER, Answer::new(500));
        },
        "issuer.place",
        Level::Wrong,
        "clients stop there",
    ),
    (
        "a path, inserted",
        |site| move_to(site, "/.well-known/oauth-authorization-server/pool"),
        "issuer.place",
        Level::Ok,
        "/.well-known/oauth-authorization-server/pool is there",
    ),
    (
        "a path, OIDC inserted",
        |site| move_to(site, "/.well-known/openid-configuration/pool"),
        "issuer.place",
        Level::Warning,
        "/.well-known/openid-configuration/pool is there",
    ),
    (
        "a path, OIDC appended",
        |site| move_to(site, "/pool/.well-known/openid-configuration"),
        "issuer.place",
        Level::Warning,
        "/pool/.well-known/openid-configuration is there",
    ),
    (
        "nothing at the MCP host",
        |site| move_to(site, "/.well-known/oauth-authorization-server/pool"),
        "issuer.host",
        Level::Warning,
        "clients of 2025-03-26 look nowhere else",
    ),
    (
        "an issuer without TLS",
        |site| site.change(RESOURCE, |document| document["authorization_servers"] = json!(["http://10.0.0.1"])),
        "issuer.place",
        Level::Wrong,
        "no https URL",
    ),
    (
        "no metadata of the resource, but of an issuer at the host",
        |site| {
            site.documents.remove(RESOURCE);
            site.documents.remove(ROOT);
        },
        "issuer.place",
        Level::Ok,
        "is there",
    ),
];

const MEMBERS: &[Row] = &[
    (
        "another issuer",
        |site| set(site, "issuer", |document| document["issuer"] = json!("https://other.example")),
        "issuer.identity",
        Level::Wrong,
        "“https://other.example”",
    ),
    (
        "a slash after the issuer",
        |site| set(site, "issuer", |document| document["issuer"] = json!("{origin}/")),
        "issuer.identity",
        Level::Warning,
        "a slash",
    ),
    (
        "no token endpoint",
        |site| set(site, "token_endpoint", |document| document["token_endpoint"] = json!(null)),
        "issuer.endpoints",
        Level::Wrong,
        "token_endpoint missing",
    ),
    (
        "plain PKCE",
        |site| {
            set(site, "code_challenge_methods_supported", |document| {
                document["code_challenge_methods_supported"] = json!(["plain"]);
            });
        },
        "issuer.pkce",
        Level::Wrong,
        "without S256",
    ),
    (
        "no PKCE",
        |site| {
            set(site, "code_challenge_methods_supported", |document| {
                document["code_challenge_methods_supported"] = json!(null);
            });
        },
        "issuer.pkce",
        Level::Wrong,
        "nothing is said about PKCE",
    ),
    (
        "no code",
        |site| {
            set(site, "response_types_supported", |document| document["response_types_supported"] = json!(["token"]));
        },
        "issuer.code",
        Level::Wrong,
        "lacks code",
    ),
    (
        "no refresh",
        |site| set(site, "grant_types_supported", |document| document["grant_types_supported"] = json!(["x"])),
        "issuer.refresh",
        Level::Warning,
        "sign in again",
    ),
    (
        "no iss",
        |site| {
            set(site, "authorization_response_iss_parameter_supported", |document| {
                document["authorization_response_iss_parameter_supported"] = json!(false);
            });
        },
        "issuer.iss",
        Level::Warning,
        "RFC 9207",
    ),
    (
        "secrets only",
        |site| {
            set(site, "token_endpoint_auth_methods_supported", |document| {
                document["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic"]);
            });
        },
        "issuer.registration",
        Level::Warning,
        "Claude does not use them then",
    ),
    (
        "no way in",
        |site| {
            set(site, "registration_endpoint", |document| {
                document["registration_endpoint"] = json!(null);
                document["client_id_metadata_document_supported"] = json!(false);
            });
        },
        "issuer.registration",
        Level::Wrong,
        "paste a client id",
    ),
];

#[tokio::test]
async fn authorization_server_metadata_is_looked_for_where_clients_look() {
    assert_found(PLACES).await;
}

#[tokio::test]
async fn authorization_server_metadata_is_judged() {
    assert_found(MEMBERS).await;
}
