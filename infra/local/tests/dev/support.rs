//! `penstock dev` with a gateway that needs no build, and a catalog in a temporary folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdout, Command};

const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    let Ok(value) = tokio::time::timeout(PATIENCE, future).await else { panic!("waited in vain for {what}") };
    value
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).join("bootstrap")
}

/// The smallest manifest there is.
pub(crate) fn manifest(name: &str) -> Value {
    let schema = json!({ "type": "object" });
    let definition = json!({ "name": name, "description": "First line.\nSecond line.", "inputSchema": schema });
    json!({ "definition": definition, "timeoutSeconds": 3 })
}

/// A manifest of another kind; `uri` is the name of its URI's member, if it has one.
pub(crate) fn other(kind: &str, name: &str, uri: Option<(&str, &str)>) -> Value {
    let mut manifest = json!({ "kind": kind, "definition": { "name": name, "description": "One. Two." } });
    if let Some((member, uri)) = uri {
        manifest["definition"][member] = json!(uri);
    }
    manifest["timeoutSeconds"] = json!(3);
    manifest
}

/// A folder of workers with one tool.
pub(crate) fn catalog() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    tool(folder.path(), "echo", &manifest("echo"));
    folder
}

/// Adds a tool that `bootstrap` serves.
pub(crate) fn tool(catalog: &Path, folder: &str, manifest: &Value) {
    add(catalog, folder, "tool.json", manifest);
}

/// Adds anything that `bootstrap` serves, in a file called `name`.
pub(crate) fn add(catalog: &Path, folder: &str, name: &str, manifest: &Value) {
    let folder = catalog.join(folder);
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join(name), manifest.to_string()).expect("a manifest");
    symlink(fixture("worker"), folder.join("bootstrap")).expect("a worker");
}

/// The command, on any port.
pub(crate) fn dev(catalog: &Path, gateway: &Path) -> Command {
    dev_on("0", catalog, gateway)
}

pub(crate) fn dev_on(port: &str, catalog: &Path, gateway: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock"));
    command.args(["dev", "--port", port, "--catalog"]).arg(catalog).arg("--gateway").arg(gateway);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The claims of a token.
pub(crate) fn claims(token: &str) -> Value {
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("three parts")).expect("base64url");
    serde_json::from_slice(&claims).expect("JSON")
}

/// Runs a command that ends by itself: how it ended, and its stderr.
pub(crate) async fn refused(mut command: Command) -> (ExitStatus, String) {
    let output = within("the command to end", command.output()).await.expect("it runs");
    (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A running `penstock dev`.
pub(crate) struct Dev {
    pub(crate) child: Child,
    pub(crate) lines: Lines<BufReader<ChildStdout>>,
    pub(crate) address: String,
}

impl Dev {
    pub(crate) async fn start(catalog: &Path) -> Self {
        Self::start_with(catalog, &[]).await
    }

    pub(crate) async fn start_with(catalog: &Path, arguments: &[&str]) -> Self {
        let mut command = dev(catalog, &fixture("gateway"));
        command.args(arguments);
        Self::of(command).await
    }

    /// Runs the command and reads its first line.
    pub(crate) async fn of(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::inherit()).spawn().expect("it runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let first = within("the banner", lines.next_line()).await.expect("text").expect("a line");
        let address = first.strip_prefix("MCP endpoint: http://").and_then(|rest| rest.strip_suffix("/mcp"));
        let address = address.unwrap_or_else(|| panic!("{first:?} names no endpoint")).to_owned();
        Self { child, lines, address }
    }

    /// The rest of the banner.
    pub(crate) async fn banner(&mut self) -> String {
        let mut banner = String::new();
        while !banner.contains("Ctrl-C") {
            let line = within("the banner", self.lines.next_line()).await.expect("text").expect("a line");
            banner.push_str(&line);
            banner.push('\n');
        }
        banner
    }

    /// The environment of the stub that serves `path`.
    pub(crate) async fn environment(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        let start = answer.find('{').expect("an object");
        let end = answer.rfind('}').expect("an object");
        serde_json::from_str(&answer[start..=end]).expect("JSON")
    }

    /// What the gateway answers to `GET target`.
    pub(crate) async fn get(&self, target: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.expect("the endpoint");
        let request = format!("GET {target} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("the endpoint reads");
        let mut answer = String::new();
        within("an answer", stream.read_to_string(&mut answer)).await.expect("text");
        answer
    }

    /// A connection that lasts as long as the gateway's process.
    pub(crate) async fn lifeline(&self) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let port = listener.local_addr().expect("bound").port();
        let answer = self.get(&format!("/?watch={port}")).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        within("the gateway's process", listener.accept()).await.expect("a connection").0
    }

    /// The banner's value of `name`, and the end of the banner.
    pub(crate) async fn told(&mut self, name: &str) -> String {
        let banner = self.banner().await;
        let prefix = format!("{name}: ");
        let value = banner.lines().find_map(|line| line.strip_prefix(&prefix));
        value.unwrap_or_else(|| panic!("{name:?} is not in\n{banner}")).to_owned()
    }

    /// The next line, without the time it names.
    pub(crate) async fn line(&mut self) -> String {
        let line = within("a line", self.lines.next_line()).await.expect("text").expect("a line");
        line.split_once(" (").map_or(line.clone(), |(before, _)| before.to_owned())
    }
}

/// What `function` answers when it is invoked at `lambda`, the URL of a Lambda API: status and body.
pub(crate) async fn invoke(lambda: &str, function: &str) -> (u16, String) {
    invoke_with(lambda, function, &json!({})).await
}

/// [`invoke`] with an event.
pub(crate) async fn invoke_with(lambda: &str, function: &str, event: &Value) -> (u16, String) {
    let mut stream = TcpStream::connect(lambda.trim_start_matches("http://")).await.expect("the endpoint");
    let path = format!("/2015-03-31/functions/{function}/invocations");
    let (event, fields) = (event.to_string(), "HTTP/1.1\r\nHost: here\r\nConnection: close");
    let request = format!("POST {path} {fields}\r\nContent-Length: {}\r\n\r\n{event}", event.len());
    stream.write_all(request.as_bytes()).await.expect("the endpoint reads");
    let mut answer = String::new();
    within("an answer", stream.read_to_string(&mut answer)).await.expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    (head[9..12].parse().expect("a status"), body.to_owned())
}
