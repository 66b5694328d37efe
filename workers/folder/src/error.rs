use object_store::Error;
use penstock_aws::TrustError;
use penstock_aws::failure::Failure;

/// Why a folder cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none on disk.
    #[error("{0}: no such folder")]
    NoFolder(String),
    /// The location is neither a path nor a bucket with a prefix.
    #[error("{0}: write s3://bucket or s3://bucket/prefix")]
    Location(String),
    /// There is nobody to trust.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// No client of S3 can be made.
    #[error("no client of S3: {0}")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why there is nothing to serve: an environment variable locates no folder.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {reason}")]
pub struct NoFolder {
    /// The variable.
    pub(crate) name: &'static str,
    /// What is wrong with the location in it.
    pub(crate) reason: OpenError,
}

/// Why a file cannot be read. Fit for clients: it names neither paths on disk nor what S3 said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is none of this name.
    #[error("there is no such file")]
    Missing,
    /// It holds more than was asked for.
    #[error("the file has {size} bytes, and {limit} are the most that can be read")]
    TooLarge {
        /// Its bytes.
        size: u64,
        /// The most it may have.
        limit: u64,
    },
    /// The store failed; the reason, in words.
    #[error("{0}")]
    Failed(String),
}

/// Where a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Disk,
    S3,
}

impl Place {
    /// What a store's error means. `permission` is the IAM action that S3 wants.
    pub(crate) fn failure(self, error: &Error, permission: &str) -> FileError {
        let failure = match error {
            Error::NotFound { .. } | Error::InvalidPath { .. } => return FileError::Missing,
            _ if self == Self::Disk => {
                return FileError::Failed("The file cannot be read. Only the operator can change that.".to_owned());
            }
            Error::PermissionDenied { .. } => Failure::Denied,
            Error::Unauthenticated { .. } => Failure::NoCredentials,
            error => match status(error) {
                Some(403) => Failure::Denied,
                Some(404) => {
                    let reason = "There is no bucket of this name. Only the operator of this function can change that.";
                    return FileError::Failed(reason.to_owned());
                }
                Some(429 | 503) => Failure::Throttled,
                _ => Failure::Unreachable,
            },
        };
        FileError::Failed(failure.explain("S3", permission))
    }
}

/// What S3 answered, where the error of a list does not say so itself: its type is the crate's own secret, its text is not.
fn status(error: &Error) -> Option<u16> {
    let text = error.to_string();
    let (_, status) = text.split_once("status code: ")?;
    status.get(..3)?.parse().ok()
}
