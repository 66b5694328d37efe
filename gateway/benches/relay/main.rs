//! Micro-benchmarks: decoding a worker's stream, and whole requests without sockets or AWS.

mod decoder;
mod handle;
mod issuer;
mod request;
mod tokens;
mod worker;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    decoder::benchmark(&mut criterion);
    handle::benchmark(&mut criterion);
    tokens::benchmark(&mut criterion);
    criterion.final_summary();
}
