//! Texts that are longer than an item of the store: calls and results.

use bytes::{Bytes, BytesMut};
use futures_util::future::try_join_all;
use penstock_store::{Store, StoreError, When, Write};
use std::time::SystemTime;

/// Bytes of a piece.
const PIECE: usize = 256 * 1024;

/// The longest text, in bytes.
pub(super) const MAX: usize = crate::relay::MAX_KEPT;

/// Stores `text` under `<key>/<n>`, and answers how many pieces there are.
pub(super) async fn write(
    store: &dyn Store,
    key: &str,
    text: &Bytes,
    expires: SystemTime,
) -> Result<usize, StoreError> {
    let pieces: Vec<Bytes> =
        (0..text.len()).step_by(PIECE).map(|at| text.slice(at..text.len().min(at + PIECE))).collect();
    let writes = pieces.iter().enumerate().map(|(at, piece)| async move {
        let write = Write { value: piece.clone(), when: When::Always, expires };
        store.put(&format!("{key}/{at}"), write).await
    });
    try_join_all(writes).await?;
    Ok(pieces.len())
}

/// Reads what [`write()`] has stored in so many pieces; `None` if one is missing.
pub(super) async fn read(store: &dyn Store, key: &str, pieces: usize) -> Result<Option<Bytes>, StoreError> {
    let reads = (0..pieces.min(MAX / PIECE)).map(|at| async move { store.get(&format!("{key}/{at}")).await });
    let pieces = try_join_all(reads).await?;
    let mut text = BytesMut::new();
    for piece in pieces {
        let Some(piece) = piece else { return Ok(None) };
        text.extend_from_slice(&piece.value);
    }
    Ok(Some(text.freeze()))
}
