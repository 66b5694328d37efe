use penstock::doctor::Level;
use serde_json::json;

use super::site::{ISSUER, RESOURCE, ROOT};
use super::{Row, assert_found};

const ROWS: &[Row] = &[
    ("all is well", |_| {}, "clients.claude", Level::Ok, "client ID metadata document"),
    ("all is well", |_| {}, "clients.inspector", Level::Ok, "signs in, by registering"),
    ("all is well", |_| {}, "clients.cursor", Level::Ok, "signs in, by registering"),
    (
        "secrets only",
        |site| {
            site.change(ISSUER, |document| {
                document["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic"]);
            });
        },
        "clients.claude",
        Level::Ok,
        "signs in, by registering",
    ),
    (
        "secrets only",
        |site| {
            site.change(ISSUER, |document| {
                document["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic"]);
            });
        },
        "clients.vscode",
        Level::Ok,
        "client ID metadata document",
    ),
    (
        "no registration",
        |site| site.change(ISSUER, |document| document["registration_endpoint"] = json!(null)),
        "clients.inspector",
        Level::Warning,
        "client id that the person pastes",
    ),
    (
        "no registration",
        |site| site.change(ISSUER, |document| document["registration_endpoint"] = json!(null)),
        "clients.rmcp",
        Level::Ok,
        "client ID metadata document",
    ),
    (
        "the origin as the resource",
        |site| {
            for place in [RESOURCE, ROOT] {
                site.change(place, |document| document["resource"] = json!("{origin}"));
            }
        },
        "clients.vscode",
        Level::Wrong,
        "resource is not the URL",
    ),
    (
        "the origin as the resource",
        |site| {
            for place in [RESOURCE, ROOT] {
                site.change(place, |document| document["resource"] = json!("{origin}"));
            }
        },
        "clients.python",
        Level::Ok,
        "client ID metadata document",
    ),
    (
        "no PKCE announced",
        |site| site.change(ISSUER, |document| document["code_challenge_methods_supported"] = json!(null)),
        "clients.claude",
        Level::Wrong,
        "PKCE is not announced",
    ),
    (
        "no PKCE announced",
        |site| site.change(ISSUER, |document| document["code_challenge_methods_supported"] = json!(null)),
        "clients.typescript",
        Level::Ok,
        "client ID metadata document",
    ),
    (
        "another issuer",
        |site| site.change(ISSUER, |document| document["issuer"] = json!("https://other.example")),
        "clients.typescript",
        Level::Wrong,
        "the issuer is not the one named",
    ),
    (
        "another issuer",
        |site| site.change(ISSUER, |document| document["issuer"] = json!("https://other.example")),
        "clients.vscode",
        Level::Ok,
        "client ID metadata document",
    ),
    (
        "no metadata at all",
        |site| site.documents.retain(|path, _| !path.starts_with("/.well-known")),
        "clients.rmcp",
        Level::Wrong,
        "no authorization-server metadata",
    ),
];

#[tokio::test]
async fn each_client_goes_its_own_way() {
    assert_found(ROWS).await;
}
