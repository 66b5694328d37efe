//! Which tools of a catalog a few words are about.
//!
//! Ranked by [Okapi BM25](https://en.wikipedia.org/wiki/Okapi_BM25) over what a model reads of a tool: its name, its title, its
//! description, and the names of its arguments. Lexical: no model, no network, the same answer every time.

mod words;

use bm25::{Embedder, EmbedderBuilder, Scorer};

use words::Words;

/// A word of a name says more about a tool than one of its description: it counts as often.
const NAME_WEIGHT: usize = 3;

/// The same of a title.
const TITLE_WEIGHT: usize = 2;

/// What is known of one tool.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'a> {
    /// Its name, in any of the usual spellings: `get_weather`, `getWeather`, `get-weather`.
    pub name: &'a str,
    /// Its title; may be empty.
    pub title: &'a str,
    /// Its description; may be empty.
    pub description: &'a str,
    /// The names of its arguments, separated by white space; may be empty.
    pub arguments: &'a str,
}

/// An index of documents, which are known by their place in it.
pub struct Index {
    embedder: Embedder<u32, Words>,
    scorer: Scorer<usize>,
}

impl Index {
    /// Reads the documents.
    pub fn new<'a>(documents: impl IntoIterator<Item = Document<'a>>) -> Self {
        let texts: Vec<String> = documents.into_iter().map(Document::text).collect();
        let corpus: Vec<&str> = texts.iter().map(String::as_str).collect();
        let embedder: Embedder<u32, Words> =
            EmbedderBuilder::with_tokenizer_and_fit_to_corpus(Words::default(), &corpus).build();
        let mut scorer = Scorer::new();
        for (at, text) in corpus.iter().enumerate() {
            scorer.upsert(&at, embedder.embed(text));
        }
        Self { embedder, scorer }
    }

    /// The places of all documents that share a word with `query`, best first; of equals, the first first.
    pub fn search(&self, query: &str) -> Vec<usize> {
        let mut found = self.scorer.matches(&self.embedder.embed(query));
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        found.into_iter().map(|document| document.id).collect()
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}

impl Document<'_> {
    /// All that is searched, each part as often as it counts.
    fn text(self) -> String {
        let names = std::iter::repeat_n(self.name, NAME_WEIGHT);
        let titles = std::iter::repeat_n(self.title, TITLE_WEIGHT);
        let parts = names.chain(titles).chain([self.description, self.arguments]);
        parts.collect::<Vec<_>>().join(" ")
    }
}
