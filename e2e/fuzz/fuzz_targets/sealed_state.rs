//! Any text as `requestState`: a worker is invoked with the very text the gateway gave out for the
//! very same call, and with no other (rules ).

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use penstock_fuzz::{Answer, call, post};
use serde_json::{Value, json};

/// What a client makes of the state it was given.
#[derive(Arbitrary, Debug)]
enum State {
    /// What it was given.
    Given,
    /// Something of its own.
    Own(String),
    /// A text with other characters in it.
    Bent(Vec<(u16, u8)>),
    /// A part of it.
    Cut(u16, u16),
    /// More than it.
    Longer(String),
}

#[derive(Arbitrary, Debug)]
struct Input {
    state: State,
    arguments: Option<u8>,
    other_tool: bool,
}

impl State {
    fn text(self, given: &str) -> String {
        match self {
            Self::Given => given.to_owned(),
            Self::Own(text) => text,
            Self::Bent(changes) => {
                let mut characters: Vec<char> = given.chars().collect();
                let length = characters.len();
                for (at, character) in changes {
                    characters[usize::from(at) % length] = char::from(character);
                }
                characters.into_iter().collect()
            }
            Self::Cut(from, to) => {
                let (from, to) = (usize::from(from) % given.len(), usize::from(to) % (given.len() + 1));
                given.get(from.min(to)..from.max(to)).unwrap_or_default().to_owned()
            }
            Self::Longer(more) => format!("{given}{more}"),
        }
    }
}

fn send(tool: &str, members: &Value) -> Answer {
    let (headers, body) = call(tool, members);
    post(&headers, body.to_string().as_bytes()).expect("sound headers")
}

fuzz_target!(|input: Input| {
    let asked = send("asking", &json!({ "arguments": { "a": 0 } }));
    let given = asked.messages[0]["result"]["requestState"].as_str().expect("a state").to_owned();
    assert!(!given.contains("the worker's own"), "sealed, not signed");
    let state = input.state.text(&given);
    let arguments = input.arguments.map_or(json!({ "a": 0 }), |a| json!({ "a": a }));
    let tool = if input.other_tool { "other" } else { "asking" };
    let right = state == given && arguments == json!({ "a": 0 }) && tool == "asking";
    let answer = send(tool, &json!({ "arguments": arguments, "requestState": state }));
    if right {
        assert!(answer.invocations == 1 && answer.has_result(), "{answer:?}");
    } else {
        assert_eq!((answer.invocations, answer.status, answer.error()), (0, 200, Some(-32602)), "{answer:?}");
    }
});
