//! Documents on disk.

use std::fs::{self, File};
use std::path::Path;

use serde_json::json;

use crate::support::{complete, missing, part, read, start};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("written");
    }
    folder
}

fn start_in(folder: &Path) -> penstock_kit::testing::Worker {
    start(folder.to_str().expect("a path"), &[])
}

#[test]
fn text_is_text_and_the_rest_is_bytes() {
    let folder = folder(&[("a.md", "# Ä \"quoted\"\n".as_bytes()), ("b.bin", &[0, 255, 1]), ("empty.txt", b"")]);
    let worker = start_in(folder.path());
    assert_eq!(read(&worker, "a.md"), part("a.md", "text/markdown", "text", "# Ä \"quoted\"\n"));
    assert_eq!(read(&worker, "b.bin"), part("b.bin", "application/octet-stream", "blob", "AP8B"));
    assert_eq!(read(&worker, "empty.txt"), part("empty.txt", "text/plain", "text", ""));
}

#[test]
fn text_in_another_character_set_is_sent_as_the_bytes_it_is() {
    let folder = folder(&[("latin.csv", b"caf\xe9;1\n"), ("wide.txt", b"a\0b\0")]);
    let worker = start_in(folder.path());
    assert_eq!(read(&worker, "latin.csv"), part("latin.csv", "text/csv", "blob", "Y2Fm6TsxCg=="));
    assert_eq!(read(&worker, "wide.txt"), part("wide.txt", "text/plain", "blob", "YQBiAA=="));
}

#[test]
fn a_path_that_names_no_file_of_the_folder_is_no_resource() {
    let outer = folder(&[("secret.txt", b"secret")]);
    let inner = outer.path().join("documents");
    fs::create_dir(&inner).expect("made");
    fs::write(inner.join(".env"), "secret").expect("written");
    let worker = start_in(&inner);
    for path in ["none.md", "../secret.txt", "a/../../secret.txt", "..%2fsecret.txt", ".env", "/etc/passwd", ""] {
        assert_eq!(read(&worker, path), missing(path));
    }
}

#[test]
fn a_document_too_large_to_be_streamed_is_refused_with_its_size() {
    let folder = folder(&[]);
    File::create(folder.path().join("film.mp4")).and_then(|file| file.set_len(150_000_001)).expect("a sparse file");
    let error = read(&start_in(folder.path()), "film.mp4")["error"].take();
    let message = "the file has 150000001 bytes, and 150000000 are the most that can be read";
    assert_eq!(error, json!({ "code": -32603, "message": message }));
}

#[test]
fn paths_are_completed_and_samples_are_there() {
    let worker = start(SAMPLES, &[]);
    assert_eq!(complete(&worker, ""), json!(["penstock.svg", "reports/rainfall.csv", "welcome.md"]));
    assert_eq!(complete(&worker, "reports/r"), json!(["reports/rainfall.csv"]));
    assert_eq!(complete(&worker, "../"), json!([]));
    let welcome = read(&worker, "welcome.md")["result"]["contents"][0]["text"].take();
    assert!(welcome.as_str().is_some_and(|text| text.starts_with("# Documents")), "{welcome}");
}

#[test]
fn a_folder_that_is_not_there_ends_the_start_by_name() {
    let exit = start("/no/such/folder", &[]).exit();
    let error = exit.init_error.expect("posted to /runtime/init/error");
    let message = "`template:document` could not be set up: PENSTOCK_DOCUMENTS: /no/such/folder: no such folder";
    assert_eq!(error["errorMessage"], message);
}
