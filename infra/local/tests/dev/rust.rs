use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::support::{Dev, invoke, manifest};

/// A worker that needs no crate: it answers every call with `shared::ANSWER` and `OWN`.
const MAIN: &str = r#"
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

const OWN: &str = "one";

fn exchange(request: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let mut id = String::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() { break }
        if let Some((name, value)) = line.split_once(": ") {
            if name.eq_ignore_ascii_case("lambda-runtime-aws-request-id") { id = value.trim().to_owned() }
        }
    }
    let mut body = Vec::new();
    reader.read_to_end(&mut body).unwrap();
    (id, body)
}

fn main() {
    let path = "/2018-06-01/runtime/invocation";
    loop {
        let (id, _) = exchange(&format!("GET {path}/next HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"));
        let body = format!("\"{} {OWN}\"", shared::ANSWER);
        let length = body.len();
        exchange(&format!("POST {path}/{id}/response HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"));
    }
}
"#;

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// A Rust worker below `workers`, with the tool of its name.
fn add(root: &Path, name: &str) {
    let package = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    let dependency = "[dependencies]\nshared = { path = \"../../shared\" }\n";
    // In one step, or it might be looked at half done.
    let folder = root.join("draft");
    write(&folder.join("tool.json"), &manifest(name).to_string());
    write(&folder.join("src/main.rs"), &MAIN.replace("\"one\"", &format!("\"{name}\"")));
    write(&folder.join("Cargo.toml"), &format!("{package}{dependency}"));
    fs::create_dir_all(root.join("workers")).expect("a folder");
    fs::rename(folder, root.join("workers").join(name)).expect("a free name");
}

/// A workspace with the workers `one` and `two` and a crate they share.
fn workspace() -> TempDir {
    let root = tempfile::tempdir().expect("a folder");
    write(&root.path().join("Cargo.toml"), "[workspace]\nresolver = \"2\"\nmembers = [\"shared\", \"workers/*\"]\n");
    write(
        &root.path().join("shared/Cargo.toml"),
        "[package]\nname = \"shared\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    );
    write(&root.path().join("shared/src/lib.rs"), "pub const ANSWER: &str = \"old\";\n");
    add(root.path(), "one");
    add(root.path(), "two");
    root
}

#[tokio::test]
async fn rust_workers_are_rebuilt_with_what_they_share_and_only_the_changed_ones_replaced() {
    let root = workspace();
    let main = |name: &str| root.path().join("workers").join(name).join("src/main.rs");
    let mut dev = Dev::start(&root.path().join("workers")).await;
    let lambda = dev.told("Lambda endpoint").await;
    assert_eq!(invoke(&lambda, "one").await, (200, r#""old one""#.to_owned()));

    write(&main("one"), &MAIN.replace("\"one\"", "\"1\""));
    assert_eq!(dev.line().await, "reloaded one");
    assert_eq!(invoke(&lambda, "one").await, (200, r#""old 1""#.to_owned()));

    write(&root.path().join("shared/src/lib.rs"), "pub const ANSWER: &str = \"new\";\n");
    assert_eq!([dev.line().await, dev.line().await], ["reloaded one", "reloaded two"]);
    assert_eq!(invoke(&lambda, "two").await, (200, r#""new two""#.to_owned()));

    add(root.path(), "three");
    assert_eq!(dev.line().await, "added three");
    assert_eq!(invoke(&lambda, "three").await, (200, r#""new three""#.to_owned()));
}

#[tokio::test]
async fn a_worker_that_does_not_build_goes_on_as_it_was_and_holds_up_no_other() {
    let root = workspace();
    let one = root.path().join("workers/one");
    let mut dev = Dev::start(&root.path().join("workers")).await;
    let lambda = dev.told("Lambda endpoint").await;
    write(&one.join("src/main.rs"), "fn main() { this does not compile }");
    let line = dev.line().await;
    assert!(line.starts_with("not reloaded: /") && line.ends_with("one/Cargo.toml: the build failed"), "{line}");
    assert_eq!(invoke(&lambda, "one").await, (200, r#""old one""#.to_owned()));

    write(&root.path().join("workers/two/src/main.rs"), &MAIN.replace("\"one\"", "\"2\""));
    assert_eq!(dev.line().await, "reloaded two");
    assert_eq!(invoke(&lambda, "two").await, (200, r#""old 2""#.to_owned()));

    write(&one.join("src/main.rs"), &MAIN.replace("\"one\"", "\"1\""));
    assert_eq!(dev.line().await, "reloaded one");
    assert_eq!(invoke(&lambda, "one").await, (200, r#""old 1""#.to_owned()));
}
