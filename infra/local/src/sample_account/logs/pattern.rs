//! Filter patterns: terms, phrases, and conditions on JSON.
//!
//! Source: "Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail" of the
//! CloudWatch Logs user guide. Space-delimited patterns (`[…]`) and regular expressions (`%…%`) are refused.

use super::json_pattern::Condition;
use crate::sample_account::error::ApiError;

/// What a message has to be like.
#[derive(Debug)]
pub(super) enum Pattern {
    /// Anything.
    All,
    /// Text with terms and without others.
    Terms(Terms),
    /// JSON that meets a condition.
    Json(Condition),
}

/// Terms, told apart by case and found inside words too.
#[derive(Debug, Default)]
pub(super) struct Terms {
    required: Vec<String>,
    excluded: Vec<String>,
    /// One of them has to be there, unless there are others: then they have no effect.
    optional: Vec<String>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// `InvalidParameterException` that names what cannot be read.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        let text = text.trim();
        match text.chars().next() {
            None => Ok(Self::All),
            Some('{') => Condition::parse(text).map(Self::Json),
            Some('[') => {
                Err(ApiError::invalid_parameter("Invalid filter pattern: the sample log has no space-delimited fields"))
            }
            Some('%') => Err(ApiError::invalid_parameter(
                "Invalid filter pattern: the sample account does not serve regular expressions",
            )),
            Some(_) => Terms::parse(text).map(Self::Terms),
        }
    }

    /// Whether a message is like that.
    pub(super) fn matches(&self, message: &str) -> bool {
        match self {
            Self::All => true,
            Self::Terms(terms) => terms.match_text(message),
            Self::Json(condition) => condition.matches(message),
        }
    }
}

impl Terms {
    fn parse(text: &str) -> Result<Self, ApiError> {
        let mut terms = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let (list, term) = match rest.as_bytes() {
                [b'?', ..] => (&mut terms.optional, &rest[1..]),
                [b'-', ..] => (&mut terms.excluded, &rest[1..]),
                _ => (&mut terms.required, rest),
            };
            let (term, after) = match term.strip_prefix('"') {
                Some(quoted) => phrase(quoted)?,
                None => word(term)?,
            };
            list.push(term);
            rest = after.trim_start();
        }
        Ok(terms)
    }

    fn match_text(&self, message: &str) -> bool {
        let has = |term: &String| message.contains(&**term);
        if self.required.is_empty() && self.excluded.is_empty() {
            return self.optional.iter().any(has);
        }
        self.required.iter().all(has) && !self.excluded.iter().any(has)
    }
}

/// The text up to the closing quotation mark, and what follows it.
///
/// # Errors
/// `InvalidParameterException` if there is none.
pub(super) fn phrase(quoted: &str) -> Result<(String, &str), ApiError> {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((text, &quoted[at + 1..])),
            '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => text.push(character),
        }
    }
    Err(ApiError::invalid_parameter("Invalid filter pattern: a quotation mark is not closed"))
}

/// A term without quotation marks: letters, digits and underscores.
fn word(text: &str) -> Result<(String, &str), ApiError> {
    let (word, after) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    let is_foreign = |character: char| !(character.is_alphanumeric() || character == '_');
    match word.find(is_foreign) {
        None if !word.is_empty() => Ok((word.to_owned(), after)),
        None => Err(ApiError::invalid_parameter("Invalid filter pattern: a term is missing")),
        Some(at) => {
            let foreign: String = word[at..].chars().take_while(|character| is_foreign(*character)).collect();
            Err(ApiError::invalid_parameter(format!("Invalid character(s) in term '{foreign}'")))
        }
    }
}
