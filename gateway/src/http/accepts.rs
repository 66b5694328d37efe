use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};

/// The media types a client takes (rule H-6). At least one is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepts {
    pub(crate) json: bool,
    pub(crate) sse: bool,
}

impl Accepts {
    /// `None` if the client takes neither.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(ACCEPT) {
            return Some(Self { json: true, sse: true });
        }
        let mut accepts = Self { json: false, sse: false };
        for value in headers.get_all(ACCEPT) {
            for range in value.to_str().unwrap_or_default().split(',') {
                let (kind, json, sse) = media_range(range);
                if kind.is_acceptable() {
                    accepts.json |= json;
                    accepts.sse |= sse;
                }
            }
        }
        (accepts.json || accepts.sse).then_some(accepts)
    }
}

struct Quality<'a>(&'a str);

impl Quality<'_> {
    /// `q=0` means "not this one" (RFC 9110 section 12.4.2).
    fn is_acceptable(&self) -> bool {
        !self.0.split(';').filter_map(|parameter| parameter.trim().strip_prefix("q=")).any(|q| q.parse() == Ok(0.0_f32))
    }
}

fn media_range(range: &str) -> (Quality<'_>, bool, bool) {
    let (essence, parameters) = range.split_once(';').unwrap_or((range, ""));
    let essence = essence.trim();
    let is = |name: &str| essence.eq_ignore_ascii_case(name);
    let json = is("application/json") || is("application/*") || is("*/*");
    let sse = is("text/event-stream") || is("text/*") || is("*/*");
    (Quality(parameters), json, sse)
}

/// Whether the body says it is JSON; parameters such as `charset=utf-8` are fine.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}
