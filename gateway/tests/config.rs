//! Configuration: every mistake at once, by name.

use penstock_gateway::auth::Auth;
use penstock_gateway::config::Config;

fn config(variables: &[(&str, &str)]) -> Result<Config, String> {
    let source = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Config::from_source(source).map_err(|error| error.to_string())
}

#[test]
fn the_least_that_must_be_said() {
    let config = config(&[("PENSTOCK_CATALOG", "/tools"), ("PENSTOCK_AUTH", "none")]).expect("enough");
    assert_eq!((config.auth, config.listen), (Auth::None, None));
    assert_eq!(config.catalog.to_str(), Some("/tools"));
}

#[test]
fn every_mistake_is_reported_by_the_name_of_its_variable() {
    let error = config(&[
        ("PENSTOCK_AUTH", "off"),
        ("PENSTOCK_LISTEN", "3000"),
        ("PENSTOCK_ALLOWED_ORIGINS", "https://a.example, b.example/path"),
        ("AWS_LAMBDA_LOG_LEVEL", "loud"),
    ])
    .expect_err("five mistakes");
    for part in [
        "PENSTOCK_CATALOG is not set",
        "AWS_LAMBDA_LOG_LEVEL: \"loud\"",
        "PENSTOCK_AUTH: \"off\"",
        "PENSTOCK_LISTEN",
        "\"b.example/path\"",
    ] {
        assert!(error.contains(part), "{part} in {error}");
    }
}

#[test]
fn a_gateway_without_authentication_does_not_listen_to_the_network() {
    for (address, sound) in [("127.0.0.1:0", true), ("[::1]:80", true), ("0.0.0.0:80", false), ("10.0.0.1:80", false)] {
        let variables = [("PENSTOCK_CATALOG", "/tools"), ("PENSTOCK_AUTH", "none"), ("PENSTOCK_LISTEN", address)];
        assert_eq!(config(&variables).is_ok(), sound, "{address}");
    }
}
