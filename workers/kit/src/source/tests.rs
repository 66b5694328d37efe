use std::io::{Error, ErrorKind, Result};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::stream;

use super::{Encoding, PIECE, Source};

/// Everything JSON escapes, and characters of one to four bytes.
const TEXT: &str = "\0\u{1}\u{8}\t\n\r\u{1f} \"\\/\u{7f}aä\u{800}€\u{2028}\u{ffff}😀\u{10ffff}\"";

/// All pieces of a source that yields `chunks`.
fn pieces(encoding: Encoding, chunks: &[&[u8]]) -> Result<Vec<Bytes>> {
    let chunks: Vec<_> = chunks.iter().map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    let mut source = Source::new(encoding, stream::iter(chunks));
    let mut pieces = Vec::new();
    while let Some(piece) = source.next().now_or_never().expect("nothing to wait for")? {
        pieces.push(piece);
    }
    Ok(pieces)
}

fn all(encoding: Encoding, chunks: &[&[u8]]) -> Vec<u8> {
    pieces(encoding, chunks).expect("a good source").concat()
}

/// `bytes` cut at every pair of places, empty chunks among them.
fn cuts(bytes: &[u8]) -> impl Iterator<Item = [&[u8]; 3]> {
    let end = bytes.len();
    let places = (0..=end).flat_map(move |first| (first..=end).map(move |second| (first, second)));
    places.map(|(first, second)| [&bytes[..first], &bytes[first..second], &bytes[second..]])
}

#[test]
fn a_text_is_the_same_json_wherever_it_is_cut() {
    let json = serde_json::to_vec(TEXT).expect("a string is JSON");
    let inside = &json[1..json.len() - 1];
    for chunks in cuts(TEXT.as_bytes()) {
        assert_eq!(all(Encoding::Text, &chunks), inside, "{chunks:?}");
    }
    let bytes: Vec<_> = TEXT.as_bytes().chunks(1).collect();
    assert_eq!(all(Encoding::Text, &bytes), inside);
}

#[test]
fn a_blob_is_the_same_base64_wherever_it_is_cut() {
    let bytes: Vec<u8> = (0..=u8::MAX).step_by(7).collect();
    for length in [0, 1, 2, 3, bytes.len() - 2, bytes.len() - 1, bytes.len()] {
        let blob = &bytes[..length];
        for chunks in cuts(blob) {
            assert_eq!(all(Encoding::Base64, &chunks), STANDARD.encode(blob).as_bytes(), "{chunks:?}");
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_wherever_they_are_cut() {
    for bytes in [&b"a\xffb"[..], b"\xc3(", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"ends in \xe2\x82", b"\xf0"] {
        for chunks in cuts(bytes) {
            let error = pieces(Encoding::Text, &chunks).expect_err("no text");
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{chunks:?}");
        }
    }
}

#[test]
fn a_chunk_of_any_length_leaves_in_pieces() {
    let text = "0123456789abcde\n".repeat(PIECE / 4);
    let pieces = pieces(Encoding::Text, &[text.as_bytes()]).expect("a good source");
    assert_eq!(pieces.len(), 4);
    assert_eq!(pieces.concat(), text.replace('\n', "\\n").as_bytes());
}

#[test]
fn what_was_read_before_a_failure_is_told_first() {
    let chunks = [Ok(Bytes::from_static(b"abc")), Err(Error::other("unplugged"))];
    let mut source = Source::new(Encoding::Text, stream::iter(chunks));
    let mut next = || source.next().now_or_never().expect("nothing to wait for");
    assert_eq!(next().expect("a piece"), Some(Bytes::from_static(b"abc")));
    assert_eq!(next().expect_err("a failure").to_string(), "unplugged");
}
