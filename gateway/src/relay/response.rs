//! The one final response of a call, written while the worker's result arrives.

use std::sync::Arc;

use bytes::{BufMut, BytesMut};
use penstock_protocol::jsonrpc::{self, ErrorObject, Id};

use super::output::Output;
use super::scan::Malformed;
use super::splice::{Additions, Splice};
use super::sse;
use crate::catalog::schema::Schema;
use crate::rpc::failure::Failure;

/// How far the response is.
#[derive(Debug)]
enum Phase {
    /// The worker has not begun its result.
    Awaited,
    /// Part of the result has been written.
    Result(Box<Splice>),
    /// Complete: nothing may follow (rule T-2).
    Done,
}

/// Writes the JSON-RPC response around a worker's result or error.
#[derive(Debug)]
pub(crate) struct FinalResponse {
    id: Id,
    additions: Additions,
    /// The tool's `outputSchema`.
    output: Option<Arc<Schema>>,
    phase: Phase,
}

impl FinalResponse {
    pub(crate) fn new(id: Id, additions: Additions, output: Option<Arc<Schema>>) -> Self {
        Self { id, additions, output, phase: Phase::Awaited }
    }

    /// Whether the client speaks 2026-07-28, which has HTTP statuses for some errors.
    pub(crate) fn is_stateless(&self) -> bool {
        matches!(self.additions, Additions::Stateless { .. })
    }

    pub(crate) fn is_awaited(&self) -> bool {
        matches!(self.phase, Phase::Awaited)
    }

    pub(crate) fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Done)
    }

    /// Writes the next piece of the result.
    pub(crate) fn result(&mut self, piece: &[u8], out: &mut BytesMut) -> Result<(), Failure> {
        if self.is_awaited() {
            self.open(out);
            let output = self.output.clone().map(Output::new);
            self.phase = Phase::Result(Box::new(Splice::new(self.additions.clone(), output)));
        }
        match &mut self.phase {
            Phase::Result(splice) => splice.push(piece, out).map_err(|Malformed| Failure::NotAResult),
            Phase::Awaited | Phase::Done => Err(Failure::NotAResult),
        }
    }

    /// Closes the response behind the result's last piece.
    pub(crate) fn end_result(&mut self, out: &mut BytesMut) -> Result<(), Failure> {
        let Phase::Result(splice) = &self.phase else { return Err(Failure::NotAResult) };
        splice.finish().map_err(|Malformed| Failure::NotAResult)?;
        if !splice.conforms() {
            return Err(Failure::Output);
        }
        out.put_u8(b'}');
        self.phase = Phase::Done;
        Ok(())
    }

    /// Writes a whole result of the gateway's own making.
    pub(crate) fn whole(&mut self, result: &[u8], out: &mut BytesMut) {
        self.open(out);
        sse::put_json(result, out);
        out.put_u8(b'}');
        self.phase = Phase::Done;
    }

    fn open(&self, out: &mut BytesMut) {
        out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
        out.extend_from_slice(self.id.as_json().as_bytes());
        out.extend_from_slice(br#","result":"#);
    }

    /// Forgets a result that has begun, so that an error can take its place.
    pub(crate) fn discard(&mut self) {
        self.phase = Phase::Awaited;
    }

    /// Ends without a response.
    pub(crate) fn abandon(&mut self) {
        self.phase = Phase::Done;
    }

    /// Writes an error as the whole response.
    pub(crate) fn error(&mut self, error: &ErrorObject, out: &mut BytesMut) {
        out.extend_from_slice(&jsonrpc::error_response(Some(&self.id), error));
        self.phase = Phase::Done;
    }
}
