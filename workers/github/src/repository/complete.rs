//! How owner and name could go on.

use penstock_kit::{Completion, Completions};
use serde::Deserialize;

use super::is_name;
use crate::github::GitHub;

/// Matches asked for.
const MATCHES: usize = 20;

#[derive(Deserialize)]
struct Found<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Owner {
    login: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// What GitHub finds; nothing if it cannot be asked, which is no reason to keep anybody from typing on.
pub(super) async fn complete(github: &GitHub, completion: &Completion) -> Completions {
    let typed = completion.value();
    if !is_name(typed) {
        return Completions::default();
    }
    let search = |path: &str, query: String| github.get(path).query("q", query).query("per_page", MATCHES);
    let found: Vec<String> = match (completion.argument(), completion.known("owner")) {
        ("owner", _) => {
            let found = github.json(search("search/users", format!("{typed} in:login"))).await;
            found.map(|Found { items }| items.into_iter().map(|Owner { login }| login).collect())
        }
        ("name", Some(owner)) if is_name(owner) => {
            let found = github.json(search("search/repositories", format!("{typed} in:name user:{owner}"))).await;
            found.map(|Found { items }| items.into_iter().map(|Named { name }| name).collect())
        }
        _ => Ok(Vec::new()),
    }
    .unwrap_or_default();
    Completions::matching(completion, found.iter().map(String::as_str))
}
