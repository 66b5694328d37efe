//! The headless browser, and a person before it.

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::node;

/// What was seen on the way through the pages of a sign-in.
#[derive(Debug)]
pub struct Visit {
    /// The pages, in order: `page` (its path), `status`, `title`, `headings`, `text`, and `violations` if asked for.
    pub pages: Vec<Value>,
    /// The address where the browser was in the end.
    pub landed: String,
}

/// Opens an authorization URL, allows what is asked for, and signs in at the development identity provider, as `options`
/// say (see `e2e/clients/browser/sign_in.mjs`): alice, by mouse, unless they say otherwise.
///
/// # Errors
/// If a page is not what it should be, as [`node::script`] says; a picture of it is below `target/screenshots`.
pub async fn sign_in(url: &str, options: &Value) -> anyhow::Result<Visit> {
    let mut pages = node::browse("browser/sign_in.mjs", &[url, &options.to_string()]).await?;
    let end = pages.pop().context("the browser told of nothing")?;
    let landed = end["landed"].as_str().with_context(|| format!("it did not land: {end}"))?.to_owned();
    Ok(Visit { pages, landed })
}

/// The text that each page shows in a frame of a page from elsewhere.
///
/// # Errors
/// If frames show nothing at all, or as [`node::script`] says.
pub async fn framed(urls: &[&str]) -> anyhow::Result<Vec<String>> {
    let shown = node::browse("browser/framed.mjs", urls).await?;
    let texts: Vec<_> = shown.iter().filter_map(|frame| frame["shown"].as_str().map(str::to_owned)).collect();
    let (harmless, texts) = texts.split_first().context("no frame was told of")?;
    ensure!(harmless == "I may be framed.", "frames do not work: {shown:?}");
    Ok(texts.to_vec())
}
