//! Requests that did not come through the distribution.

use penstock_function::OriginSecrets;
use penstock_gateway::Services;
use serde_json::json;

use super::{Issuer, Signer, claims, list, of, with_token};
use crate::support::{Draft, rest};

const OLD: &str = "0123456789abcdef0123456789abcdef";
const NEW: &str = "fedcba9876543210fedcba9876543210";

fn secrets(text: &str) -> OriginSecrets {
    text.parse().expect("secrets")
}

/// Both of two secrets are taken, so that they can be changed without a moment of refusal.
#[tokio::test]
async fn a_request_needs_one_of_the_secrets_before_anything_else() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let origin_secrets = secrets(&format!("{NEW}, {OLD}"));
    let (gateway, _worker) = of(&issuer.settings(), |services| Services { origin_secrets, ..services });
    let token = signer.token(&claims(&issuer));
    let paths = ["/", "/health", "/.well-known/oauth-protected-resource", "/other"];
    let drafts: Vec<_> =
        paths.map(|path| Draft::new("GET", path)).into_iter().chain([with_token(&token), list()]).collect();
    for draft in &drafts {
        for wrong in ["", "wrong", &OLD[1..], &format!("{OLD}0"), &format!("{OLD},{NEW}"), &OLD.to_uppercase()] {
            let response = draft.clone().header("x-penstock-origin", wrong).send(&gateway).await;
            assert_eq!(response.status(), 403, "{wrong}");
            assert_eq!(rest(response.into_body().without_response()).await, "not here", "no hint");
        }
        assert_eq!(draft.send(&gateway).await.status(), 403, "none at all");
        let both = draft.clone().also("x-penstock-origin", OLD).also("x-penstock-origin", NEW);
        assert_eq!(both.send(&gateway).await.status(), 403, "two headers");
    }
    for secret in [OLD, NEW] {
        assert_eq!(with_token(&token).header("x-penstock-origin", secret).send(&gateway).await.status(), 200);
        assert_eq!(list().header("x-penstock-origin", secret).send(&gateway).await.status(), 401);
    }
    assert_eq!(issuer.fetches("/keys"), 1);
}

/// The gateway calls itself to run tasks, past the distribution, with a ticket that is sealed.
#[tokio::test]
async fn the_gateways_own_path_needs_its_ticket_and_no_secret() {
    let issuer = Issuer::of(&[&Signer::p256("k")]).await;
    let (gateway, _worker) = of(&issuer.settings(), |services| Services { origin_secrets: secrets(OLD), ..services });
    let forged = Draft::new("POST", "/internal/tasks/run").body("1.forged").send(&gateway).await;
    assert_eq!(forged.status(), 404);
}

#[tokio::test]
async fn without_configured_secrets_the_header_means_nothing() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = super::gateway(&issuer.settings());
    let draft = with_token(&signer.token(&claims(&issuer))).header("x-penstock-origin", "whatever");
    assert_eq!(draft.json(&gateway).await.1["result"]["resultType"], json!("complete"));
}
