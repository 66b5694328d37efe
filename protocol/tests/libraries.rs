//! The manifest of a library: what it may say, and what it may not.

use std::time::Duration;

use penstock_protocol::manifest::{Definition, Kind, Manifest, ManifestError};
use serde_json::{Value, json};

fn library(kind: &str, member: &str, value: Value) -> Value {
    let mut manifest = json!({ "kind": kind, "definition": { "name": "ours" }, "timeoutSeconds": 10 });
    manifest[member] = value;
    manifest
}

fn parse(manifest: &Value) -> Result<(Manifest, Definition), ManifestError> {
    Manifest::parse(manifest.to_string().as_bytes())
}

#[test]
fn a_library_has_a_name_of_its_own_and_a_listing_that_is_good_for_a_minute() {
    for (kind, id) in [("promptLibrary", "prompts:ours"), ("resourceLibrary", "resources:ours")] {
        let full = json!({ "name": "ours", "title": "Ours", "description": "All we have." });
        let (manifest, definition) = parse(&library(kind, "definition", full)).expect("a manifest");
        assert!(manifest.kind.is_library());
        assert_eq!((definition.id().as_str(), definition.description()), (id, Some("All we have.")));
        assert_eq!(manifest.listing_ttl(), Duration::from_mins(1));
    }
    assert_eq!(Kind::PromptLibrary.id("x"), "prompts:x");
}

#[test]
fn a_listing_is_good_for_a_second_to_a_day() {
    for (ttl, fits) in [(999, false), (1000, true), (86_400_000, true), (86_400_001, false)] {
        let parsed = parse(&library("promptLibrary", "cache", json!({ "ttlMs": ttl })));
        assert_eq!(
            parsed.is_ok_and(|(manifest, _)| manifest.listing_ttl() == Duration::from_millis(ttl)),
            fits,
            "{ttl}"
        );
    }
    let refused = parse(&library("resourceLibrary", "cache", json!({ "ttlMs": 0 }))).expect_err("out of bounds");
    assert!(refused.to_string().contains("`cache.ttlMs` is 0"), "{refused}");
}

#[test]
fn what_means_nothing_for_a_library_is_refused() {
    for (kind, member, value) in [
        ("resourceLibrary", "completes", json!(true)),
        ("promptLibrary", "task", json!("optional")),
        ("promptLibrary", "contract", json!("arguments")),
        ("promptLibrary", "definition", json!({ "name": "ours", "arguments": [] })),
        ("resourceLibrary", "definition", json!({ "name": "ours", "uri": "x:1" })),
        ("promptLibrary", "definition", json!({ "name": "two words" })),
    ] {
        assert!(parse(&library(kind, member, value.clone())).is_err(), "{kind} {member} {value}");
    }
    assert!(parse(&library("promptLibrary", "completes", json!(true))).is_ok());
    assert!(parse(&library("promptLibrary", "contract", json!("event"))).is_ok());
}
