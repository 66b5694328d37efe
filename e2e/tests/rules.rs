//! No rule is forgotten: each one the specification demands or recommends is named by a test that
//! proves it, or listed in docs/protocol.md with the reason why it does not apply.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use penstock_e2e::binaries::workspace;

/// Rules that the specification states with MUST or SHOULD, by the ids of docs/protocol.md.
const RULES: &str = "
    H-1 H-2 H-3 H-4 H-5 H-8 H-10 H-11 H-12 H-13 H-14 H-15 H-16 H-18 H-19 H-20
    E-1 E-2 E-3
    M-1 M-2 M-3 M-4 M-5 M-6 M-7 M-8
    D-1 D-2 D-3 D-4
    R-1 R-2 R-3 R-4 R-5 R-6 R-7 R-8 R-9 R-10 R-11 R-12 R-13
    T-1 T-2 T-3 T-4 T-5 T-6 T-7 T-9 T-10
    Q-1 Q-2 Q-3 Q-4 Q-5 Q-6 Q-8 Q-9 Q-10
    U-1 U-2 U-3
    K-1 K-2 K-3 K-4 K-5 K-6 K-7 K-8 K-9
    A-1 A-2 A-3 A-4 A-5 A-6 A-7 A-9 A-10
    S-1 S-2 S-4 S-5 X-1
    L-2 L-3 L-4 L-8 L-10 L-11 L-13 L-14
";

/// The heading of the table of exceptions in docs/protocol.md.
const EXCEPTIONS: &str = "## Rules that do not apply, or not yet";

#[test]
fn every_rule_is_named_by_a_test_or_excepted_with_a_reason() {
    let tested = ids(&tests(&workspace()));
    let page = std::fs::read_to_string(workspace().join("docs/protocol.md")).expect("docs/protocol.md");
    let (kept, exceptions) = page.split_once(EXCEPTIONS).expect("the page has a table of exceptions");
    let (kept, excepted) = (first_cells(kept), first_cells(exceptions));
    for rule in RULES.split_whitespace() {
        assert!(kept.contains(rule) || excepted.contains(rule), "{rule} is missing in docs/protocol.md");
        assert!(tested.contains(rule) || excepted.contains(rule), "no test names {rule}, and it is no exception");
    }
    let forgotten: Vec<_> = excepted.intersection(&kept).collect();
    assert!(forgotten.is_empty(), "kept and excepted at once: {forgotten:?}");
    let unfounded: Vec<_> = kept.difference(&tested).collect();
    assert!(unfounded.is_empty(), "docs/protocol.md says they are kept; no test names them: {unfounded:?}");
}

/// The text of every test there is: files below a `tests` folder, and what stands behind `#[cfg(test)]`.
fn tests(workspace: &Path) -> String {
    let mut text = String::new();
    let mut folders: Vec<PathBuf> =
        ["protocol", "gateway", "workers", "infra", "e2e"].map(|name| workspace.join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() && name != "target" && name != "node_modules" {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && name != "rules.rs" {
                let source = std::fs::read_to_string(&path).expect("source is text");
                let is_test = path.components().any(|part| part.as_os_str() == "tests") || name == "tests.rs";
                text.push_str(if is_test {
                    &source
                } else {
                    source.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests)
                });
            }
        }
    }
    text
}

/// Every rule id that stands in `text`.
fn ids(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '-');
    words.filter(|word| is_id(word)).map(str::to_owned).collect()
}

/// The rule ids in the first cells of the tables in `page`.
fn first_cells(page: &str) -> BTreeSet<String> {
    page.lines().filter_map(|line| line.strip_prefix("| ")?.split('|').next()).flat_map(ids).collect()
}

/// A capital letter, a hyphen and a number.
fn is_id(word: &str) -> bool {
    word.split_once('-').is_some_and(|(letter, number)| {
        matches!(letter.as_bytes(), [b'A'..=b'Z'])
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
