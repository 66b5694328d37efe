//! `document://{+path}`: files as resources, however large.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::StreamExt as _;
use penstock_e2e::{Access, Penstock, http, memory, requests};
use rmcp::model::{ReadResourceRequestParams, ResourceContents};
use rstest::rstest;
use serde_json::{Value, json};

use crate::client;

/// What a large document repeats. Three divide its length, so that its base64 repeats too.
const RECORD: &str =
    "{\"level\":\"info\",\"text\":\"the quick brown fox jumps over the lazy dog, again and again, truly\"}\r\n\n";

/// The largest document there can be: 150 MB.
const SIZE: usize = 150_000_000;

/// What a worker may hold in memory, and what the gateway may grow by, in bytes.
const WORKER: u64 = 64 * 1024 * 1024;
const GATEWAY: u64 = 8 * 1024 * 1024;

#[rstest]
#[tokio::test]
async fn samples_are_listed_read_and_completed(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let client = client::connect(&penstock).await?;
    let templates = client.list_all_resource_templates().await?;
    assert!(templates.iter().any(|template| template.uri_template == "document://{+path}"), "{templates:?}");
    let paths = client.complete_resource_simple("document://{+path}", "path", "reports/").await?;
    assert_eq!(paths, ["reports/rainfall.csv"]);
    let read = client.read_resource(ReadResourceRequestParams::new("document://reports/rainfall.csv")).await?;
    match &read.contents[..] {
        [ResourceContents::TextResourceContents { text, mime_type, .. }] => {
            assert!(text.starts_with("month,millimetres\n"), "{text}");
            assert_eq!(mime_type.as_deref(), Some("text/csv"));
        }
        other => panic!("{other:?}"),
    }
    assert!(client.read_resource(ReadResourceRequestParams::new("document://../Cargo.toml")).await.is_err());
    client.cancel().await?;
    Ok(())
}

/// E-4 and the size Lambda streams: 150 MB pass as text and as bytes, and neither worker nor gateway holds them.
#[tokio::test]
async fn a_document_of_150_megabytes_streams_in_bounded_memory() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    for name in ["large.jsonl", "large.bin"] {
        write_large(&folder.path().join(name))?;
    }
    std::fs::write(folder.path().join("small.txt"), "small")?;
    let location = folder.path().to_str().context("a path in UTF-8")?;
    let environment = [("PENSTOCK_DOCUMENTS", location)];
    let penstock = Penstock::configured(&[], &environment).await?;
    read(&penstock, "small.txt", b"small", 5).await?;
    let before = memory::peak(&penstock, "penstock-gateway")?;

    let record = serde_json::to_string(RECORD)?.into_bytes();
    let length = record.len() - 2;
    read(&penstock, "large.jsonl", &record[1..=length], SIZE / RECORD.len() * length).await?;
    read(&penstock, "large.bin", STANDARD.encode(RECORD).as_bytes(), SIZE / 3 * 4).await?;

    let worker = memory::peak(&penstock, "penstock-documents")?;
    assert!(worker <= WORKER, "the worker held {worker} bytes");
    let grown = memory::peak(&penstock, "penstock-gateway")? - before;
    assert!(grown < GATEWAY, "the gateway grew by {grown} bytes");
    Ok(())
}

fn write_large(path: &Path) -> std::io::Result<()> {
    let records = RECORD.repeat(SIZE / RECORD.len() / 100);
    let mut file = BufWriter::new(File::create(path)?);
    (0..100).try_for_each(|_| file.write_all(records.as_bytes()))?;
    file.flush()
}

/// Reads a document, whose content has to be `length` bytes of JSON in which `repeated` repeats.
async fn read(penstock: &Penstock, name: &str, repeated: &[u8], length: usize) -> anyhow::Result<()> {
    let mut request = requests::request(1, "resources/read");
    request["params"]["uri"] = json!(format!("document://{name}"));
    let mut body =
        http::post(&http::client(), penstock.url(), &request).send().await?.error_for_status()?.bytes_stream();
    let (mut around, mut content) = (Vec::new(), Content::new(repeated, length));
    while let Some(chunk) = body.next().await {
        content.take(chunk?, &mut around)?;
    }
    ensure!(content.left == 0, "{name} ends {} bytes early", content.left);
    let around = String::from_utf8(around)?;
    let message: Value =
        serde_json::from_str(around.lines().find_map(|line| line.strip_prefix("data: ")).unwrap_or(&around))?;
    ensure!(message["result"]["contents"][0]["uri"] == format!("document://{name}"), "{message}");
    Ok(())
}

/// The content on its way: between the quotes after its name, and as it has to be.
struct Content {
    repeated: Vec<u8>,
    left: usize,
    at: usize,
    begun: bool,
}

impl Content {
    fn new(repeated: &[u8], left: usize) -> Self {
        // Long enough for few comparisons; two of them, so that a piece can begin anywhere in the first.
        Self { repeated: repeated.repeat(1 + 256 * 1024 / repeated.len()), left, at: 0, begun: false }
    }

    /// Takes the content out of a chunk and compares it; leaves the rest in `around`.
    fn take(&mut self, mut chunk: Bytes, around: &mut Vec<u8>) -> anyhow::Result<()> {
        if !self.begun {
            let head = around.len().saturating_sub(16);
            around.extend_from_slice(&chunk);
            let opened = [&b"\"text\":\""[..], b"\"blob\":\""].into_iter().find_map(|name| {
                Some(head + around[head..].windows(name.len()).position(|window| window == name)? + name.len())
            });
            let Some(opened) = opened else { return Ok(()) };
            self.begun = true;
            chunk = around.split_off(opened).into();
        }
        while self.left > 0 && !chunk.is_empty() {
            let piece = chunk.split_to(chunk.len().min(self.left).min(self.repeated.len() - self.at));
            ensure!(piece == self.repeated[self.at..self.at + piece.len()], "{} bytes before its end", self.left);
            self.left -= piece.len();
            self.at = (self.at + piece.len()) % self.repeated.len();
        }
        around.extend_from_slice(&chunk);
        Ok(())
    }
}
