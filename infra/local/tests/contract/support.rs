//! The worker under test: a Node handler and the runtime of the examples.

use std::path::{Path, PathBuf};

use penstock::contract::{self, Order, Report};
use penstock::doctor::Level;

/// A file below this package.
pub(crate) fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// An order to examine `handler` of the fixture, deployed as `manifest`, with one mistake; none if it is empty.
pub(crate) fn order(manifest: &str, handler: &str, mistake: &str) -> Order {
    let runtime = file("../../workers/examples/node/runtime.mjs");
    let handler = file(&format!("tests/fixtures/contract/worker.{handler}"));
    Order {
        command: vec!["node".into(), runtime.into(), handler.into()],
        manifest: Some(file(&format!("tests/fixtures/contract/{manifest}"))),
        environment: vec![("MISTAKE".to_owned(), mistake.into())],
        ..Order::default()
    }
}

pub(crate) async fn examine(order: &Order) -> Report {
    contract::examine(order).await.expect("something to examine")
}

/// The rules that were found broken, and those that were only doubtful. Not the deadline: a busy machine may miss it.
pub(crate) fn found(report: &Report) -> (Vec<&'static str>, Vec<&'static str>) {
    let mut doubtful = at(report, Level::Warning);
    doubtful.retain(|check| *check != "time.deadline");
    (at(report, Level::Wrong), doubtful)
}

/// The rules of which this was found.
pub(crate) fn at(report: &Report, level: Level) -> Vec<&'static str> {
    report.checks.iter().filter(|check| check.level == level).map(|check| check.check).collect()
}
