//! Configuration: every mistake at once, by name.

use penstock_gateway::auth::Auth;
use penstock_gateway::catalog::Location;
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
    assert_eq!(config.catalog, Location::Folder("/tools".into()));
}

#[test]
fn every_mistake_is_reported_by_the_name_of_its_variable() {
    let error = config(&[
        ("PENSTOCK_AUTH", "off"),
        ("PENSTOCK_KEYS", "1:c2VjcmV0"),
        ("PENSTOCK_LISTEN", "3000"),
        ("PENSTOCK_ALLOWED_ORIGINS", "https://a.example, b.example/path"),
        ("PENSTOCK_SUBSCRIPTIONS", "true"),
        ("PENSTOCK_TOOL_SEARCH", "never"),
        ("AWS_LAMBDA_LOG_LEVEL", "loud"),
    ])
    .expect_err("nine mistakes");
    for part in [
        "PENSTOCK_CATALOG is not set",
        "AWS_LAMBDA_LOG_LEVEL: \"loud\"",
        "PENSTOCK_AUTH: \"off\"",
        "PENSTOCK_KEYS: must be keys",
        "PENSTOCK_STORE_TABLE is not set",
        "PENSTOCK_LISTEN",
        "PENSTOCK_SUBSCRIPTIONS: \"true\" is not \"on\"",
        "PENSTOCK_TOOL_SEARCH: \"never\" is neither a number of tools nor \"off\"",
        "\"b.example/path\"",
    ] {
        assert!(error.contains(part), "{part} in {error}");
    }
}

#[test]
fn tools_can_be_searched_above_a_number_of_them_or_never() {
    for (value, above) in [(None, 100), (Some("0"), 0), (Some("250"), 250), (Some("off"), usize::MAX)] {
        let listen = ("PENSTOCK_LISTEN", "127.0.0.1:0");
        let variables = REQUIRED.into_iter().chain([listen]).chain(value.map(|value| ("PENSTOCK_TOOL_SEARCH", value)));
        let config = config(&variables.collect::<Vec<_>>()).expect("enough");
        assert_eq!(config.tool_search.0, above, "{value:?}");
    }
}

#[test]
fn a_catalog_is_a_folder_or_a_path_of_parameter_store() {
    let catalog = |text: &str| {
        let [_, auth, keys] = REQUIRED;
        config(&[("PENSTOCK_CATALOG", text), auth, keys, ("PENSTOCK_LISTEN", "127.0.0.1:0")])
            .map(|config| config.catalog)
    };
    let Ok(Location::Parameters(path)) = catalog("ssm:/penstock/prod-penstock/tools") else { panic!("no path") };
    assert_eq!(path.as_str(), "/penstock/prod-penstock/tools");
    assert_eq!(catalog("./ssm:/tools"), Ok(Location::Folder("./ssm:/tools".into())));
    for wrong in [
        "ssm:",
        "ssm:/",
        "ssm:tools",
        "ssm:/tools/",
        "ssm://tools",
        "ssm:/to ols",
        "ssm:/tools/*",
        "ssm:/aws/tools",
        "ssm:/SSM-tools",
        "ssm:/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15",
        &*format!("ssm:/{}", "t".repeat(800)),
    ] {
        let error = catalog(wrong).expect_err(wrong);
        assert!(error.contains("PENSTOCK_CATALOG: ") && error.contains("is no path of Parameter Store"), "{error}");
    }
}

#[test]
fn a_gateway_without_authentication_does_not_listen_to_the_network() {
    for (address, sound) in [("127.0.0.1:0", true), ("[::1]:80", true), ("0.0.0.0:80", false), ("10.0.0.1:80", false)] {
        let [catalog, auth, keys] = REQUIRED;
        assert_eq!(config(&[catalog, auth, keys, ("PENSTOCK_LISTEN", address)]).is_ok(), sound, "{address}");
    }
}

