//! Any bytes as a body, in any revision: the answer is a message of that revision or HTTP's own
//! refusal, and only a sound request gets a result or reaches a worker.

#![no_main]

use std::fmt;

use libfuzzer_sys::fuzz_target;
use penstock_fuzz::post;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

const VERSIONS: [Option<&str>; 7] = [
    None,
    Some("2025-03-26"),
    Some("2025-06-18"),
    Some("2025-11-25"),
    Some("2026-07-28"),
    Some("2099-01-01"),
    Some(""),
];

const ACCEPTS: [&str; 3] = ["application/json, text/event-stream", "application/json", "text/event-stream"];

/// An object as it is written, members named twice included.
struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    /// The text of the only member of this name.
    fn only(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().filter(|(other, _)| other == name);
        let (_, value) = named.next()?;
        named.next().is_none().then(|| value.get())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| other == name)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

/// Whether a message is a sound JSON-RPC request (`true`) or another sound message (`false`).
fn soundness(json: &[u8]) -> Option<bool> {
    let message: Members = serde_json::from_slice(json).ok()?;
    let text = |name: &str| serde_json::from_str::<String>(message.only(name)?).ok();
    if text("jsonrpc")? != "2.0" {
        return None;
    }
    let id = match message.only("id") {
        Some(id) if id.starts_with('"') || id.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) => true,
        None if !message.has("id") => false,
        _ => return None,
    };
    let params = !message.has("params") || message.only("params").is_some_and(|params| params.starts_with('{'));
    match text("method") {
        Some(_) if params => Some(id),
        None if id && !message.has("method") && message.has("result") != message.has("error") => Some(false),
        _ => None,
    }
}

/// Soundness of a body: a batch is one if any message in it is.
fn requests(body: &[u8]) -> Option<bool> {
    match serde_json::from_slice::<Vec<&RawValue>>(body) {
        Ok(batch) => batch.iter().filter_map(|message| soundness(message.get().as_bytes())).reduce(|a, b| a || b),
        Err(_) => soundness(body),
    }
}

fuzz_target!(|input: &[u8]| {
    let [choice, body @ ..] = input else { return };
    let choice = usize::from(*choice);
    let mut headers = vec![("accept", ACCEPTS[choice / 7 % 3].as_bytes().to_vec())];
    if let Some(version) = VERSIONS[choice % 7] {
        headers.push(("mcp-protocol-version", version.as_bytes().to_vec()));
    }
    // Half of the inputs say in their headers what the body says, as clients do.
    if choice >= 128
        && let Ok(message) = serde_json::from_slice::<Value>(body)
    {
        for (header, value) in [("mcp-method", &message["method"]), ("mcp-name", &message["params"]["name"])] {
            headers.extend(value.as_str().map(|value| (header, value.as_bytes().to_vec())));
        }
    }
    let Some(answer) = post(&headers, body) else { return };
    let sound = requests(body);
    match answer.status {
        200 => assert!(!answer.messages.is_empty() && sound == Some(true), "{answer:?}"),
        202 => assert!(answer.messages.is_empty() && sound == Some(false), "{answer:?}"),
        400 | 404 => assert!(answer.error().is_some() && !answer.has_result(), "{answer:?}"),
        status => panic!("{status}: {answer:?}"),
    }
    if answer.invocations > 0 {
        assert!(answer.status == 200 && answer.has_result() && sound == Some(true), "{answer:?}");
        assert!(String::from_utf8_lossy(body).contains("call"), "nothing else invokes: {answer:?}");
    }
});
