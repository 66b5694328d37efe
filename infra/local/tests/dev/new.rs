//! `penstock new tool`, and a host that finds what it wrote.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::timeout;

use super::support::{Dev, dev, fixture, invoke_with, manifest, tool};

/// How long what is run here may take: the kit and all it needs may have to be built.
const PATIENCE: Duration = Duration::from_mins(15);

/// A workspace as a platform team has one: the kit is elsewhere, and `workers` is still empty.
fn workspace() -> TempDir {
    let root = tempfile::tempdir().expect("a folder");
    let repository = repository();
    let kit = repository.join("workers/kit");
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"workers/*\"]\nexclude = [\"workers/scripts\"]\n\
         [workspace.dependencies]\npenstock-kit = {{ path = \"{}\" }}\n\
         [profile.dev]\ndebug = false\n",
        kit.display()
    );
    fs::write(root.path().join("Cargo.toml"), manifest).expect("a file");
    fs::copy(repository.join("Cargo.lock"), root.path().join("Cargo.lock")).expect("a file");
    root
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("a folder")
}

async fn run(program: &str, arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(program);
    // What is built here is built once for all runs of these tests.
    command.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target()).stdin(Stdio::null());
    let Ok(output) = timeout(PATIENCE, command.kill_on_drop(true).output()).await else {
        panic!("waited in vain for {program} {arguments:?}")
    };
    output.expect("it runs")
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("new")
}

async fn new(root: &Path, arguments: &[&str]) -> Output {
    run(env!("CARGO_BIN_EXE_penstock"), &[&["new", "tool"], arguments].concat(), root).await
}

async fn succeeds(program: &str, arguments: &[&str], folder: &Path) {
    let output = run(program, arguments, folder).await;
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
}

/// In the folder of its manifest.
async fn keeps_the_contract(program: &str, folder: &Path) {
    let arguments = ["contract", "--arguments", r#"{"name":"Ada"}"#, "--", program];
    succeeds(env!("CARGO_BIN_EXE_penstock"), &arguments, folder).await;
}

/// The files below `folder`, as far as somebody wrote them.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path);
        }
    }
    found
}

/// What the tool at `lambda` says to a call for Ada.
async fn frames(lambda: &str, tool: &str) -> Vec<Value> {
    let event = json!({
        "method": "tools/call",
        "params": { "name": tool, "arguments": { "name": "Ada" } },
        "context": {
            "requestId": 1,
            "deadlineMs": 4_000_000_000_000_u64,
            "protocolVersion": "2026-07-28",
            "progress": true,
            "clientCapabilities": {},
        },
    });
    let (status, body) = invoke_with(lambda, tool, &event).await;
    assert_eq!(status, 200, "{body}");
    // Runtimes may put HTTP metadata before a stream, and eight NULs after it.
    let frames = body.rsplit('\0').next().unwrap_or_default();
    frames.lines().map(|line| serde_json::from_str(line).expect("a frame")).collect()
}

fn assert_greets(frames: &[Value]) {
    let [first, second, last] = frames else { panic!("two messages and a result: {frames:?}") };
    assert_eq!((&first["progress"]["progress"], &second["progress"]["progress"]), (&json!(1), &json!(2)));
    assert_eq!(last["result"]["structuredContent"], json!({ "greeting": "Hello, Ada!" }), "{last}");
}