/// The least that must be said with OAuth.
const OAUTH: [(&str, &str); 5] = [
    REQUIRED[0],
    REQUIRED[2],
    ("PENSTOCK_AUTH", "oauth"),
    ("PENSTOCK_RESOURCE", "https://mcp.example.com/mcp"),
    ("PENSTOCK_ISSUERS", r#"[{"issuer":"https://login.example.com"}]"#),
];

/// Those variables, with some said otherwise, on an address that everyone reaches.
fn oauth(changes: &[(&str, &str)]) -> Result<Config, String> {
    config(&[changes, &OAUTH, &[("PENSTOCK_LISTEN", "0.0.0.0:80")]].concat())
}

#[test]
fn with_oauth_the_resource_and_its_issuers_must_be_said() {
    let config = oauth(&[]).expect("enough");
    let Auth::OAuth(verifier) = config.auth else { panic!("{:?}", config.auth) };
    assert_eq!(verifier.resource().uri(), "https://mcp.example.com/mcp");
    let error = oauth(&[("PENSTOCK_RESOURCE", ""), ("PENSTOCK_ISSUERS", "")]).expect_err("nothing is said");
    assert!(error.contains("PENSTOCK_RESOURCE is not set; PENSTOCK_ISSUERS is not set"), "{error}");
}

#[test]
fn every_mistake_about_tokens_is_reported_by_the_name_of_its_variable() {
    for (name, value, part) in [
        ("PENSTOCK_RESOURCE", "https://MCP.example.com/mcp", "write \"https://mcp.example.com/mcp\""),
        ("PENSTOCK_RESOURCE", "http://mcp.example.com/mcp", "is no canonical URI"),
        ("PENSTOCK_ISSUERS", "https://login.example.com", "not an array of issuers"),
        ("PENSTOCK_ISSUERS", "[]", "1 to 16 issuers"),
        ("PENSTOCK_ISSUERS", r#"[{"issuer":"http://login.example.com"}]"#, "is no issuer"),
        ("PENSTOCK_ISSUERS", r#"[{"issuer":"https://a.example?b=c"}]"#, "is no issuer"),
        ("PENSTOCK_ISSUERS", r#"[{"issuer":"https://a.example"},{"issuer":"https://a.example"}]"#, "is named twice"),
        ("PENSTOCK_ISSUERS", r#"[{"issuer":"https://a.example","jwksUri":"http://a.example/"}]"#, "is no jwksUri"),
        ("PENSTOCK_ISSUERS", r#"[{"issuer":"https://a.example","clientIds":[]}]"#, "clientIds must name clients"),
        ("PENSTOCK_ISSUERS", r#"[{"issuer":"https://a.example","algorithms":[]}]"#, "algorithms must name some"),
        (
            "PENSTOCK_ISSUERS",
            r#"[{"issuer":"https://a.example","algorithms":["HS256"]}]"#,
            "HS256 signs with a shared secret",
        ),
        ("PENSTOCK_ISSUERS", r#"[{"issuer":"https://a.example","algorithms":["none"]}]"#, "unknown variant `none`"),
        ("PENSTOCK_ISSUERS", r#"[{"issuer":"https://a.example","audience":"a"}]"#, "unknown field `audience`"),
        ("PENSTOCK_AUTHORIZATION_SERVERS", "https://a.example, b.example", "\"b.example\" is no issuer"),
        ("PENSTOCK_SCOPES", "tools:read offline_access", "offline_access is no scope"),
        ("PENSTOCK_SCOPES", "tools:\"read\"", "is no scope"),
        ("PENSTOCK_ORIGIN_SECRETS", "short", "one or two secrets"),
        ("PENSTOCK_CA_BUNDLE", "/no/such/file", "/no/such/file"),
    ] {
        let error = oauth(&[(name, value)]).expect_err(value);
        assert!(error.contains(&format!("{name}: ")) && error.contains(part), "{part} in {error}");
    }
    let together = oauth(&[("PENSTOCK_RESOURCE", "mcp"), ("PENSTOCK_ISSUERS", "{}"), ("PENSTOCK_SCOPES", "\"")]);
    let error = together.expect_err("three mistakes");
    assert_eq!(error.matches("PENSTOCK_").count(), 3, "{error}");
}

#[test]
fn one_or_two_origin_secrets_are_kept_to_themselves() {
    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    let two = format!("{SECRET},another{SECRET}");
    let config = oauth(&[("PENSTOCK_ORIGIN_SECRETS", &two)]).expect("two secrets");
    assert_eq!(format!("{:?}", config.origin_secrets), "OriginSecrets(2)");
    assert!(!format!("{config:?}").contains(SECRET));
    for wrong in [&*format!("{two},{two}"), &SECRET[1..], &format!("{SECRET},"), &format!("{SECRET} {SECRET}")] {
        let error = oauth(&[("PENSTOCK_ORIGIN_SECRETS", wrong)]).expect_err(wrong);
        assert!(!error.contains(&SECRET[1..]), "{error}");
    }
}

#[test]
fn policies_need_callers_they_can_decide_on() {
    let listen = ("PENSTOCK_LISTEN", "127.0.0.1:0");
    let variables = [&REQUIRED[..], &[listen, ("PENSTOCK_POLICIES", "/policies")]].concat();
    let error = config(&variables).expect_err("nobody is known");
    assert!(error.contains("PENSTOCK_POLICIES"), "{error}");
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
