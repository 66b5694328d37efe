//! `repository://{owner}/{name}`: what is this repository?

mod complete;

use futures_util::future::try_join;
use futures_util::{FutureExt as _, TryFutureExt as _};
use penstock_fetch::Text;
use penstock_kit::content::ResourceContents;
use penstock_kit::{Call, Completion, Completions, Contents, ErrorObject, Template, ToolError, code};
use serde::{Deserialize, Serialize};

use crate::github::GitHub;
use crate::model::Facts;

/// Bytes of a README that are passed on.
const MAX_README: usize = 100 * 1024;

/// The template.
pub(crate) struct Repository(pub(crate) GitHub);

/// The variables of the URI.
#[derive(Deserialize)]
pub(crate) struct Variables {
    owner: String,
    name: String,
}

/// What the resource holds.
#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    facts: Facts,
    /// Null if there is none.
    readme: Option<Readme>,
}

#[derive(Serialize)]
struct Readme {
    text: String,
    /// Whether the text is only the beginning.
    truncated: bool,
}

impl Template for Repository {
    const MANIFEST: &str = include_str!("resource.json");
    type Variables = Variables;

    async fn read(&self, uri: &str, Variables { owner, name }: Variables, _: &Call) -> Result<Contents, ToolError> {
        if !is_name(&owner) || !is_name(&name) {
            return Err(ToolError::not_found(uri));
        }
        let about = self.0.get("repos").segment(&owner).segment(&name);
        let (facts, readme) = (self.0.json(about.clone()), self.0.raw(about.segment("readme"), MAX_README));
        let facts = facts.map_err(|error| if error.is_not_found() { ToolError::not_found(uri) } else { error.into() });
        let readme = readme.map(|readme| match readme {
            Ok(Text { text, is_cut }) => Ok(Some(Readme { text, truncated: is_cut })),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        });
        let (facts, readme) = try_join(facts, readme).await?;
        let document = serde_json::to_string(&Document { facts, readme });
        let document = document.map_err(|_| ErrorObject::new(code::INTERNAL_ERROR, "the repository is not JSON"))?;
        Ok(ResourceContents::text(uri, "application/json", document).into())
    }

    async fn complete(&self, completion: Completion, _: &Call) -> Result<Completions, ToolError> {
        Ok(complete::complete(&self.0, &completion).await)
    }
}

/// Whether GitHub could have an owner or a repository of this name.
fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=100).contains(&text.len()) && text.bytes().all(fits) && text != "." && text != ".."
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::{Repository, Template as _, is_name};

    #[test]
    fn the_manifest_is_valid() {
        testing::assert_manifest_is_valid(Repository::MANIFEST);
    }

    #[test]
    fn names_are_what_github_allows() {
        for name in ["octocat", "penstock-mcp", "a.b_c", ".github"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", ".", "..", "a/b", "a b", "ü", &"x".repeat(101)] {
            assert!(!is_name(name), "{name}");
        }
    }
}
