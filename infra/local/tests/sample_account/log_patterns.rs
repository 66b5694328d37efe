//! Filter patterns of `FilterLogEvents`.

use crate::ask::{account, messages, post_search, search, with};
use penstock::sample_account::SampleAccount;
use serde_json::{Value, json};

/// Some hours of the log.
struct Log {
    account: SampleAccount,
    lines: Vec<String>,
}

impl Log {
    async fn new() -> Self {
        let account = account().await;
        let lines = messages(&account, &search(2)).await;
        Self { account, lines }
    }

    /// Checks that a pattern finds exactly the lines `expected` holds of, and some.
    async fn finds(&self, pattern: &str, expected: impl Fn(&str) -> bool) {
        let expected: Vec<_> = self.lines.iter().filter(|line| expected(line)).collect();
        let found = messages(&self.account, &with(search(2), "filterPattern", json!(pattern))).await;
        assert_eq!(found.len(), expected.len(), "{pattern}");
        assert!(found.iter().eq(expected), "{pattern}");
        assert!(!found.is_empty(), "{pattern}");
    }
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_default()
}

#[tokio::test]
async fn terms_have_to_be_there_in_their_own_case() {
    let log = Log::new().await;
    log.finds("", |_| true).await;
    log.finds("ERROR", |line| line.contains("ERROR")).await;
    log.finds("WARN answered", |line| line.contains("WARN") && line.contains("answered")).await;
    log.finds(r#""Task timed out""#, |line| line.contains("Task timed out")).await;
    log.finds(r#""\"level\":\"WARN\"""#, |line| line.contains(r#""level":"WARN""#)).await;
    assert_eq!(messages(&log.account, &with(search(2), "filterPattern", json!("error"))).await, [""; 0]);
}

#[tokio::test]
async fn terms_can_be_excluded_and_phrases_too() {
    let log = Log::new().await;
    log.finds("-INFO", |line| !line.contains("INFO")).await;
    log.finds(r#"RequestId -"START RequestId""#, |line| {
        line.contains("RequestId") && !line.contains("START RequestId")
    })
    .await;
}

#[tokio::test]
async fn one_of_several_optional_terms_is_enough_unless_others_decide() {
    let log = Log::new().await;
    log.finds(r#"?ERROR ?"timed out""#, |line| line.contains("ERROR") || line.contains("timed out")).await;
    log.finds("?ERROR WARN", |line| line.contains("WARN")).await;
}

#[tokio::test]
async fn members_of_json_lines_can_be_compared() {
    let log = Log::new().await;
    log.finds(r#"{ $.level = "ERROR" }"#, |line| parsed(line)["level"] == "ERROR").await;
    log.finds("{ $.level = ERR* }", |line| parsed(line)["level"] == "ERROR").await;
    log.finds(r#"{$.message = "*provider*slow"}"#, |line| parsed(line)["message"] == "payment provider is slow").await;
    log.finds(r#"{ $.level != "INFO" }"#, |line| line.starts_with('{') && parsed(line)["level"] != "INFO").await;
    log.finds("{ $.attempt = 2 }", |line| parsed(line)["attempt"] == 2).await;
    log.finds("{ $.order.cents >= 20000 }", |line| parsed(line)["order"]["cents"].as_u64() >= Some(20_000)).await;
    log.finds("{ $.order NOT EXISTS || $.order.cents < 600 }", |line| {
        parsed(line)["order"]["cents"].as_u64().is_some_and(|cents| cents < 600)
    })
    .await;
}

#[tokio::test]
async fn conditions_are_joined_and_binds_before_or() {
    let log = Log::new().await;
    let is =
        |line: &str, level: &str, attempt: u64| parsed(line)["level"] == level && parsed(line)["attempt"] == attempt;
    log.finds(r#"{ $.level = "WARN" || $.level = "ERROR" && $.attempt = 1 }"#, |line| {
        parsed(line)["level"] == "WARN" || is(line, "ERROR", 1)
    })
    .await;
    log.finds(r#"{ ($.level = "WARN" || $.level = "ERROR") && ($.attempt = 1) }"#, |line| {
        is(line, "WARN", 1) || is(line, "ERROR", 1)
    })
    .await;
}

#[tokio::test]
async fn patterns_that_cannot_be_read_are_refused_with_the_place() {
    let account = account().await;
    for (pattern, named) in [
        ("Status: 500", "Invalid character(s) in term ':'"),
        ("payment-provider", "Invalid character(s) in term '-'"),
        ("ERROR -", "missing"),
        (r#""timed out"#, "not closed"),
        ("[level, message]", "space-delimited"),
        ("%ERROR%", "regular expressions"),
        ("{ $.level }", "'}'"),
        ("{ level = 1 }", "'level = 1 }'"),
        (r#"{ $.level = "ERROR""#, "''"),
        ("{ $.order.cents > many }", "from"),
        (&format!("{{ {}$.a = 1{} }}", "(".repeat(17), ")".repeat(17)), "from"),
    ] {
        let (status, answer) = post_search::<Value>(&account, &with(search(1), "filterPattern", json!(pattern))).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("InvalidParameterException")), "{pattern}");
        assert!(answer["message"].as_str().is_some_and(|message| message.contains(named)), "{pattern}: {answer}");
    }
}
