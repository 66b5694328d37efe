//! Repositories, as GitHub describes them and as they are answered.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// One repository.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Facts {
    /// Owner and name.
    pub(crate) full_name: String,
    pub(crate) description: Option<String>,
    /// Its page.
    #[serde(rename(deserialize = "html_url"))]
    pub(crate) url: String,
    #[serde(rename(deserialize = "stargazers_count"))]
    pub(crate) stars: u64,
    #[serde(rename(deserialize = "forks_count"))]
    pub(crate) forks: u64,
    /// Open issues and pull requests.
    #[serde(rename(deserialize = "open_issues_count"))]
    pub(crate) open_issues: u64,
    /// The main programming language.
    pub(crate) language: Option<String>,
    #[serde(default)]
    pub(crate) topics: Vec<String>,
    /// The license's SPDX identifier.
    #[serde(default, deserialize_with = "spdx_id")]
    pub(crate) license: Option<String>,
    pub(crate) default_branch: String,
    /// Whether it is read-only.
    #[serde(default)]
    pub(crate) archived: bool,
    /// When something was last pushed to it, in UTC.
    pub(crate) pushed_at: Option<String>,
}

fn spdx_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct License {
        spdx_id: Option<String>,
    }
    let license = Option::<License>::deserialize(deserializer)?;
    // GitHub's word for a license it does not know.
    Ok(license.and_then(|license| license.spdx_id).filter(|id| id != "NOASSERTION"))
}
