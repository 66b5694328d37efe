use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};

use super::{IN_MEMORY, Matches, pieces, write};
use crate::aws::Event;

fn line(message: &str) -> String {
    let event = Event { time: 1_795_286_345_060, stream: "a/[$LATEST]b".to_owned(), message: message.to_owned() };
    let mut out = String::new();
    write(&event, &mut out);
    out
}

#[test]
fn a_match_is_a_line_and_more_lines_of_it_are_indented() {
    assert_eq!(line("started\n"), "2026-11-21T18:39:05.060Z a/[$LATEST]b started\n");
    assert_eq!(line("panicked\n\n  at x\r\n"), "2026-11-21T18:39:05.060Z a/[$LATEST]b panicked\n  \n    at x\n");
    assert_eq!(line(""), "2026-11-21T18:39:05.060Z a/[$LATEST]b\n");
}

#[test]
fn a_time_beyond_the_calendar_does_not_stop_the_line() {
    let mut out = String::new();
    write(&Event { time: i64::MAX, stream: "s".to_owned(), message: "m".to_owned() }, &mut out);
    assert_eq!(out, "? s m\n");
}

#[test]
fn pieces_end_with_lines_where_they_can_and_between_characters_where_not() {
    let all = |text, length| pieces(text, length).collect::<Vec<_>>();
    assert_eq!(all("one\ntwo\nthree\n", 9), ["one\ntwo\n", "three\n"]);
    assert_eq!(all("äöü\n", 5), ["äö", "ü\n"]);
    assert_eq!(all("", 5), [""; 0]);
    assert_eq!(all("short", 5), ["short"]);
}

#[tokio::test]
async fn what_was_kept_comes_back_whether_it_fits_into_memory_or_not() {
    for lines in [1, IN_MEMORY / 4] {
        let mut matches = Matches::new();
        for _ in 0..lines {
            matches.push("line\n").expect("room");
        }
        assert_eq!(matches.file.is_rolled(), lines > 1);
        let chunks: Vec<_> = matches.after("head\n".to_owned()).expect("a file").try_collect().await.expect("readable");
        assert_eq!(chunks.concat(), format!("head\n{}", "line\n".repeat(lines)).into_bytes());
    }
}

#[test]
fn nothing_found_is_the_head_alone() {
    let text = Matches::new().after("none\n".to_owned()).expect("nothing to seek");
    let chunks = text.map(|chunk| chunk.expect("readable")).collect::<Vec<_>>().now_or_never().expect("in memory");
    assert_eq!(chunks.concat(), b"none\n");
}
