//! Keeps a copy of a result's structured content while it passes, to hold it against the tool's
//! `outputSchema` (rule R-9).

use std::sync::Arc;

use super::scan::Malformed;
use crate::catalog::schema::{Instance, Schema, Unreadable, Violation};

/// The most structured content that is kept and checked, in bytes; more passes unchecked.
const MAX_CHECKED: usize = 1024 * 1024;

/// Longest `isError` looked at: `false`.
const MAX_FLAG: usize = 5;

/// A member of the result that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    StructuredContent,
    IsError,
}

/// What is known of one result so far.
#[derive(Debug)]
pub(super) struct Output {
    schema: Arc<Schema>,
    /// The member whose value is passing.
    passing: Option<Member>,
    content: Option<Vec<u8>>,
    is_error: Option<Vec<u8>>,
}

impl Output {
    pub(super) fn new(schema: Arc<Schema>) -> Self {
        Self { schema, passing: None, content: None, is_error: None }
    }

    /// A member of the result begins. One that is there twice would be read in two ways.
    pub(super) fn begin(&mut self, name: &str) -> Result<(), Malformed> {
        let (member, held) = match name {
            "structuredContent" => (Member::StructuredContent, &mut self.content),
            "isError" => (Member::IsError, &mut self.is_error),
            _ => return Ok(()),
        };
        self.passing = Some(member);
        if held.replace(Vec::new()).is_some() { Err(Malformed) } else { Ok(()) }
    }

    /// Takes bytes of the member that passes, if it is one that is watched.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let (held, limit) = match self.passing {
            None => return,
            Some(Member::StructuredContent) => (&mut self.content, MAX_CHECKED),
            Some(Member::IsError) => (&mut self.is_error, MAX_FLAG),
        };
        if let Some(held) = held {
            super::splice::hold(held, bytes, limit);
        }
    }

    /// The member is over.
    pub(super) fn end(&mut self) {
        self.passing = None;
    }

    /// Whether the result may be passed on. A failed tool owes no structured content.
    pub(super) fn conforms(&self) -> bool {
        if self.is_error.as_deref().is_some_and(|flag| flag.trim_ascii() == b"true") {
            return true;
        }
        let Some(content) = &self.content else { return false };
        if content.len() > MAX_CHECKED {
            return true;
        }
        match std::str::from_utf8(content).map(Instance::parse) {
            Ok(Ok(instance)) => !matches!(self.schema.check(&instance), Err(Violation::Nonconforming(_))),
            Ok(Err(Unreadable::TooMany)) => true,
            Ok(Err(Unreadable::Ambiguous(_))) | Err(_) => false,
        }
    }
}
