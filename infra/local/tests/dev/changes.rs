use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{Dev, fixture, invoke, manifest};

/// A worker in Node that answers with what its file `version.cjs` exports.
const BOOTSTRAP: &str = r#"#!/usr/bin/env node
const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const version = JSON.stringify(require(process.env.SHARED ? "../shared.cjs" : "./version.cjs"));
(async () => {
  for (;;) {
    const next = await fetch(`${api}/next`);
    await next.text();
    const id = next.headers.get("lambda-runtime-aws-request-id");
    await fetch(`${api}/${id}/response`, { method: "POST", body: version });
  }
})();
"#;

fn write(path: &Path, text: &str) {
    // As most editors do it: whoever reads the file never finds half of it.
    let draft = path.with_extension("draft~");
    fs::write(&draft, text).expect("a file");
    fs::rename(draft, path).expect("the file");
}

/// A tool whose function answers `version`.
fn add(catalog: &Path, manifest: &Value, version: u32) -> PathBuf {
    let parked = tempfile::tempdir_in(catalog.parent().expect("a folder")).expect("a folder");
    let name = manifest["definition"]["name"].as_str().expect("a name");
    let folder = parked.path().join(name);
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("tool.json"), manifest.to_string()).expect("a manifest");
    fs::write(folder.join("version.cjs"), format!("module.exports = {version};")).expect("a file");
    fs::write(folder.join("bootstrap"), BOOTSTRAP).expect("a worker");
    fs::set_permissions(folder.join("bootstrap"), fs::Permissions::from_mode(0o755)).expect("a worker");
    fs::rename(&folder, catalog.join(name)).expect("a free name");
    catalog.join(name)
}

/// A folder with the catalog `workers`, which has the tool `one` in version 1.
fn workers() -> (TempDir, PathBuf, PathBuf) {
    let parent = tempfile::tempdir().expect("a folder");
    let catalog = parent.path().canonicalize().expect("a folder").join("workers");
    fs::create_dir(&catalog).expect("a folder");
    let one = add(&catalog, &manifest("one"), 1);
    (parent, catalog, one)
}

/// The definition the gateway reads.
fn published(catalog: &str, name: &str) -> Option<Value> {
    let json = fs::read(Path::new(catalog).join(format!("{name}.json"))).ok()?;
    serde_json::from_slice::<Value>(&json).ok()?.get("definition").cloned()
}

#[tokio::test]
async fn a_changed_script_answers_the_next_call_and_is_named() {
    let (_parent, catalog, one) = workers();
    let mut dev = Dev::start(&catalog).await;
    let lambda = dev.told("Lambda endpoint").await;
    for version in 2..4 {
        assert_eq!(invoke(&lambda, "one").await, (200, (version - 1).to_string()));
        write(&one.join("version.cjs"), &format!("module.exports = {version};"));
        assert_eq!(dev.line().await, "reloaded one");
        assert_eq!(invoke(&lambda, "one").await, (200, version.to_string()));
    }
}

#[tokio::test]
async fn a_new_tool_is_served_and_a_removed_one_is_not() {
    let (parent, catalog, _) = workers();
    let mut dev = Dev::start(&catalog).await;
    let banner = dev.banner().await;
    let told = |name: &str| banner.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
    let (lambda, documents) = (told("Lambda endpoint: "), told("Catalog: "));
    for _ in 0..2 {
        let aside = tempfile::tempdir_in(parent.path()).expect("a folder");
        let folder = add(&catalog, &manifest("two"), 7);
        assert_eq!(dev.line().await, "added two");
        assert_eq!(invoke(lambda, "two").await, (200, "7".to_owned()));
        assert_eq!(published(documents, "two"), Some(manifest("two")["definition"].clone()));
        fs::rename(folder, aside.path().join("two")).expect("the folder");
        assert_eq!(dev.line().await, "removed two");
        assert_eq!(invoke(lambda, "two").await.0, 404);
        assert_eq!(published(documents, "two"), None);
    }
    assert_eq!(invoke(lambda, "one").await, (200, "1".to_owned()));
}

#[tokio::test]
async fn a_broken_manifest_is_named_once_and_its_last_good_version_goes_on() {
    let (_parent, catalog, one) = workers();
    let mut dev = Dev::start(&catalog).await;
    let banner = dev.banner().await;
    let told = |name: &str| banner.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
    let (lambda, documents) = (told("Lambda endpoint: "), told("Catalog: "));
    write(&one.join("tool.json"), "{ \"definition\": {} }");
    let line = dev.line().await;
    assert!(line.starts_with("not reloaded: /") && line.contains("one/tool.json: not a manifest"), "{line}");
    assert_eq!(invoke(lambda, "one").await, (200, "1".to_owned()));
    assert_eq!(published(documents, "one"), Some(manifest("one")["definition"].clone()));
    add(&catalog, &manifest("two"), 2);
    assert_eq!(dev.line().await, "added two");
    let mut better = manifest("one");
    better["definition"]["description"] = json!("Better.");
    write(&one.join("tool.json"), &better.to_string());
    assert_eq!(dev.line().await, "reloaded one");
    assert_eq!(published(documents, "one"), Some(better["definition"].clone()));
}

#[tokio::test]
async fn a_file_several_workers_share_reloads_them_and_one_of_a_worker_that_one_alone() {
    let (_parent, catalog, one) = workers();
    fs::write(catalog.join("shared.cjs"), "module.exports = 10;").expect("a file");
    let mut sharing = manifest("two");
    sharing["environment"] = json!({ "SHARED": "yes" });
    add(&catalog, &sharing, 0);
    let mut dev = Dev::start(&catalog).await;
    let lambda = dev.told("Lambda endpoint").await;
    assert_eq!(invoke(&lambda, "two").await, (200, "10".to_owned()));
    write(&catalog.join("shared.cjs"), "module.exports = 11;");
    assert_eq!([dev.line().await, dev.line().await], ["reloaded one", "reloaded two"]);
    assert_eq!(invoke(&lambda, "two").await, (200, "11".to_owned()));
    write(&one.join("version.cjs"), "module.exports = 5;");
    assert_eq!(dev.line().await, "reloaded one");
    add(&catalog, &manifest("three"), 3);
    assert_eq!(dev.line().await, "added three");
}

#[tokio::test]
async fn what_builds_and_editors_leave_behind_reloads_nothing() {
    let (_parent, catalog, one) = workers();
    let mut dev = Dev::start(&catalog).await;
    dev.banner().await;
    for noise in ["target", "node_modules", "__pycache__", ".cache"] {
        fs::create_dir(one.join(noise)).expect("a folder");
        fs::write(one.join(noise).join("file"), "").expect("a file");
    }
    fs::write(one.join(".version.cjs.swp"), "").expect("a file");
    fs::read(one.join("version.cjs")).expect("the file");
    add(&catalog, &manifest("two"), 2);
    // Had the others been taken for changes, they would stand here.
    assert_eq!(dev.line().await, "added two");
}

#[tokio::test]
async fn a_scope_nobody_can_sign_in_for_yet_is_named() {
    let (_parent, catalog, _) = workers();
    let front = fixture("gateway");
    let mut dev = Dev::start_with(&catalog, &["--auth", "--oauth-front", front.to_str().expect("text")]).await;
    dev.banner().await;
    let mut guarded = manifest("two");
    guarded["scopes"] = json!(["two:read"]);
    add(&catalog, &guarded, 2);
    assert_eq!(dev.line().await, "added two");
    let said = "the scope two:read is new: nobody can sign in for it before a restart";
    assert_eq!(dev.line().await, said);
}
