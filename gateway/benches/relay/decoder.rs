//! Frames, cut in different ways.

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput};
use penstock_protocol::frame::{Decoder, Event};

use crate::worker::{EVENTS, frames};

pub(crate) fn benchmark(criterion: &mut Criterion) {
    let frames = frames();
    let whole = Bytes::from(frames.concat());
    let sevenths = whole.chunks(7).map(Bytes::copy_from_slice).collect();
    let mut group = criterion.benchmark_group("decoder");
    group.throughput(Throughput::Elements(EVENTS as u64));
    for (name, chunks) in [("one chunk", vec![whole.clone()]), ("a chunk a frame", frames), ("7-byte chunks", sevenths)]
    {
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| chunks.clone(), |chunks| assert_eq!(decode(chunks), EVENTS), BatchSize::SmallInput);
        });
    }
}

/// Decodes a stream; answers how many of its frames were progress.
fn decode(chunks: Vec<Bytes>) -> usize {
    let mut decoder = Decoder::default();
    let mut events = 0;
    for chunk in chunks {
        decoder.push(chunk).expect("sound frames");
        while let Some(event) = decoder.next_event() {
            events += usize::from(matches!(event, Event::Progress(_)));
        }
    }
    decoder.finish().expect("a terminal frame");
    events
}
