//! Configuration: every mistake at once, by name.

use penstock_gateway::auth::Auth;
use penstock_gateway::config::Config;

const REQUIRED: [(&str, &str); 3] = [
    ("PENSTOCK_CATALOG", "/tools"),
    ("PENSTOCK_AUTH", "none"),
    ("PENSTOCK_KEYS", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
];

fn config(variables: &[(&str, &str)]) -> Result<Config, String> {
    let source = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Config::from_source(source).map_err(|error| error.to_string())
}

#[test]
fn the_least_that_must_be_said() {
    let [catalog, auth, keys] = REQUIRED;
    let on_lambda = config(&[catalog, auth, keys, ("PENSTOCK_STORE_TABLE", "penstock")]).expect("enough");
    assert_eq!(on_lambda.function, None);
    assert_eq!(on_lambda.store_table.as_deref(), Some("penstock"));
    let config = config(&[catalog, auth, keys, ("PENSTOCK_LISTEN", "127.0.0.1:0")]).expect("enough");
    assert!(matches!((config.auth, config.store_table), (Auth::None, None)));
    assert_eq!(config.catalog.to_str(), Some("/tools"));
}

#[test]
fn every_mistake_is_reported_by_the_name_of_its_variable() {
    let error = config(&[
        ("PENSTOCK_AUTH", "off"),
        ("PENSTOCK_KEYS", "1:c2VjcmV0"),
        ("PENSTOCK_LISTEN", "3000"),
        ("PENSTOCK_ALLOWED_ORIGINS", "https://a.example, b.example/path"),
        ("PENSTOCK_SUBSCRIPTIONS", "true"),
        ("AWS_LAMBDA_LOG_LEVEL", "loud"),
    ])
    .expect_err("eight mistakes");
    for part in [
        "PENSTOCK_CATALOG is not set",
        "AWS_LAMBDA_LOG_LEVEL: \"loud\"",
        "PENSTOCK_AUTH: \"off\"",
        "PENSTOCK_KEYS: must be keys",
        "PENSTOCK_STORE_TABLE is not set",
        "PENSTOCK_LISTEN",
        "PENSTOCK_SUBSCRIPTIONS: \"true\" is not \"on\"",
        "\"b.example/path\"",
    ] {
        assert!(error.contains(part), "{part} in {error}");
    }
}

#[test]
fn a_gateway_without_authentication_does_not_listen_to_the_network() {
    for (address, sound) in [("127.0.0.1:0", true), ("[::1]:80", true), ("0.0.0.0:80", false), ("10.0.0.1:80", false)] {
        let [catalog, auth, keys] = REQUIRED;
        assert_eq!(config(&[catalog, auth, keys, ("PENSTOCK_LISTEN", address)]).is_ok(), sound, "{address}");
    }
}

#[test]
fn what_is_shown_of_the_keys_is_their_names() {
    let variables = [&REQUIRED[..], &[("PENSTOCK_LISTEN", "127.0.0.1:0")]].concat();
    let shown = format!("{:?}", config(&variables).expect("enough").keys);
    assert_eq!(shown, "[\"1\"]");
}

#[test]
fn subscriptions_are_off_unless_they_are_switched_on() {
    let listen = ("PENSTOCK_LISTEN", "127.0.0.1:0");
    let on = [&REQUIRED[..], &[listen, ("PENSTOCK_SUBSCRIPTIONS", "on")]].concat();
    assert!(config(&on).expect("enough").subscriptions);
    assert!(!config(&[&REQUIRED[..], &[listen]].concat()).expect("enough").subscriptions);
}
