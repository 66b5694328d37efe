//! `search_repositories`: which repositories are there?

mod text;

use penstock_kit::{Call, Content, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::github::GitHub;
use crate::model::Facts;

/// Repositories one answer may hold; GitHub's largest page.
const MAX_RESULTS: u32 = 100;

/// Characters GitHub takes of a query, qualifiers included.
const MAX_QUERY: usize = 256;

/// The tool.
pub(crate) struct SearchRepositories(pub(crate) GitHub);

/// What `search_repositories` takes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// Words to look for in names, descriptions and topics. GitHub's qualifiers work, too: topic:cli, user:octocat,
    /// stars:>100, license:mit, pushed:>2026-01-01, archived:false.
    #[schemars(length(min = 1, max = MAX_QUERY))]
    query: String,
    /// The main programming language, e.g. Rust.
    #[serde(default)]
    language: Option<String>,
    /// What comes first; the greatest number, or the latest.
    #[serde(default)]
    sort: Sort,
    /// The most repositories to answer.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = MAX_RESULTS))]
    limit: u32,
}

const fn default_limit() -> u32 {
    10
}

/// An order of results.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Sort {
    #[default]
    BestMatch,
    Stars,
    Forks,
    Updated,
}

/// What `search_repositories` answers.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Output {
    /// How many repositories match.
    #[serde(rename(deserialize = "total_count"))]
    total: u64,
    /// Whether GitHub ran out of time and may have missed some.
    #[serde(rename(deserialize = "incomplete_results"))]
    incomplete: bool,
    /// The first of them.
    #[serde(rename(deserialize = "items"))]
    repositories: Vec<Facts>,
}

impl Tool for SearchRepositories {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, arguments: Arguments, _: &Call) -> Result<Reply<Output>, ToolError> {
        let Arguments { sort, limit, .. } = arguments;
        if !(1..=MAX_RESULTS).contains(&limit) {
            return Err(ToolError::failed(format!("`limit` is {limit}; use 1 to {MAX_RESULTS}.")));
        }
        let query = query(&arguments.query, arguments.language.as_deref())?;
        let search = self.0.get("search/repositories").query("q", query).query("per_page", limit);
        let search = match sort {
            Sort::BestMatch => search,
            Sort::Stars => search.query("sort", "stars"),
            Sort::Forks => search.query("sort", "forks"),
            Sort::Updated => search.query("sort", "updated"),
        };
        let output: Output = self.0.json(search).await?;
        let text = Content::text(output.to_string());
        Ok(Reply::from(output).with_content(text))
    }
}

/// The query in GitHub's language.
fn query(words: &str, language: Option<&str>) -> Result<String, ToolError> {
    let words = words.trim();
    if words.is_empty() {
        return Err(ToolError::failed("`query` is empty; send words or a qualifier such as stars:>1000."));
    }
    let query = match language.map(str::trim).filter(|language| !language.is_empty()) {
        Some(language) if language.contains('"') => {
            return Err(ToolError::failed("`language` holds a quotation mark; send its bare name, such as C++."));
        }
        Some(language) => format!("{words} language:\"{language}\""),
        None => words.to_owned(),
    };
    match query.chars().count() {
        0..=MAX_QUERY => Ok(query),
        length => Err(ToolError::Failed(format!(
            "The query has {length} characters with its language; GitHub takes {MAX_QUERY}. Send fewer words."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::SearchRepositories;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<SearchRepositories>();
    }
}
