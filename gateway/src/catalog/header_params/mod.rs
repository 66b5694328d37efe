//! Arguments a tool wants repeated as `Mcp-Param-*` headers: the `x-mcp-header` annotation
//! (rules H-14 and H-18).

mod annotation;
mod decimal;

pub use annotation::InvalidHeaderParam;

use std::collections::BTreeMap;

use http::HeaderMap;
use penstock_protocol::RawValue;
use penstock_protocol::meta;

use crate::rpc::failure::Failure;
use crate::rpc::header;

/// The annotated properties of one tool.
#[derive(Debug, Default)]
pub(crate) struct HeaderParams(Vec<HeaderParam>);

#[derive(Debug)]
struct HeaderParam {
    /// `Mcp-Param-…`, in lower case.
    header: String,
    /// Property names from the root of the arguments.
    path: Vec<String>,
}

impl HeaderParams {
    /// Checks that each header is there exactly if its argument is, and says the same. Headers that
    /// no annotation asks for are none of the gateway's business.
    pub(crate) fn check(&self, headers: &HeaderMap, arguments: Option<&RawValue>) -> Result<(), Failure> {
        self.0.iter().try_for_each(|param| param.check(headers, arguments))
    }
}

impl HeaderParam {
    fn check(&self, headers: &HeaderMap, arguments: Option<&RawValue>) -> Result<(), Failure> {
        let mut argument = arguments;
        for name in &self.path {
            argument = argument.map_or(Ok(None), |object| member(object, name))?;
        }
        let stated = header::single(headers, &self.header)?;
        match (argument.filter(|argument| argument.get() != "null"), stated) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(header::refused(&self.header, "sent, but the body has no such argument")),
            (Some(_), None) => Err(header::refused(&self.header, "missing")),
            (Some(argument), Some(stated)) if says(&header::decoded(&self.header, stated)?, argument) => Ok(()),
            (Some(_), Some(_)) => Err(header::refused(&self.header, "differs from the body")),
        }
    }
}

/// A member of an object, as it is spelled: a number read into 64 bits would compare equal to others.
fn member<'a>(value: &'a RawValue, name: &str) -> Result<Option<&'a RawValue>, Failure> {
    if !value.get().starts_with('{') {
        return Ok(None);
    }
    let members: Result<BTreeMap<String, &RawValue>, _> = serde_json::from_str(value.get());
    members
        .map(|mut members| members.remove(name))
        .map_err(|error| Failure::InvalidParams(format!("arguments: {error}")))
}

/// Whether a header's text stands for an argument.
fn says(stated: &str, argument: &RawValue) -> bool {
    match argument.get().as_bytes().first() {
        Some(b'"') => meta::as_str(argument).is_some_and(|text| text == stated),
        Some(b't' | b'f') => argument.get() == stated,
        Some(b'-' | b'0'..=b'9') => decimal::same(stated, argument.get()),
        _ => false,
    }
}
