//! A folder of files as workers read it: on disk or in S3, found by the same names and read in bounded memory.
//!
//! Names are relative to the folder, with `/` between their parts; none leads out of it. What begins with a dot is
//! hidden: it is neither listed nor read, so that a folder that is a repository keeps its secrets. Links on disk are
//! followed: whoever fills a folder decides what is in it.

mod error;
mod s3;

use std::io;
use std::path::Path as Disk;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetResult, GetResultPayload, ObjectMeta, ObjectStore, ObjectStoreExt as _};
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

pub use error::{FileError, NoFolder, OpenError};

use error::Place;

/// How much of a file on disk is read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The most files that are looked at for one list.
const MAX_LISTED: usize = 10_000;

/// A folder.
#[derive(Debug, Clone)]
pub struct Folder {
    store: Arc<dyn ObjectStore>,
    place: Place,
}

/// A file that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the folder.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// What changes when its content does, where the store tells.
    pub version: Option<String>,
}

/// A file that can be read.
#[derive(Debug)]
pub struct File {
    /// What is known of it.
    pub entry: Entry,
    result: GetResult,
    place: Place,
}

impl Folder {
    /// The folder whose location the environment variable `name` holds.
    ///
    /// # Errors
    /// [`NoFolder`], which names the variable.
    pub async fn from_env(name: &'static str) -> Result<Self, NoFolder> {
        let location = std::env::var(name).unwrap_or_default();
        Self::open(&location).await.map_err(|reason| NoFolder { name, reason })
    }

    /// The folder at `location`: a path on disk, or `s3://bucket` or `s3://bucket/prefix`. S3 is reached with the
    /// credentials, region and endpoint (`AWS_ENDPOINT_URL_S3`) of the environment; nothing is asked of it yet.
    ///
    /// # Errors
    /// [`OpenError`] if there is no such folder on disk, or no client of S3 can be made.
    pub async fn open(location: &str) -> Result<Self, OpenError> {
        let Some(bucket) = location.strip_prefix("s3://") else {
            let folder = Some(Disk::new(location)).filter(|path| path.is_dir());
            let store = folder.and_then(|path| LocalFileSystem::new_with_prefix(path).ok());
            let store = store.ok_or_else(|| OpenError::NoFolder(location.to_owned()))?;
            return Ok(Self { store: Arc::new(store), place: Place::Disk });
        };
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        let prefix = Path::parse(prefix).map_err(|_| OpenError::Location(location.to_owned()))?;
        let store = PrefixStore::new(s3::open(bucket).await?, prefix);
        Ok(Self { store: Arc::new(store), place: Place::S3 })
    }

    /// The file of this name.
    ///
    /// # Errors
    /// [`FileError::Missing`] if there is none, be it that the name is none of a file in this folder.
    pub async fn file(&self, name: &str) -> Result<File, FileError> {
        let path = Path::parse(name).ok().filter(is_shown).ok_or(FileError::Missing)?;
        let result = self.store.get(&path).await.map_err(|error| self.place.failure(&error, "s3:GetObject"))?;
        Ok(File { entry: entry(&result.meta), result, place: self.place })
    }

    /// The files whose names begin with `beginning`, in order; of 10,000 at most.
    ///
    /// # Errors
    /// [`FileError`] if they cannot be listed.
    pub async fn list(&self, beginning: &str) -> Result<Vec<Entry>, FileError> {
        // Stores list by whole parts of a name.
        let parts = beginning.rsplit_once('/').map_or("", |(parts, _)| parts);
        let Ok(parts) = Path::parse(parts) else { return Ok(Vec::new()) };
        let files = self.store.list(Some(&parts)).take(MAX_LISTED);
        let files = files.try_filter(|file| std::future::ready(is_shown(&file.location)));
        let files: Result<Vec<_>, _> = files.map_ok(|file| entry(&file)).try_collect().await;
        let mut files = files.map_err(|error| self.place.failure(&error, "s3:ListBucket"))?;
        files.retain(|file| file.name.starts_with(beginning));
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    }
}

impl File {
    /// What it holds, a chunk at a time. A failure's text quotes nothing but words of this crate.
    pub fn into_chunks(self) -> BoxStream<'static, io::Result<Bytes>> {
        let Self { entry, result, place } = self;
        if let GetResultPayload::File(file, _) = result.payload {
            // No more than it had when it was found, should it grow meanwhile.
            let file = tokio::fs::File::from_std(file).take(entry.size);
            return ReaderStream::with_capacity(file, CHUNK).boxed();
        }
        result.into_stream().map_err(move |error| io::Error::other(place.failure(&error, "s3:GetObject"))).boxed()
    }

    /// All it holds, if that is at most `limit` bytes.
    ///
    /// # Errors
    /// [`FileError::TooLarge`], or that it cannot be read.
    pub async fn read(self, limit: u64) -> Result<Vec<u8>, FileError> {
        let size = self.entry.size;
        if size > limit {
            return Err(FileError::TooLarge { size, limit });
        }
        let chunks = self.into_chunks().try_fold(Vec::new(), |mut all, chunk| async move {
            all.extend_from_slice(&chunk);
            Ok(all)
        });
        chunks.await.map_err(|error| FileError::Failed(error.to_string()))
    }
}

fn entry(meta: &ObjectMeta) -> Entry {
    Entry { name: meta.location.to_string(), size: meta.size, version: meta.e_tag.clone() }
}

fn is_shown(path: &Path) -> bool {
    !path.is_root() && path.parts().all(|part| !part.as_ref().starts_with('.'))
}

#[cfg(test)]
mod tests;
