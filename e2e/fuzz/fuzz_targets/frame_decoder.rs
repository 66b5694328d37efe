//! Any bytes as a worker's stream, cut anywhere: the same events and the same end as in one piece,
//! and nothing held that is longer than a line may be.

#![no_main]

use libfuzzer_sys::fuzz_target;
use penstock_protocol::Bytes;
use penstock_protocol::frame::{Decoder, Event, FrameError, MAX_LINE};

/// The events of a stream, pieces of its result joined, and how it ended.
fn decode<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Event>, Result<(), FrameError>) {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    for chunk in chunks {
        let pushed = decoder.push(Bytes::copy_from_slice(chunk));
        drain(&mut decoder, &mut events);
        if pushed.is_err() {
            return (events, pushed);
        }
    }
    let finished = decoder.finish();
    drain(&mut decoder, &mut events);
    (events, finished)
}

fn drain(decoder: &mut Decoder, events: &mut Vec<Event>) {
    while let Some(event) = decoder.next_event() {
        match (events.last_mut(), event) {
            (Some(Event::Result(whole)), Event::Result(piece)) => *whole = [&whole[..], &piece[..]].concat().into(),
            (_, Event::Result(piece)) if piece.is_empty() => {}
            (_, event) => events.push(event),
        }
    }
}

/// Cuts `stream` into pieces as long as `lengths` say, over and over.
fn cut<'a>(mut stream: &'a [u8], lengths: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    for length in lengths.iter().cycle().map(|length| usize::from(*length).max(1)) {
        if stream.len() <= length {
            break;
        }
        let (piece, rest) = stream.split_at(length);
        pieces.push(piece);
        stream = rest;
    }
    pieces.push(stream);
    pieces
}

fuzz_target!(|input: (Vec<u8>, &[u8])| {
    let (lengths, stream) = input;
    let (events, end) = decode([stream]);
    let lengths = if lengths.is_empty() { vec![1] } else { lengths };
    assert_eq!(decode(cut(stream, &lengths)), (events.clone(), end), "cut");
    let terminal = |event: &Event| matches!(event, Event::ResultEnd | Event::Error(_));
    let terminals = events.iter().filter(|event| terminal(event)).count();
    assert!(terminals <= 1, "{events:?}");
    if end.is_ok() {
        assert!(events.last().is_some_and(terminal), "{events:?}");
    }
    for event in &events {
        if let Event::Progress(line) | Event::Log(line) | Event::Error(line) = event {
            assert!(line.len() <= MAX_LINE);
            assert!(serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok(), "{line:?}");
        }
    }
});
