//! The frame codec at every split a transport may choose.

use penstock_protocol::Bytes;
use penstock_protocol::frame::{Decoder, Event, FrameError, MAX_LINE};

const PRELUDE: &[u8] = b"{\"statusCode\":200,\"headers\":{}}\0\0\0\0\0\0\0\0";

const STREAM: &str = concat!(
    "{\"progress\":{\"progress\":1,\"total\":2.0}}\n",
    " { \"log\" : {\"level\":\"info\",\"data\":\"a\\nb }\"} }\r\n",
    "\n",
    "{\"result\": {\"b\":1.0,\"a\":[{}] , \"n\":12345678901234567890}}\n",
);

/// Feeds `chunks` and joins the pieces of the result, so that runs with other splits compare equal.
fn decode<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Event>, FrameError> {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    for chunk in chunks {
        decoder.push(Bytes::copy_from_slice(chunk))?;
        drain(&mut decoder, &mut events);
    }
    decoder.finish()?;
    drain(&mut decoder, &mut events);
    Ok(events)
}

fn drain(decoder: &mut Decoder, events: &mut Vec<Event>) {
    while let Some(event) = decoder.next_event() {
        match (events.last_mut(), event) {
            (Some(Event::Result(whole)), Event::Result(piece)) => {
                *whole = [whole.as_ref(), piece.as_ref()].concat().into();
            }
            (_, event) => events.push(event),
        }
    }
}

fn expected() -> Vec<Event> {
    vec![
        Event::Progress(Bytes::from_static(b"{\"progress\":1,\"total\":2.0}")),
        Event::Log(Bytes::from_static(b"{\"level\":\"info\",\"data\":\"a\\nb }\"}")),
        Event::Result(Bytes::from_static(b" {\"b\":1.0,\"a\":[{}] , \"n\":12345678901234567890}")),
        Event::ResultEnd,
    ]
}

#[test]
fn frames_survive_every_split_in_two_with_and_without_a_prelude() {
    for stream in [STREAM.as_bytes().to_vec(), [PRELUDE, STREAM.as_bytes()].concat()] {
        for at in 0..=stream.len() {
            assert_eq!(decode([&stream[..at], &stream[at..]]).as_deref(), Ok(&*expected()), "split at {at}");
        }
    }
}

#[test]
fn frames_survive_single_byte_chunks() {
    let stream = [PRELUDE, STREAM.as_bytes()].concat();
    assert_eq!(decode(stream.chunks(1)), Ok(expected()));
}

#[test]
fn the_last_line_feed_may_be_missing() {
    assert_eq!(decode([STREAM.trim_end().as_bytes()]), Ok(expected()));
}

#[test]
fn a_result_is_handed_on_before_its_line_ends() {
    let mut decoder = Decoder::default();
    decoder.push(Bytes::from_static(b"\n{\"result\":{\"content\":[")).expect("a sound beginning");
    assert_eq!(decoder.next_event(), Some(Event::Result(Bytes::from_static(b"{\"content\":["))));
}

#[test]
fn a_stream_without_a_terminal_frame_was_cut_short() {
    for stream in ["", "\n", "{\"progress\":{\"progress\":1}}\n", "{\"result\":{\"content\":[", "{\"result\":"] {
        assert_eq!(decode([stream.as_bytes()]), Err(FrameError::Truncated), "{stream}");
    }
}

#[test]
fn what_follows_the_terminal_frame_is_refused() {
    let twice = "{\"result\":{}}\n{\"result\":{}}\n";
    assert_eq!(decode([twice.as_bytes()]), Err(FrameError::AfterTerminal));
    let error_then_more = "{\"error\":{\"code\":1,\"message\":\"x\"}}\n{\"log\":{}}\n";
    assert_eq!(decode([error_then_more.as_bytes()]), Err(FrameError::AfterTerminal));
    assert!(decode(["{\"result\":{}}\n \r\n\n".as_bytes()]).is_ok(), "white space may follow");
}

#[test]
fn lines_that_are_no_frame_are_refused() {
    for (line, error) in [
        ("hello\n", FrameError::Malformed),
        ("{\"progress\":1}\n", FrameError::Malformed),
        ("{\"telemetry\":{}}\n", FrameError::UnknownFrame),
        ("[]\n", FrameError::Malformed),
        ("{\"log\":{}\n", FrameError::Malformed),
    ] {
        assert_eq!(decode([line.as_bytes()]), Err(error), "{line}");
    }
    let deep = format!("{{\"log\":{{\"data\":{}{}}}}}\n", "[".repeat(200), "]".repeat(200));
    assert_eq!(decode([deep.as_bytes()]), Err(FrameError::Malformed));
}

#[test]
fn a_line_that_never_ends_is_refused_once_it_is_too_long() {
    let mut decoder = Decoder::default();
    let chunk = Bytes::from(vec![b' '; 64 * 1024]);
    let refused = (0..=MAX_LINE / chunk.len()).find_map(|_| decoder.push(chunk.clone()).err());
    assert_eq!(refused, Some(FrameError::LineTooLong));
}

#[test]
fn a_prelude_must_end_in_eight_nuls() {
    assert_eq!(decode([b"{}\0\0\0{\"result\":{}}\n".as_slice()]), Err(FrameError::Prelude));
    assert_eq!(decode([b"{}\0\0\0".as_slice()]), Err(FrameError::Prelude));
}
