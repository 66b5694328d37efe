//! Any values in the routing headers of a sound call: the worker is invoked exactly if each of them
//! says what the body says (rules H-10 to H-17).

#![no_main]

use arbitrary::Arbitrary;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use penstock_fuzz::post;
use serde_json::{Value, json};

/// What is sent in one header.
#[derive(Arbitrary, Debug)]
enum Sent {
    /// What the body says, as a client writes it.
    Right,
    /// What the body says, in Base64.
    Encoded,
    /// Nothing.
    Missing,
    /// What the body says, twice.
    Twice,
    /// Something of its own.
    Other(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
struct Input {
    version: Sent,
    method: Sent,
    name: Sent,
    /// The three arguments and the header of each.
    region: (Option<String>, Sent),
    page: (Option<i32>, Sent),
    dry: (Option<bool>, Sent),
}

/// Whether one header agrees with the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Agrees,
    Disagrees,
    /// Written in a way a client need not and a server may take or not.
    Open,
}

/// How the text of a value is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As it is: nobody must have to decode a version or a method to route by it.
    Literal,
    Text,
    Number,
}

impl Sent {
    fn values(&self, expected: Option<&str>) -> Vec<Vec<u8>> {
        let right = expected.map(|expected| expected.as_bytes().to_vec());
        match self {
            Self::Right => right.into_iter().collect(),
            Self::Encoded => right.into_iter().map(|right| encoded(&right)).collect(),
            Self::Missing => Vec::new(),
            Self::Twice => right.iter().chain(&right).cloned().collect(),
            Self::Other(value) => vec![value.clone()],
        }
    }
}

fn encoded(value: &[u8]) -> Vec<u8> {
    format!("=?base64?{}?=", STANDARD.encode(value)).into_bytes()
}

/// The rules, written down a second time.
fn verdict(values: &[Vec<u8>], expected: Option<&str>, kind: Kind) -> Verdict {
    let (value, expected) = match (values, expected) {
        ([], None) => return Verdict::Agrees,
        ([value], Some(expected)) => (value, expected),
        _ => return Verdict::Disagrees,
    };
    if value.iter().any(|byte| !matches!(byte, b' '..=b'~' | b'\t')) {
        return Verdict::Disagrees;
    }
    let text = String::from_utf8_lossy(value);
    let text = text.trim_matches([' ', '\t']);
    let inner = text.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?="));
    let text = match inner {
        Some(inner) if kind != Kind::Literal => {
            match STANDARD.decode(inner).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
                Some(text) => text,
                None => return Verdict::Disagrees,
            }
        }
        _ => text.to_owned(),
    };
    if text == expected {
        return Verdict::Agrees;
    }
    let same_number = kind == Kind::Number && text.parse::<f64>().is_ok_and(|number| Ok(number) == expected.parse());
    if same_number { Verdict::Open } else { Verdict::Disagrees }
}

fuzz_target!(|input: Input| {
    let (region, page) = (input.region.0.as_deref(), input.page.0.map(|page| page.to_string()));
    let dry = input.dry.0.map(|dry| dry.to_string());
    let mut arguments = json!({});
    let mut argument = |name: &str, value: Option<Value>| value.map(|value| arguments[name] = value);
    argument("region", region.map(Value::from));
    argument("page", input.page.0.map(Value::from));
    argument("deep", input.dry.0.map(|dry| json!({ "dry": dry })));
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let params = json!({ "name": "annotated", "arguments": arguments, "_meta": meta });
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let expected = [
        ("mcp-protocol-version", &input.version, Some("2026-07-28"), Kind::Literal),
        ("mcp-method", &input.method, Some("tools/call"), Kind::Literal),
        ("mcp-name", &input.name, Some("annotated"), Kind::Text),
        ("mcp-param-region", &input.region.1, region, Kind::Text),
        ("mcp-param-page", &input.page.1, page.as_deref(), Kind::Number),
        ("mcp-param-dry", &input.dry.1, dry.as_deref(), Kind::Text),
    ];
    let mut headers = Vec::new();
    let mut verdicts = Vec::new();
    for (name, sent, expected, kind) in expected {
        let values = sent.values(expected);
        verdicts.push(verdict(&values, expected, kind));
        headers.extend(values.into_iter().map(|value| (name, value)));
    }
    let Some(answer) = post(&headers, body.to_string().as_bytes()) else { return };
    if verdicts.contains(&Verdict::Disagrees) {
        assert_eq!(answer.invocations, 0, "a worker behind a header that disagrees: {verdicts:?} {answer:?}");
        assert_eq!(answer.status, 400, "{verdicts:?} {answer:?}");
        assert_eq!(answer.error(), Some(-32020), "{verdicts:?} {answer:?}");
    } else if verdicts.iter().all(|verdict| *verdict == Verdict::Agrees) {
        assert!(answer.status == 200 && answer.has_result() && answer.invocations == 1, "{verdicts:?} {answer:?}");
    } else {
        assert_eq!(answer.invocations, usize::from(answer.status == 200), "{verdicts:?} {answer:?}");
    }
});
