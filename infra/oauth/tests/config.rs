//! Every mistake in the configuration is reported at once and by name.

use std::collections::BTreeMap;

use penstock_oauth::config::{Config, ConfigError};

const RIGHT: [(&str, &str); 6] = [
    ("PENSTOCK_OAUTH_ISSUER", "https://mcp.example.com"),
    ("PENSTOCK_RESOURCE", "https://mcp.example.com/mcp"),
    ("PENSTOCK_KEYS", "test:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="),
    ("PENSTOCK_UPSTREAM_ISSUER", "https://cognito-idp.eu-central-1.amazonaws.com/pool"),
    ("PENSTOCK_UPSTREAM_CLIENT_ID", "front"),
    ("PENSTOCK_CLIENT_HOSTS", "*"),
];

fn read(changes: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let mut variables = BTreeMap::from(RIGHT);
    variables.extend(changes.iter().copied());
    Config::from_source(|name| variables.get(name).map(|value| (*value).to_owned()))
}

#[test]
fn what_is_required_is_enough() {
    assert!(read(&[]).is_ok());
}

#[test]
fn every_missing_variable_is_named() {
    let error = Config::from_source(|_| None).expect_err("nothing is set").to_string();
    for (name, _) in RIGHT {
        assert!(error.contains(&format!("{name} is not set")), "{error}");
    }
}

#[test]
fn a_wrong_value_is_named_with_its_variable() {
    let short = "x".repeat(31);
    let wrong = [
        ("PENSTOCK_OAUTH_ISSUER", "https://mcp.example.com/oauth"),
        ("PENSTOCK_OAUTH_ISSUER", "http://mcp.example.com"),
        ("PENSTOCK_OAUTH_ISSUER", "https://mcp.example.com?x"),
        ("PENSTOCK_RESOURCE", "mcp.example.com"),
        ("PENSTOCK_KEYS", "test:AQ=="),
        ("PENSTOCK_UPSTREAM_ISSUER", "http://idp.example"),
        ("PENSTOCK_SCOPES", "a  b"),
        ("PENSTOCK_UPSTREAM_SCOPES", "\""),
        ("PENSTOCK_CLIENT_HOSTS", "https://clients.example/"),
        ("PENSTOCK_CLIENT_HOSTS", "clients.example,"),
        ("PENSTOCK_CLIENT_HOSTS", "10.0.0.1"),
        ("PENSTOCK_CLIENT_HOSTS", "*.example"),
        ("PENSTOCK_CLIENT_HOSTS", "localhost"),
        ("PENSTOCK_CLIENT_HOSTS", "*,127.0.0.1"),
        ("PENSTOCK_ORIGIN_SECRETS", &short),
        ("PENSTOCK_CA_BUNDLE", "/nowhere"),
        ("PENSTOCK_LISTEN", "8080"),
        ("AWS_LAMBDA_LOG_LEVEL", "LOUD"),
    ];
    for (name, value) in wrong {
        let error = read(&[(name, value)]).expect_err(value).to_string();
        assert!(error.contains(name), "{name} {value}: {error}");
    }
}

/// Documents of this machine are for trying things out on this machine.
#[test]
fn this_machine_may_be_a_client_host_only_of_a_front_on_this_machine() {
    for issuer in ["http://127.0.0.1:3000", "http://localhost:3000", "https://localhost"] {
        assert!(
            read(&[("PENSTOCK_OAUTH_ISSUER", issuer), ("PENSTOCK_CLIENT_HOSTS", "*, localhost, 127.0.0.1")]).is_ok()
        );
    }
}

#[test]
fn no_secret_is_printed() {
    let secret = "s".repeat(32);
    let config = read(&[("PENSTOCK_ORIGIN_SECRETS", &secret), ("PENSTOCK_UPSTREAM_CLIENT_SECRET", &secret)]);
    let printed = format!("{:?}", config.expect("in order"));
    assert!(!printed.contains(&secret) && !printed.contains("AQEB"), "{printed}");
}