#[tokio::test]
async fn a_new_script_passes_its_test_and_a_running_host_serves_it_without_an_edit() {
    let root = workspace();
    let workers = root.path().join("workers");
    fs::create_dir_all(workers.join("scripts")).expect("a folder");
    // As an app beside them may have it: the tools do not depend on what kind of modules others are.
    fs::write(root.path().join("package.json"), r#"{ "type": "module" }"#).expect("a file");
    tool(&workers, "scripts/echo", &manifest("echo"));
    let mut dev = Dev::start(&workers).await;
    let lambda = dev.told("Lambda endpoint").await;
    for (language, name, program, arguments, handler) in [
        ("node", "greet_in_node", "node", ["--test", "."].as_slice(), "index.handler"),
        ("python", "greet-in-python", "python3", ["-B", "-m", "unittest"].as_slice(), "app.handle"),
    ] {
        let output = new(root.path(), &[name, "--lang", language]).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(dev.line().await, format!("added {name}"));
        assert_greets(&frames(&lambda, name).await);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let deploy =
            format!("new McpTool(this, '{name}', {{ gateway, folder: 'workers/scripts/{name}', runtime: Runtime.");
        assert!(said.contains(&deploy) && said.contains(handler), "{said}");
        let folder = workers.join("scripts").join(name);
        succeeds(program, arguments, &folder).await;
        keeps_the_contract("./bootstrap", &folder).await;
        assert_eq!(fs::read_to_string(folder.join("iam.json")).expect("a file"), "[]\n");
    }
}

#[tokio::test]
async fn a_new_crate_passes_its_tests_is_formatted_and_served() {
    let root = workspace();
    let output = new(root.path(), &["greet_in_rust", "--lang", "rust"]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let deploy = "new McpTool(this, 'greet_in_rust', { gateway, folder: 'workers/greet-in-rust/src/greet_in_rust' });";
    assert!(said.contains(deploy), "{said}");
    let style = repository().join("rustfmt.toml").to_str().expect("text").to_owned();
    let main = "workers/greet-in-rust/src/main.rs";
    succeeds("rustfmt", &["--check", "--edition", "2024", "--config-path", &style, main], root.path()).await;
    succeeds("cargo", &["test", "--package", "greet-in-rust"], root.path()).await;

    let workers = root.path().join("workers");
    let program = target().join("debug/greet-in-rust");
    let folder = workers.join("greet-in-rust/src/greet_in_rust");
    succeeds("cargo", &["build", "--package", "greet-in-rust"], root.path()).await;
    keeps_the_contract(program.to_str().expect("text"), &folder).await;
    let mut command = dev(&workers, &fixture("gateway"));
    command.env("CARGO_TARGET_DIR", target());
    let mut dev = Dev::of(command).await;
    let lambda = dev.told("Lambda endpoint").await;
    assert_greets(&frames(&lambda, "greet_in_rust").await);
}

#[tokio::test]
async fn a_name_that_is_bad_or_taken_is_refused_with_the_reason_and_nothing_is_written() {
    let root = workspace();
    let workers = root.path().join("workers");
    fs::create_dir_all(workers.join("scripts/there")).expect("a folder");
    tool(&workers, "scripts/other", &manifest("taken"));
    let before = files(root.path());
    for (arguments, reason) in [
        (vec!["getWeather", "--lang", "node"], "the name holds 'W'; use a-z, 0-9, _ and -"),
        (vec!["penstock-gateway", "--lang", "node"], "is a part of Penstock"),
        (vec!["match", "--lang", "rust"], "match is a keyword of Rust"),
        (vec!["tokio", "--lang", "rust"], "there is a package named tokio"),
        (vec!["there", "--lang", "python"], "workers/scripts/there is there already"),
        (vec!["taken", "--lang", "python"], "workers/scripts/other/tool.json"),
        (vec!["far", "--lang", "rust", "--dir", "elsewhere"], "adding `elsewhere/far` to the `workspace.members`"),
    ] {
        let output = new(root.path(), &arguments).await;
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(reason), "{reason:?} is not in {error}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(files(root.path()), before);
    assert!(!root.path().join("elsewhere").exists());
}

#[tokio::test]
async fn a_script_that_would_break_the_cargo_workspace_is_taken_back() {
    let root = workspace();
    let manifest = root.path().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("a file");
    fs::write(&manifest, text.replace("exclude", "metadata.was")).expect("a file");
    // Cargo takes no pattern that nothing fits, and so would not have taken this workspace before.
    let package = "[package]\nname = \"first\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    fs::create_dir_all(root.path().join("workers/first/src")).expect("a folder");
    fs::write(root.path().join("workers/first/Cargo.toml"), package).expect("a file");
    fs::write(root.path().join("workers/first/src/main.rs"), "fn main() {}\n").expect("a file");
    let output = new(root.path(), &["greet", "--lang", "node"]).await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("with the new tool in it, Cargo does not take the workspace"), "{error}");
    assert!(!root.path().join("workers/scripts").exists());
}

#[tokio::test]
async fn without_a_cargo_workspace_there_are_scripts_in_any_folder_and_no_crates() {
    let root = tempfile::tempdir().expect("a folder");
    let output = new(root.path(), &["greet", "--lang", "python", "--dir", "tools"]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("dev --catalog tools"), "{said}");
    assert!(root.path().join("tools/greet/tool.json").is_file());
    let output = new(root.path(), &["greet", "--lang", "rust"]).await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("a Rust tool is a crate of a Cargo workspace, and there is none here"), "{error}");
}
