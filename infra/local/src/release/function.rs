//! The function a catalog entry names.

use std::fmt;

/// A published version of a function: `arn:aws:lambda:REGION:ACCOUNT:function:NAME:VERSION`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FunctionVersion {
    /// The function's ARN, without the version.
    pub(super) function: String,
    /// Which version; Lambda counts them from 1 and uses none twice.
    pub(super) version: u64,
    place: Place,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    region: String,
    account: String,
}

/// Not the ARN of a function with a version.
#[derive(Debug, thiserror::Error)]
#[error("`function` is {0:?}; use the ARN of a published version")]
pub(crate) struct UnpublishedError(String);

impl FunctionVersion {
    /// # Errors
    /// [`UnpublishedError`], for an alias and for `$LATEST` too.
    pub(super) fn parse(arn: &str) -> Result<Self, UnpublishedError> {
        let parts: Vec<_> = arn.split(':').collect();
        let parsed = match parts[..] {
            ["arn", _, "lambda", _, _, "function", name, version] if !name.is_empty() => {
                version.parse().ok().zip(Place::of(arn)).zip(arn.rsplit_once(':'))
            }
            _ => None,
        };
        let ((version, place), (function, _)) = parsed.ok_or_else(|| UnpublishedError(arn.to_owned()))?;
        Ok(Self { function: function.to_owned(), version, place })
    }

    /// Whether it is where something else is, so that the same credentials and endpoints reach it.
    pub(super) fn is_at(&self, place: &Place) -> bool {
        self.place == *place
    }

    /// Whether both are versions of one function.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.function == other.function
    }
}

impl Place {
    /// Region and account of any ARN that has both.
    pub(super) fn of(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':').skip(3).map(str::to_owned);
        let (region, account) = parts.next().zip(parts.next())?;
        (!region.is_empty() && !account.is_empty()).then_some(Self { region, account })
    }
}

impl fmt::Display for FunctionVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.function, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::{FunctionVersion, Place};

    #[test]
    fn a_published_version_has_a_number_and_a_place() {
        let arn = "arn:aws:lambda:eu-central-1:123456789012:function:dev-penstock-ping:7";
        let function = FunctionVersion::parse(arn).expect("a version");
        assert_eq!((function.version, function.to_string().as_str()), (7, arn));
        let parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter/penstock/dev-penstock/tools/ping";
        assert!(function.is_at(&Place::of(parameter).expect("a place")));
        assert!(!function.is_at(&Place::of(&parameter.replace("eu-central-1", "eu-west-1")).expect("a place")));
    }

    #[test]
    fn what_is_no_published_version_is_refused() {
        let function = "arn:aws:lambda:eu-central-1:123456789012:function:ping";
        let aliased = [format!("{function}:live"), format!("{function}:$LATEST")];
        for wrong in [function, "ping:7", "", &aliased[0], &aliased[1]] {
            let error = FunctionVersion::parse(wrong).expect_err(wrong);
            assert!(error.to_string().contains("published version"), "{error}");
        }
    }
}
