use std::net::Ipv4Addr;
use std::time::{Duration, SystemTime};

use penstock_store::{Store as _, StoreError, When, Write};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{TABLE, store};

/// Takes one request on `listener`, answers `answer` to it, and says what it was: head and body.
async fn serve(listener: TcpListener, answer: &str) -> anyhow::Result<(String, Value)> {
    let (mut stream, _) = listener.accept().await?;
    let (head, body) = read(&mut stream).await?;
    let length = answer.len();
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}");
    stream.write_all(answer.as_bytes()).await?;
    Ok((head, body))
}

async fn read(stream: &mut TcpStream) -> anyhow::Result<(String, Value)> {
    let mut received = Vec::new();
    loop {
        stream.read_buf(&mut received).await?;
        let text = String::from_utf8_lossy(&received);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if length == Some(body.len()) {
            return Ok((head, serde_json::from_str(body)?));
        }
    }
}

async fn listener() -> anyhow::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

#[tokio::test]
async fn a_read_is_strongly_consistent() -> anyhow::Result<()> {
    let (listener, url) = listener().await?;
    let store = store(&url);
    let (answer, request) = tokio::join!(store.get("test/key"), serve(listener, "{}"));
    assert_eq!(answer, Ok(None));
    let (head, body) = request?;
    assert!(head.contains("x-amz-target: dynamodb_20120810.getitem"), "{head}");
    assert_eq!(body, json!({ "TableName": TABLE, "Key": { "pk": { "S": "test/key" } }, "ConsistentRead": true }));
    Ok(())
}

/// What a deployment's table, its time to live and the local endpoint rely on.
#[tokio::test]
async fn a_write_has_a_key_a_value_a_version_an_expiry_and_its_condition() -> anyhow::Result<()> {
    let expires = SystemTime::UNIX_EPOCH + Duration::from_millis(4_102_444_800_001);
    for (when, condition) in [
        (When::Always, None),
        (When::Absent, Some("attribute_not_exists(pk) OR expires <= :now")),
        (When::Version(7), Some("version = :version AND expires > :now")),
    ] {
        let (listener, url) = listener().await?;
        let store = store(&url);
        let write = Write { value: "value".into(), when, expires };
        let (answer, request) = tokio::join!(store.put("test/key", write), serve(listener, "{}"));
        assert_eq!(answer, Ok(true));
        let (head, body) = request?;
        assert!(head.contains("x-amz-target: dynamodb_20120810.putitem"), "{head}");
        let item = &body["Item"];
        assert_eq!(item["pk"], json!({ "S": "test/key" }));
        assert_eq!(item["v"], json!({ "B": "dmFsdWU=" }));
        assert_eq!(item["expires"], json!({ "N": "4102444801" }), "rounded up");
        let version = item["version"]["N"].as_str().unwrap_or_default();
        assert!(version.parse::<u64>().is_ok(), "{item}");
        assert_eq!(body["ConditionExpression"].as_str(), condition);
        assert_eq!(body["ReturnValuesOnConditionCheckFailure"].as_str(), condition.map(|_| "ALL_OLD"));
    }
    Ok(())
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_says_so_without_the_item() -> anyhow::Result<()> {
    let (listener, url) = listener().await?;
    drop(listener);
    let write = Write { value: "secret".into(), when: When::Always, expires: SystemTime::now() };
    match store(&url).put("test/key", write).await {
        Err(StoreError::Unavailable(reason)) => {
            assert!(!reason.contains("test/key") && !reason.contains("secret"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    Ok(())
}
