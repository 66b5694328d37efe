//! W3C trace context, from `_meta` or from headers (rules ).

use std::borrow::Cow;

use http::HeaderMap;
use penstock_protocol::RawValue;
use penstock_protocol::call::TraceContext;
use penstock_protocol::meta::{self, RequestMeta};

/// Longest `baggage` and `tracestate` passed on (W3C Trace Context section 3.3.1.5 asks for 512).
const MAX_TRACE_FIELD: usize = 512;

/// `_meta` before the HTTP header; what is malformed is ignored, never an error.
pub(super) fn context(meta: &RequestMeta<'_>, headers: &HeaderMap) -> Option<TraceContext> {
    let text = |raw: Option<&RawValue>| raw.and_then(meta::as_str).map(Cow::into_owned);
    let short = |raw: Option<&RawValue>| text(raw).filter(|text| text.len() <= MAX_TRACE_FIELD);
    if let Some(traceparent) = text(meta.traceparent).filter(|value| is_traceparent(value)) {
        return Some(TraceContext { traceparent, tracestate: short(meta.tracestate), baggage: short(meta.baggage) });
    }
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let short = |name| header(name).filter(|text| text.len() <= MAX_TRACE_FIELD);
    let traceparent = header("traceparent").filter(|value| is_traceparent(value))?;
    Some(TraceContext { traceparent, tracestate: short("tracestate"), baggage: short("baggage") })
}

/// `version-traceid-parentid-flags` in lower-case hexadecimal, ids not zero (W3C Trace Context section 3.2.2).
fn is_traceparent(value: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let fields: Vec<&str> = value.split('-').collect();
    let &[version, trace, parent, flags] = &*fields else { return false };
    [version, trace, parent, flags].map(str::len) == [2, 32, 16, 2]
        && fields.iter().all(|field| hex(field))
        && version != "ff"
        && [trace, parent].iter().all(|id| id.bytes().any(|byte| byte != b'0'))
}
