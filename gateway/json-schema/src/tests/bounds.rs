use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Instance, Violation, checked, compiled};
use crate::Unreadable;
use crate::instance::MAX_VALUES;

/// The stack tokio gives a worker thread.
const STACK: usize = 2 * 1024 * 1024;

fn nested(levels: usize, innermost: &str) -> String {
    format!("{}{innermost}{}", "[".repeat(levels), "]".repeat(levels))
}

fn array(items: impl Iterator<Item = String>) -> String {
    let mut text = String::from("[");
    for (at, item) in items.enumerate() {
        let _ = write!(text, "{}{item}", if at == 0 { "" } else { "," });
    }
    text + "]"
}

/// A schema with `length` subschemas in a row for each level of arrays.
fn row(length: usize) -> Value {
    let mut definitions =
        json!({ "d0": { "items": { "$ref": format!("#/$defs/d{}", length - 1) }, "not": { "const": 1 } } });
    for at in 1..length {
        definitions[format!("d{at}")] = json!({ "$ref": format!("#/$defs/d{}", at - 1) });
    }
    json!({ "$ref": format!("#/$defs/d{}", length - 1), "$defs": definitions })
}

fn on_a_worker_thread<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread");
    thread.join().expect("no panic")
}

/// R-10, S-7: what follows from a schema and a document together stays on the stack, whether it conforms or not.
#[test]
fn the_stack_holds_the_deepest_document_that_is_looked_at() {
    for length in [2, 5, 20, 60] {
        let verdicts = on_a_worker_thread(move || {
            let schema = compiled(&row(length)).expect("a schema");
            (0..126)
                .map(|levels| schema.check(&Instance::parse(&nested(levels, "1")).expect("readable")))
                .collect::<Vec<_>>()
        });
        assert!(matches!(verdicts[0], Err(Violation::Nonconforming(_))), "{length}: {:?}", verdicts[0]);
    }
}

/// S-7: the work for each level doubles, so that no bound on the size of either would help.
#[test]
fn work_that_multiplies_with_the_depth_is_stopped() {
    let both = json!({ "items": { "$ref": "#/$defs/t" } });
    let schema = json!({
        "$ref": "#/$defs/t",
        "$defs": { "t": { "type": "array", "allOf": [both, both] } },
    });
    assert_eq!(checked(&schema, &nested(60, "")), Ok(()));
    assert!(matches!(checked(&schema, &nested(60, "1")), Err(Violation::Nonconforming(_))));
}

/// S-7: arrays that differ only in where their brackets are share the hash validators like to use.
#[test]
fn elements_made_to_look_alike_are_told_apart_in_no_more_time_than_others() {
    let bracket =
        |at: usize| {
            (0..11).fold("1".to_owned(), |inner, bit| {
                if at >> bit & 1 == 1 { format!("[{inner},[]]") } else { format!("[[],{inner}]") }
            })
        };
    let schema = json!({ "uniqueItems": true });
    assert_eq!(checked(&schema, &array((0..2_048).map(bracket))), Ok(()));
    assert!(checked(&schema, &array((0..2_048).chain([77]).map(bracket))).is_err());
    assert_eq!(checked(&schema, &array((0..90_000).map(|at| at.to_string()))), Ok(()));
}

#[test]
fn looking_for_every_element_in_a_long_list_is_stopped() {
    let alternatives: Vec<_> = (0..900).map(|at| json!({ "const": { "id": at } })).collect();
    let schema = json!({ "items": { "anyOf": alternatives } });
    assert_eq!(checked(&schema, r#"[{"id":899}]"#), Ok(()));
    assert_eq!(checked(&schema, &array((0..40_000).map(|_| r#"{"id":899}"#.to_owned()))), Err(Violation::TooComplex));
}

#[test]
fn matching_patterns_with_long_texts_is_stopped() {
    let schema = json!({ "properties": { "a": { "pattern": "^[ab]*a[ab]{1000}c", "maxLength": 4_000_000 } } });
    let document = |length: usize| json!({ "a": "a".repeat(length) }).to_string();
    assert!(matches!(checked(&schema, &document(1_000)), Err(Violation::Nonconforming(_))));
    assert_eq!(checked(&schema, &document(1_000_000)), Err(Violation::TooComplex));
    let name = json!({ "a".repeat(1_000_000): 1 }).to_string();
    assert_eq!(checked(&json!({ "patternProperties": { "^(a|b)*c": false } }), &name), Err(Violation::TooComplex));
    let plain = json!({ "properties": { "a": { "type": "string", "maxLength": 4_000_000 } } });
    assert_eq!(checked(&plain, &document(4_000_000)), Ok(()));
}

#[test]
fn a_document_with_more_mistakes_than_can_be_described_gets_the_first() {
    let schema = json!({ "items": { "type": "string" } });
    let violation = checked(&schema, &array((0..90_000).map(|at| at.to_string()))).expect_err("a violation");
    assert_eq!(violation.to_string(), "/0: 0 is not of type \"string\"");
}

/// S-7: seven bytes of JSON can take 700 of memory.
#[test]
fn documents_with_too_many_values_are_not_read() {
    let all = array((0..MAX_VALUES - 1).map(|_| "0".to_owned()));
    assert!(Instance::parse(&all).is_ok());
    let more = array((0..MAX_VALUES).map(|_| "0".to_owned()));
    assert!(matches!(Instance::parse(&more), Err(Unreadable::TooMany)));
}
