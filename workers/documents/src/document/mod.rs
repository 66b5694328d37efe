//! `document://{+path}`: any file of the folder, however large, in bounded memory.

use std::io;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use penstock_folder::{FileError, Folder, NoFolder};
use penstock_kit::{Call, Completion, Completions, Contents, Template, ToolError};
use serde::Deserialize;

use crate::media;

/// Where the documents are: a path, or `s3://bucket/prefix`.
const LOCATION: &str = "PENSTOCK_DOCUMENTS";

/// The largest document, in bytes: in base64 it takes what Lambda streams, which is 200 MB.
const MAX_SIZE: u64 = 150_000_000;

/// The template.
pub(crate) struct Document {
    folder: Folder,
}

#[derive(Deserialize)]
pub(crate) struct Variables {
    path: String,
}

impl Document {
    /// Opens the folder. Of S3 nothing is asked yet.
    ///
    /// # Errors
    /// [`NoFolder`] if there is no such folder.
    pub(crate) async fn open() -> Result<Self, NoFolder> {
        Ok(Self { folder: Folder::from_env(LOCATION).await? })
    }
}

impl Template for Document {
    const MANIFEST: &str = include_str!("resource.json");
    type Variables = Variables;

    async fn read(&self, uri: &str, Variables { path }: Variables, _: &Call) -> Result<Contents, ToolError> {
        let file = self.folder.file(&path).await.map_err(|error| failure(uri, &error))?;
        let size = file.entry.size;
        if size > MAX_SIZE {
            return Err(failure(uri, &FileError::TooLarge { size, limit: MAX_SIZE }));
        }
        let media = media::of(&path);
        let mut chunks = file.into_chunks();
        let first = chunks.next().await.transpose().map_err(ToolError::failed)?;
        let is_text = media.is_text && first.as_ref().is_none_or(begins_a_text);
        let chunks = stream::iter(first.map(Ok::<_, io::Error>)).chain(chunks);
        Ok(if is_text {
            Contents::stream_text(uri, media.mime_type, chunks)
        } else {
            Contents::stream_blob(uri, media.mime_type, chunks)
        })
    }

    async fn complete(&self, completion: Completion, _: &Call) -> Result<Completions, ToolError> {
        let entries = self.folder.list(completion.value()).await.map_err(ToolError::failed)?;
        Ok(Completions::new(entries.into_iter().map(|entry| entry.name)))
    }
}

/// A file in another character set would break off as text: it is sent as the bytes it is.
fn begins_a_text(chunk: &Bytes) -> bool {
    str::from_utf8(chunk).map_or_else(|error| error.error_len().is_none(), |text| !text.contains('\0'))
}

fn failure(uri: &str, error: &FileError) -> ToolError {
    if *error == FileError::Missing { ToolError::not_found(uri) } else { ToolError::failed(error) }
}

#[cfg(test)]
mod tests {
    use penstock_kit::{Template as _, testing};

    use super::Document;

    #[test]
    fn the_manifest_is_valid() {
        testing::assert_manifest_is_valid(Document::MANIFEST);
    }
}
