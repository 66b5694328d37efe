//! `guide://…`: the Markdown files of a folder as resources that clients list.

mod summary;

use futures_util::StreamExt as _;
use futures_util::stream;
use penstock_folder::{Entry, FileError, Folder, NoFolder};
use penstock_kit::{Call, Contents, ResourceEntry, ResourceLibrary, ToolError};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use summary::Summary;

/// Where the guides are: a path, or `s3://bucket/prefix`.
const LOCATION: &str = "PENSTOCK_GUIDES";

/// What a guide's file ends with.
const ENDING: &str = ".md";

/// The scheme of their URIs.
const SCHEME: &str = "guide://";

const MIME_TYPE: &str = "text/markdown";

/// The most guides; the rest is reported and left out.
const MAX_GUIDES: usize = 1000;

/// How many files are looked into at once.
const AT_ONCE: usize = 16;

/// What stands for itself in a URI (RFC 3986, section 2.3), and the slash between the parts of a path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The longest name an entry can have (rule R-8).
const MAX_NAME: usize = 64;

/// The library.
pub(crate) struct Guides {
    folder: Folder,
}

impl Guides {
    /// Opens the folder. Of S3 nothing is asked yet.
    ///
    /// # Errors
    /// [`NoFolder`] if there is no such folder.
    pub(crate) async fn open() -> Result<Self, NoFolder> {
        Ok(Self { folder: Folder::from_env(LOCATION).await? })
    }

    /// What clients are told of a file; nothing if it cannot be looked into.
    async fn entry(&self, file: Entry) -> Option<ResourceEntry> {
        let beginning = match self.beginning(&file.name).await {
            Ok(beginning) => beginning,
            Err(error) => {
                tracing::warn!(file = file.name, %error, "guide left out");
                return None;
            }
        };
        let path = file.name.strip_suffix(ENDING).unwrap_or(&file.name);
        let Summary { title, description } = Summary::of(&beginning);
        Some(ResourceEntry {
            uri: format!("{SCHEME}{}", utf8_percent_encode(path, PATH)),
            name: name(path),
            title,
            description,
            mime_type: Some(MIME_TYPE.to_owned()),
            size: Some(file.size),
        })
    }

    /// The first chunk of a file, which is all of it for most.
    async fn beginning(&self, file: &str) -> Result<String, FileError> {
        let mut chunks = self.folder.file(file).await?.into_chunks();
        let first = chunks.next().await.transpose().map_err(|error| FileError::Failed(error.to_string()))?;
        Ok(String::from_utf8_lossy(&first.unwrap_or_default()).into_owned())
    }
}

impl ResourceLibrary for Guides {
    const MANIFEST: &str = include_str!("library.json");

    async fn list(&self, _: &Call) -> Result<Vec<ResourceEntry>, ToolError> {
        let mut files = self.folder.list("").await.map_err(ToolError::failed)?;
        files.retain(|file| file.name.ends_with(ENDING));
        if files.len() > MAX_GUIDES {
            tracing::warn!(files = files.len(), "guides left out: more than {MAX_GUIDES}");
            files.truncate(MAX_GUIDES);
        }
        let entries = stream::iter(files).map(|file| self.entry(file)).buffered(AT_ONCE);
        Ok(entries.filter_map(std::future::ready).collect().await)
    }

    async fn read(&self, uri: &str, _: &Call) -> Result<Contents, ToolError> {
        let path = uri.strip_prefix(SCHEME).unwrap_or_default();
        let path = percent_decode_str(path).decode_utf8().map_err(|_| ToolError::not_found(uri))?;
        match self.folder.file(&format!("{path}{ENDING}")).await {
            Ok(file) => Ok(Contents::stream_text(uri, MIME_TYPE, file.into_chunks())),
            Err(FileError::Missing) => Err(ToolError::not_found(uri)),
            Err(error) => Err(ToolError::failed(error)),
        }
    }
}

/// A path in the characters that a name has.
fn name(path: &str) -> String {
    let spelled = |character: char| match character {
        '/' => '.',
        '_' | '.' | '-' => character,
        _ if character.is_ascii_alphanumeric() => character,
        _ => '-',
    };
    path.chars().map(spelled).take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests {
    use penstock_kit::{ResourceLibrary as _, testing};

    use super::Guides;

    #[test]
    fn the_manifest_is_valid() {
        testing::assert_manifest_is_valid(Guides::MANIFEST);
    }
}
