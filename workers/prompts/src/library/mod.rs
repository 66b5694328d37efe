//! The library: one prompt for each template of a folder or bucket.

use std::collections::BTreeMap;
use std::sync::Arc;

use penstock_folder::{Folder, NoFolder};
use penstock_kit::{
    Call, Completion, Completions, Content, ErrorObject, Messages, PromptEntry, PromptLibrary, ToolError, code,
};

use crate::shelf::Shelf;
use crate::template::Template;

/// Where the templates are: a path, or `s3://bucket/prefix`.
const LOCATION: &str = "PENSTOCK_PROMPTS";

/// The library.
pub(crate) struct Library {
    shelf: Shelf,
}

impl Library {
    /// Opens the folder. Of S3 nothing is asked yet.
    ///
    /// # Errors
    /// [`NoFolder`] if there is no such folder.
    pub(crate) async fn open() -> Result<Self, NoFolder> {
        Ok(Self { shelf: Shelf::new(Folder::from_env(LOCATION).await?) })
    }

    async fn template(&self, name: &str) -> Result<Arc<Template>, ToolError> {
        let mut templates = self.shelf.templates().await.map_err(ToolError::failed)?;
        templates.remove(name).ok_or_else(|| ToolError::unknown_prompt(name))
    }
}

impl PromptLibrary for Library {
    const MANIFEST: &str = include_str!("library.json");

    async fn list(&self, _: &Call) -> Result<Vec<PromptEntry>, ToolError> {
        let templates = self.shelf.templates().await.map_err(ToolError::failed)?;
        Ok(templates.into_values().map(|template| template.entry.clone()).collect())
    }

    async fn get(&self, name: &str, given: BTreeMap<String, String>, _: &Call) -> Result<Messages, ToolError> {
        let template = self.template(name).await?;
        let misfit = |reason| ErrorObject::new(code::INVALID_PARAMS, reason);
        template.arguments.check(&given).map_err(misfit)?;
        let text = template.fill(&given).map_err(|reason| {
            tracing::warn!(prompt = name, reason, "a template could not be filled in");
            ToolError::failed("The template of this prompt cannot be filled in with these arguments.")
        })?;
        let messages = Messages::new().user(Content::text(text));
        Ok(match &template.entry.description {
            Some(description) => messages.described(description),
            None => messages,
        })
    }

    async fn complete(&self, name: &str, completion: Completion, _: &Call) -> Result<Completions, ToolError> {
        let template = self.template(name).await?;
        let values = template.arguments.values(completion.argument());
        Ok(Completions::matching(&completion, values.iter().map(String::as_str)))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::{PromptLibrary as _, testing};

    use super::Library;

    #[test]
    fn the_manifest_is_valid() {
        testing::assert_manifest_is_valid(Library::MANIFEST);
    }
}
