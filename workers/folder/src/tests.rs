use std::fs;

use futures_util::TryStreamExt as _;

use super::{FileError, Folder, OpenError};

/// A folder with files, some of which are nobody's business.
async fn folder() -> (tempfile::TempDir, Folder) {
    let disk = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("files/readme.md", "read me"),
        ("files/guides/one.md", "one"),
        ("files/guides/two words.md", "two"),
        ("files/guides/über 100%.md", "three"),
        ("files/.env", "secret"),
        ("files/.git/config", "secret"),
        ("outside.md", "secret"),
    ] {
        let path = disk.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    let files = disk.path().join("files");
    let folder = Folder::open(files.to_str().expect("a path")).await.expect("a folder");
    (disk, folder)
}

#[tokio::test]
async fn files_are_read_by_their_names() {
    let (_disk, folder) = folder().await;
    for (name, text) in [
        ("readme.md", "read me"),
        ("guides/one.md", "one"),
        ("guides/two words.md", "two"),
        ("guides/über 100%.md", "three"),
    ] {
        let file = folder.file(name).await.expect(name);
        assert_eq!((&*file.entry.name, file.entry.size), (name, text.len() as u64));
        assert!(file.entry.version.is_some());
        let chunks: Vec<_> = file.into_chunks().try_collect().await.expect("readable");
        assert_eq!(chunks.concat(), text.as_bytes());
    }
}

#[tokio::test]
async fn no_name_leads_out_of_the_folder_or_to_what_is_hidden() {
    let (_disk, folder) = folder().await;
    for name in [
        "../outside.md",
        "guides/../../outside.md",
        "guides/../readme.md",
        "./readme.md",
        "..",
        ".",
        "",
        "/",
        "//readme.md",
        "guides//one.md",
        "/etc/passwd",
        "%2e%2e/outside.md",
        "..%2foutside.md",
        "..\\outside.md",
        "readme.md\0",
        "guides",
        "guides/",
        ".env",
        ".git/config",
        "none.md",
    ] {
        assert_eq!(folder.file(name).await.err(), Some(FileError::Missing), "{name:?}");
    }
}

#[tokio::test]
async fn a_list_holds_what_begins_alike_and_nothing_hidden() {
    let (_disk, folder) = folder().await;
    let names = async |beginning: &str| -> Vec<String> {
        folder.list(beginning).await.expect("a list").into_iter().map(|entry| entry.name).collect()
    };
    assert_eq!(names("").await, ["guides/one.md", "guides/two words.md", "guides/über 100%.md", "readme.md"]);
    assert_eq!(names("guides/t").await, ["guides/two words.md"]);
    for beginning in ["x", ".", ".g", "../", "guides/../", "none/", "//"] {
        assert_eq!(names(beginning).await, [""; 0], "{beginning:?}");
    }
}

#[tokio::test]
async fn a_file_is_read_whole_only_up_to_a_limit() {
    let (_disk, folder) = folder().await;
    let file = async || folder.file("readme.md").await.expect("a file");
    assert_eq!(file().await.read(7).await.expect("short enough"), b"read me");
    assert_eq!(file().await.read(6).await, Err(FileError::TooLarge { size: 7, limit: 6 }));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let error = Folder::open("/no/such/folder").await.expect_err("no folder");
    assert_eq!(error.to_string(), "/no/such/folder: no such folder");
    let error = Folder::open("s3://bucket/a/../b").await.expect_err("no prefix");
    assert!(matches!(error, OpenError::Location(_)), "{error}");
}
