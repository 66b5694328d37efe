//! Client ID Metadata Documents, over TLS and from this machine.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::site::Site;
use crate::support::{REDIRECT_URI, World, request, with};

const HOSTS: &str = "localhost";

/// A front that reads documents of `hosts` and trusts the site.
async fn world(site: &Site, hosts: &str) -> World {
    let bundle = site.bundle.path().to_str().expect("text");
    World::start_with(&[("PENSTOCK_CLIENT_HOSTS", hosts), ("PENSTOCK_CA_BUNDLE", bundle)]).await
}

fn document(url: &str) -> Value {
    json!({ "client_id": url, "client_name": "An editor", "redirect_uris": [REDIRECT_URI] })
}

/// a client is known by the URL of its document.
#[tokio::test]
async fn a_client_signs_in_with_the_url_of_its_document() {
    let site = Site::start().await;
    let client = site.url("/client.json");
    site.serve("/client.json", "application/json; charset=utf-8", &document(&client));
    let mut world = world(&site, HOSTS).await;
    let page = world.authorize(&request(&client)).await.text;
    assert!(page.contains("<dd>localhost</dd>") && page.contains("An editor"), "{page}");
    let asked = with(&request(&client), &[("redirect_uri", "http://127.0.0.1:50000/callback")]);
    let code = world.up_to_code(&asked).await;
    let form = crate::support::redemption(&client, &code);
    let form: Vec<_> = form.into_iter().filter(|(name, _)| *name != "redirect_uri").collect();
    assert_eq!(world.token(&form).await.status, 200);
}

#[tokio::test]
async fn a_mistake_of_a_client_whose_host_is_named_goes_back_to_it() {
    let site = Site::start().await;
    let client = site.url("/client.json");
    let mut document = document(&client);
    document["redirect_uris"] = json!(["https://app.example/cb"]);
    site.serve("/client.json", "application/json", &document);
    let mut world = world(&site, HOSTS).await;
    let asked = with(&request(&client), &[("redirect_uri", "https://app.example/cb"), ("scope", "admin")]);
    assert_eq!(world.authorize(&asked).await.target(), "https://app.example/cb");
}

