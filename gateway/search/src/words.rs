//! Text as words that can be compared.

use std::fmt;

use bm25::Tokenizer;
use rust_stemmers::{Algorithm, Stemmer};

/// Words that are in every description and tell nothing.
const COMMON: [&str; 34] = [
    "a", "all", "an", "and", "are", "as", "at", "be", "by", "can", "do", "for", "from", "how", "i", "if", "in", "is",
    "it", "its", "me", "my", "of", "on", "or", "that", "the", "this", "to", "was", "what", "which", "with", "you",
];

/// Splits where a word ends, in names of code too, and takes endings off: `listAllBuckets` and "listing a bucket" share
/// `list` and `bucket`.
pub(crate) struct Words {
    stemmer: Stemmer,
}

impl Default for Words {
    fn default() -> Self {
        Self { stemmer: Stemmer::create(Algorithm::English) }
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words")
    }
}

impl Tokenizer for Words {
    fn tokenize(&self, text: &str) -> Vec<String> {
        let words = text.split(|character: char| !character.is_alphanumeric()).flat_map(humps);
        let words = words.map(str::to_lowercase).filter(|word| !word.is_empty() && !COMMON.contains(&&**word));
        words.map(|word| self.stemmer.stem(&word).into_owned()).collect()
    }
}

/// The parts of a word in camel case: `getS3Object` is `get`, `S3`, `Object`; `HTTPServer` is `HTTP`, `Server`.
fn humps(word: &str) -> Vec<&str> {
    let characters: Vec<(usize, char)> = word.char_indices().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for (before, window) in characters.windows(2).enumerate() {
        let [(_, left), (at, right)] = [window[0], window[1]];
        let next_is_lower = characters.get(before + 2).is_some_and(|(_, next)| next.is_lowercase());
        if right.is_uppercase() && (!left.is_uppercase() || next_is_lower) {
            parts.push(&word[start..at]);
            start = at;
        }
    }
    parts.push(&word[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use bm25::Tokenizer as _;

    use super::Words;

    fn words(text: &str) -> Vec<String> {
        Words::default().tokenize(text)
    }

    #[test]
    fn names_of_code_are_split_where_their_words_end() {
        for name in ["get_cost_forecast", "getCostForecast", "GetCostForecast", "get-cost.forecast"] {
            assert_eq!(words(name), ["get", "cost", "forecast"], "{name}");
        }
        assert_eq!(words("HTTPServer readS3Object"), ["http", "server", "read", "s3", "object"]);
    }

    #[test]
    fn endings_case_and_common_words_do_not_matter() {
        assert_eq!(words("Listing the Buckets"), words("list bucket"));
        assert_eq!(words("what is it"), [""; 0]);
    }

    #[test]
    fn other_scripts_are_words_too() {
        assert_eq!(words("Wetter für Zürich 天気"), ["wetter", "für", "zürich", "天気"]);
        assert_eq!(words("...  --- "), [""; 0]);
    }
}
