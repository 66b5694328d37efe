//! A copy of a catalog in the store, which all instances read.
//!
//! All documents together, compressed, in chunks that are named by a digest of them; and a head that says which chunks
//! count. The head is written last and chunks outlive it, so whoever reads a head finds what it names. What does not have
//! its digest is not even unpacked.

use std::io::{self, Read as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use penstock_store::{MAX_VALUE, Store, StoreError, When, Write};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::location::ParameterPath;
use super::parameters::EVERY;
use super::source::{Found, Text};

/// How long a copy is good that nobody renews.
const KEEP: Duration = Duration::from_hours(24);

/// The largest copy read, in bytes before it was compressed: what a source lists, and what JSON adds to that.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Most chunks.
const MAX_CHUNKS: usize = 256;

/// The copy of one catalog.
pub(super) struct Copy {
    store: Arc<dyn Store>,
    /// What all its keys begin with.
    space: String,
}

/// What is known of the copy at one moment.
pub(super) struct Known {
    pub(super) head: Option<Head>,
    /// What must be so for this to be the latest.
    when: When,
}

/// Which copy counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    /// Of the documents.
    pub(super) digest: String,
    /// Of the chunks, which it names.
    body: String,
    chunks: usize,
    /// When the source said so, in seconds since 1970.
    read_at: u64,
    /// When the chunks are gone, in seconds since 1970.
    until: u64,
}

/// Documents in the form they are copied in.
pub(super) struct Packed {
    pub(super) digest: String,
    plain: Vec<u8>,
}

/// A copy that cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum CopyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the copy of the catalog is not whole")]
    Incomplete,
    #[error("the copy of the catalog is damaged")]
    Damaged,
}

impl Head {
    /// How long ago the source said so.
    pub(super) fn age(&self) -> Duration {
        Duration::from_secs(seconds(SystemTime::now()).saturating_sub(self.read_at))
    }
}

impl Copy {
    /// The copy of what is below `path`. The number in its keys is that of the form copies have.
    pub(super) fn new(store: Arc<dyn Store>, path: &ParameterPath) -> Self {
        Self { store, space: format!("catalog/1{}", path.as_str()) }
    }

    pub(super) async fn known(&self) -> Result<Known, StoreError> {
        let Some(item) = self.store.get(&self.key("head")).await? else {
            return Ok(Known { head: None, when: When::Absent });
        };
        let head = serde_json::from_slice(&item.value).ok();
        Ok(Known { head, when: When::Version(item.version) })
    }

    /// Whether it is on this instance to ask the source. One is told so in [`EVERY`], whatever comes of it.
    pub(super) async fn lease(&self) -> Result<bool, StoreError> {
        let write = Write { value: Vec::new().into(), when: When::Absent, expires: SystemTime::now() + EVERY };
        self.store.put(&self.key("lease"), write).await
    }

    /// The documents a head stands for.
    pub(super) async fn read(&self, head: &Head) -> Result<Vec<Found>, CopyError> {
        if head.chunks > MAX_CHUNKS {
            return Err(CopyError::Damaged);
        }
        let mut packed = Vec::new();
        for chunk in 0..head.chunks {
            let item = self.store.get(&self.chunk(&head.body, chunk)).await?;
            packed.extend_from_slice(&item.ok_or(CopyError::Incomplete)?.value);
        }
        if digest_of(&packed) != head.body {
            return Err(CopyError::Damaged);
        }
        let unpacked = tokio::task::spawn_blocking(move || unpack(&packed));
        unpacked.await.ok().flatten().ok_or(CopyError::Damaged)
    }

    /// Replaces the copy `known`, unless somebody else has.
    pub(super) async fn write(&self, packed: Packed, known: Known) -> Result<(), CopyError> {
        let now = SystemTime::now();
        let still_good = |head: &Head| head.digest == packed.digest && head.until >= seconds(now + KEEP);
        let head = match known.head.filter(still_good) {
            Some(head) => Head { read_at: seconds(now), ..head },
            None => self.write_chunks(packed, now).await?,
        };
        let value = serde_json::to_vec(&head).map_err(|_| CopyError::Damaged)?;
        let write = Write { value: value.into(), when: known.when, expires: now + KEEP };
        self.store.put(&self.key("head"), write).await?;
        Ok(())
    }

    /// Writes all but the head.
    async fn write_chunks(&self, packed: Packed, now: SystemTime) -> Result<Head, CopyError> {
        let Packed { digest, plain } = packed;
        let until = now + 2 * KEEP;
        let compressed = tokio::task::spawn_blocking(move || compress(&plain)).await;
        let compressed = compressed.ok().and_then(Result::ok).ok_or(CopyError::Damaged)?;
        let body = digest_of(&compressed);
        let chunks = compressed.chunks(MAX_VALUE);
        let head = Head { digest, body, chunks: chunks.len(), read_at: seconds(now), until: seconds(until) };
        for (at, chunk) in chunks.enumerate() {
            let write = Write { value: chunk.to_vec().into(), when: When::Always, expires: until };
            self.store.put(&self.chunk(&head.body, at), write).await?;
        }
        Ok(head)
    }

    fn chunk(&self, body: &str, at: usize) -> String {
        self.key(&format!("{body}/{at}"))
    }

    fn key(&self, rest: &str) -> String {
        format!("{}/{rest}", self.space)
    }
}

/// Puts documents in order and into one text: `[[name, stamp, text], …]`.
pub(super) fn pack(documents: &mut [Found]) -> Packed {
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = documents.iter().filter_map(|found| match &found.text {
        Text::Here(text) => Some((&found.name, &found.stamp, text)),
        Text::InFile(_) => None,
    });
    let plain = serde_json::to_vec(&rows.collect::<Vec<_>>()).unwrap_or_default();
    Packed { digest: digest_of(&plain), plain }
}

fn unpack(packed: &[u8]) -> Option<Vec<Found>> {
    let mut plain = Vec::new();
    DeflateDecoder::new(packed).take(MAX_BYTES).read_to_end(&mut plain).ok()?;
    let rows: Vec<(String, Option<String>, String)> = serde_json::from_slice(&plain).ok()?;
    Some(rows.into_iter().map(|(name, stamp, text)| Found { name, stamp, text: Text::Here(text) }).collect())
}

fn compress(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}

/// SHA-256, Base64url.
fn digest_of(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
