//! The templates of a folder, each read again when its file has changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{self, StreamExt as _};
use penstock_folder::{Entry, FileError, Folder};

use crate::template::Template;

/// What a template's file ends with.
const ENDING: &str = ".md";

/// The largest template, in bytes.
const MAX_SIZE: u64 = 64 * 1024;

/// The most templates; the rest is reported and left out.
const MAX_TEMPLATES: usize = 1000;

/// How many files are read at once.
const AT_ONCE: usize = 16;

/// The templates of a folder.
#[derive(Debug)]
pub(crate) struct Shelf {
    folder: Folder,
    /// Those of the last look, with the files they are of.
    known: Mutex<BTreeMap<String, Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    file: Entry,
    /// `None`: the file is no template, which has been reported.
    template: Option<Arc<Template>>,
}

impl Shelf {
    pub(crate) fn new(folder: Folder) -> Self {
        Self { folder, known: Mutex::default() }
    }

    /// All templates by their prompts' names. A bad one is reported and does not hurt the others.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub(crate) async fn templates(&self) -> Result<BTreeMap<String, Arc<Template>>, FileError> {
        let mut files = self.folder.list("").await?;
        files.retain(|file| file.name.ends_with(ENDING));
        if files.len() > MAX_TEMPLATES {
            tracing::warn!(files = files.len(), "templates left out: more than {MAX_TEMPLATES}");
            files.truncate(MAX_TEMPLATES);
        }
        let before = std::mem::take(&mut *self.known.lock().unwrap_or_else(PoisonError::into_inner));
        let looked_at = files.into_iter().map(|file| self.look(before.get(&file.name), file));
        let looked_at: Vec<Known> = stream::iter(looked_at).buffered(AT_ONCE).collect().await;
        let mut templates = BTreeMap::new();
        for known in &looked_at {
            let Some(template) = &known.template else { continue };
            if templates.contains_key(&template.entry.name) {
                tracing::warn!(file = known.file.name, "template left out: another one has its name");
            } else {
                templates.insert(template.entry.name.clone(), Arc::clone(template));
            }
        }
        let known = looked_at.into_iter().map(|known| (known.file.name.clone(), known));
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known.collect();
        Ok(templates)
    }

    /// The template of a file: the one that is known if the file is what it was.
    async fn look(&self, known: Option<&Known>, file: Entry) -> Known {
        if let Some(known) = known.filter(|known| known.file == file && file.version.is_some()) {
            return known.clone();
        }
        let read = self.read(&file).await;
        let template = read.inspect_err(|reason| tracing::warn!(file = file.name, reason, "template left out"));
        Known { file, template: template.ok().map(Arc::new) }
    }

    async fn read(&self, file: &Entry) -> Result<Template, String> {
        let content = self.folder.file(&file.name).await.map_err(|error| error.to_string())?;
        let content = content.read(MAX_SIZE).await.map_err(|error| error.to_string())?;
        let content = String::from_utf8(content).map_err(|_| "it is not UTF-8".to_owned())?;
        Template::parse(&prompt_name(&file.name), &content)
    }
}

/// The name of a file's prompt: `team/summarize.md` is `team.summarize`.
fn prompt_name(file: &str) -> String {
    file.strip_suffix(ENDING).unwrap_or(file).replace('/', ".")
}