/// nobody speaks for a client but whoever owns its URL.
#[tokio::test]
async fn a_document_that_names_another_client_or_is_not_in_order_is_refused() {
    let site = Site::start().await;
    let client = site.url("/client.json");
    let right = document(&client);
    let changed = |name: &str, value: Value| {
        let mut document = right.clone();
        document[name] = value;
        document
    };
    let wrong = [
        changed("client_id", "https://clients.example/client.json".into()),
        changed("client_id", site.url("/client.json?").into()),
        changed("client_id", Value::Null),
        changed("client_name", Value::Null),
        changed("redirect_uris", json!([])),
        changed("redirect_uris", json!(vec![REDIRECT_URI; 21])),
        changed("redirect_uris", json!(REDIRECT_URI)),
        changed("token_endpoint_auth_method", "client_secret_basic".into()),
        changed("token_endpoint_auth_method", "private_key_jwt".into()),
        changed("client_secret", "secret".into()),
        changed("grant_types", json!(["client_credentials"])),
        changed("response_types", json!(["token"])),
        changed("client_uri", "x".repeat(5 * 1024).into()),
        json!([]),
    ];
    let mut world = world(&site, HOSTS).await;
    for document in wrong {
        site.serve("/client.json", "application/json", &document);
        world.authorize(&request(&client)).await.is_a_refusal(400);
    }
    site.serve("/client.json", "text/html", &right);
    world.authorize(&request(&client)).await.is_a_refusal(400);
    world.authorize(&request(&site.url("/missing.json"))).await.is_a_refusal(400);
    site.serve("/client.json", "application/json", &right);
    let answer = world.authorize(&request(&client)).await;
    assert_eq!(answer.status, 200, "a failure is not remembered: {answer:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_to_a_document() {
    let site = Site::start().await;
    let client = site.url("/client.json");
    site.serve("/real.json", "application/json", &document(&client));
    site.redirect("/client.json", "/real.json");
    world(&site, HOSTS).await.authorize(&request(&client)).await.is_a_refusal(400);
    assert_eq!(site.hits("/real.json"), 0);
}

#[tokio::test]
async fn a_document_is_read_once_as_long_as_it_is_fresh() {
    for (caching, reads) in [("max-age=60", 1), ("no-store", 3), ("max-age=0", 3)] {
        let site = Site::start().await;
        let client = site.url("/client.json");
        site.serve_with("/client.json", &format!("cache-control: {caching}\r\n"), &document(&client));
        let mut world = world(&site, HOSTS).await;
        for _ in 0..3 {
            assert_eq!(world.authorize(&request(&client)).await.status, 200);
        }
        assert_eq!(site.hits("/client.json"), reads, "{caching}");
    }
}

#[tokio::test]
async fn many_who_ask_at_once_are_one_fetch() {
    let site = Site::start().await;
    let client = site.url("/client.json");
    site.serve("/client.json", "application/json", &document(&client));
    let world = world(&site, HOSTS).await;
    let asks: Vec<_> = (0..8)
        .map(|_| {
            let mut world = world.clone();
            let asked = request(&client);
            tokio::spawn(async move { world.authorize(&asked).await.status })
        })
        .collect();
    for ask in asks {
        assert_eq!(ask.await.expect("an answer"), 200);
    }
    assert_eq!(site.hits("/client.json"), 1);
}

/// Server-side request forgery: strangers name the URL, the operator says how far it may lead.
#[tokio::test]
async fn documents_of_other_hosts_and_of_private_addresses_are_not_fetched() {
    let site = Site::start().await;
    let client = site.url("/client.json");
    site.serve("/client.json", "application/json", &document(&client));
    for hosts in ["*", "clients.example", "127.0.0.1"] {
        world(&site, hosts).await.authorize(&request(&client)).await.is_a_refusal(400);
    }
    let mut world = world(&site, "*").await;
    let numbers = ["https://127.0.0.1/c", "https://[::1]/c", "https://169.254.169.254/latest", "https://10.0.0.1/c"];
    for url in numbers {
        world.authorize(&request(url)).await.is_a_refusal(400);
    }
    assert_eq!(site.hits("/client.json"), 0);
}

#[tokio::test]
async fn ids_that_are_no_canonical_urls_are_not_fetched() {
    let site = Site::start().await;
    let origin = site.url("");
    let mut world = world(&site, HOSTS).await;
    let ids = [
        origin.clone(),
        format!("{origin}/x/../client.json"),
        format!("{origin}/%2e%2e/client.json"),
        format!("{origin}/client.json#x"),
        origin.replace("localhost", "LOCALHOST") + "/client.json",
        origin.replace("localhost", "user@localhost") + "/client.json",
        format!("{origin}/{}", "x".repeat(512)),
    ];
    for id in ids {
        world.authorize(&request(&id)).await.is_a_refusal(400);
    }
    assert_eq!(site.connections(), 0);
}

/// Nobody makes the front hammer another site.
#[tokio::test]
async fn documents_of_one_host_are_fetched_only_so_often() {
    let site = Site::start().await;
    let mut world = world(&site, HOSTS).await;
    let mut last = 0;
    for at in 0..100 {
        // Nothing listens there.
        last = world.authorize(&request(&format!("https://localhost:1/{at}"))).await.status;
        if last != 400 {
            break;
        }
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn a_client_whose_host_is_taken_off_the_list_gets_no_more_tokens() {
    let site = Site::start().await;
    let client = site.url("/client.json");
    site.serve("/client.json", "application/json", &document(&client));
    let mut world = world(&site, HOSTS).await;
    let token = world.up_to_refresh_token(&client).await;
    let form = [("grant_type", "refresh_token"), ("client_id", &*client), ("refresh_token", &*token)];
    // The same front with the hosts it has by default.
    let mut later = world.at(SystemTime::now).await;
    assert_eq!(later.token(&form).await.error(), (400, "unauthorized_client".to_owned()));
    assert_eq!(world.token(&form).await.status, 200);
}
