//! What the catalog asks of the place its documents are in.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::folder::{self, FolderError};
use super::parameters::ParametersError;

/// Where documents are.
pub(super) trait Source: Send + Sync + 'static {
    /// Every document there is, or none of them.
    ///
    /// `mark` is that of the listing that is served. A source that can tell by it that nothing has changed says so
    /// without listing anything.
    fn list(&self, mark: Option<String>) -> BoxFuture<'_, Result<Listing, CatalogError>>;

    /// How often it is asked.
    fn pace(&self) -> Pace;
}

/// How often a source is asked, and by whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The time between two looks, at least.
    pub(super) every: Duration,
    /// How long nobody may have looked without the request that looks waiting for what there is.
    pub(super) patience: Duration,
}

/// What a source holds.
#[derive(Debug)]
pub(super) struct Listing {
    /// Every document; `None` if they are those of the mark that was asked with.
    pub(super) documents: Option<Vec<Found>>,
    /// What stands for all of them together, where the source knows such a thing.
    pub(super) mark: Option<String>,
    /// How long ago they were like this.
    pub(super) age: Duration,
}

/// A document that is there.
#[derive(Debug)]
pub(super) struct Found {
    /// What operators know it by.
    pub(super) name: String,
    /// Tells one version of the document from another without reading it. No stamp: it cannot be looked at.
    pub(super) stamp: Option<String>,
    pub(super) text: Text,
}

/// What a document says, if it has changed.
#[derive(Debug)]
pub(super) enum Text {
    Here(String),
    InFile(PathBuf),
}

/// The catalog cannot be read. Bad entries are no such error: they are reported and left out.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// It is a folder, and cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// It is in Parameter Store, which did not say all of it.
    #[error(transparent)]
    Parameters(#[from] ParametersError),
    /// The reading ended before its time.
    #[error("the reading of the catalog was interrupted")]
    Interrupted,
    /// It takes too long.
    #[error("the catalog could not be read within {} seconds", .0.as_secs())]
    TooLong(Duration),
}

impl Text {
    pub(super) fn read(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Here(text) => Ok(text.into_bytes()),
            Self::InFile(path) => folder::read(&path),
        }
    }
}
