//! Libraries: prompts and guides that appear while everything runs.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use penstock_e2e::{Access, Penstock};
use rmcp::model::{GetPromptRequestParams, ReadResourceRequestParams};
use rstest::rstest;
use serde_json::json;

use crate::client;

/// How long a new file may take to be seen: its library's listing is good for ten seconds.
const PATIENCE: Duration = Duration::from_mins(1);

#[rstest]
#[tokio::test]
async fn samples_are_listed_filled_in_and_completed(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let client = client::connect(&penstock).await?;
    let prompts = client.list_all_prompts().await?;
    let names: Vec<_> = prompts.iter().map(|prompt| &*prompt.name).collect();
    assert!(names.contains(&"review_code") && names.contains(&"team.summarize"), "{names:?}");
    let arguments = json!({ "code": "x = 1", "language": "Python" }).as_object().cloned().context("an object")?;
    let filled = client.get_prompt(GetPromptRequestParams::new("review_code").with_arguments(arguments)).await?;
    assert!(format!("{:?}", filled.messages).contains("Review this Python code."), "{filled:?}");
    assert_eq!(client.complete_prompt_simple("review_code", "language", "ja").await?, ["Java", "JavaScript"]);
    let resources = client.list_all_resources().await?;
    assert!(resources.iter().any(|guide| guide.uri == "guide://adding-a-tool"), "{resources:?}");
    let read = client.read_resource(ReadResourceRequestParams::new("guide://adding-a-tool")).await?;
    assert!(format!("{:?}", read.contents).contains("# Adding a tool"), "{read:?}");
    client.cancel().await?;
    Ok(())
}

#[tokio::test]
async fn a_new_template_and_a_new_guide_appear_while_everything_runs() -> anyhow::Result<()> {
    let (prompts, guides) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let location = |folder: &tempfile::TempDir| folder.path().to_str().map(str::to_owned).context("a path in UTF-8");
    let (at_prompts, at_guides) = (location(&prompts)?, location(&guides)?);
    let environment = [("PENSTOCK_PROMPTS", &*at_prompts), ("PENSTOCK_GUIDES", &*at_guides)];
    let penstock = Penstock::configured(&[], &environment).await?;
    let client = client::connect(&penstock).await?;
    assert!(client.list_all_prompts().await?.is_empty());

    fs::write(prompts.path().join("fresh.md"), "Say {{ what }}.")?;
    fs::write(guides.path().join("fresh.md"), "# Fresh\n")?;
    let begun = Instant::now();
    loop {
        let (prompts, resources) = (client.list_all_prompts().await?, client.list_all_resources().await?);
        if !prompts.is_empty() && resources.iter().any(|guide| guide.uri == "guide://fresh") {
            break;
        }
        if begun.elapsed() > PATIENCE {
            bail!("nothing has appeared: {prompts:?} {resources:?}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let arguments = json!({ "what": "hello" }).as_object().cloned().context("an object")?;
    let filled = client.get_prompt(GetPromptRequestParams::new("fresh").with_arguments(arguments)).await?;
    assert!(format!("{:?}", filled.messages).contains("Say hello."), "{filled:?}");
    client.cancel().await?;
    Ok(())
}
