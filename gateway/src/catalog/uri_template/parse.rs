//! From a template's text to what can be matched.

use std::str::FromStr;

use super::{Part, UriTemplate};
use crate::catalog::MAX_URI;

/// Why a template is refused. The text names the expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUriTemplate {
    /// Too long to match anything.
    #[error("has more than {MAX_URI} bytes")]
    TooLong,
    /// A template without a scheme would match what others serve.
    #[error("must begin with a scheme, such as `file:`")]
    NoScheme,
    /// A brace without its other half.
    #[error("a brace is not closed or was never opened")]
    Brace,
    /// Not a character of a URI.
    #[error("holds a character that no URI has")]
    Character,
    /// An expression that cannot be read backwards, or not by this gateway.
    #[error("{0} cannot be matched: {1}")]
    Expression(String, &'static str),
    /// One name, two values.
    #[error("the variable {0:?} is there twice")]
    Twice(String),
}

impl FromStr for UriTemplate {
    type Err = InvalidUriTemplate;

    fn from_str(text: &str) -> Result<Self, InvalidUriTemplate> {
        if text.len() > MAX_URI {
            return Err(InvalidUriTemplate::TooLong);
        }
        if !has_scheme(text) {
            return Err(InvalidUriTemplate::NoScheme);
        }
        let mut template = Self { text: text.to_owned(), parts: Vec::new(), query: Vec::new() };
        let mut rest = text;
        while let Some((literal, behind)) = rest.split_once('{') {
            template.literal(literal)?;
            let (expression, behind) = behind.split_once('}').ok_or(InvalidUriTemplate::Brace)?;
            let refused = |reason| InvalidUriTemplate::Expression(format!("{{{expression}}}"), reason);
            template.expression(expression, behind).map_err(refused)?;
            rest = behind;
        }
        template.literal(rest)?;
        template.names_are_unique()?;
        Ok(template)
    }
}

impl UriTemplate {
    fn literal(&mut self, text: &str) -> Result<(), InvalidUriTemplate> {
        if text.contains('}') {
            return Err(InvalidUriTemplate::Brace);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidUriTemplate::Character);
        }
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Literal(before)) => before.push_str(text),
            _ => self.parts.push(Part::Literal(text.to_owned())),
        }
        Ok(())
    }

    fn expression(&mut self, expression: &str, behind: &str) -> Result<(), &'static str> {
        let (operator, list) = match expression.chars().next() {
            Some(operator @ ('+' | '#' | '/' | '.' | '?')) => (Some(operator), &expression[1..]),
            Some(';' | '&') => return Err("this operator is not served"),
            _ => (None, expression),
        };
        let names: Vec<&str> = list.split(',').collect();
        if !names.iter().all(|name| is_name(name)) {
            return Err("a name has letters, digits and _, with . between; modifiers are not served");
        }
        match operator {
            Some('?') => return self.query(&names, behind),
            Some(operator @ ('+' | '#')) => {
                let [name] = *names else { return Err("it can have only one variable") };
                self.variable((operator == '#').then_some('#'), Part::Rest(name.to_owned()))?;
            }
            operator => {
                for (at, name) in names.into_iter().enumerate() {
                    let between = operator.or((at > 0).then_some(','));
                    self.variable(between, Part::Segment(name.to_owned()))?;
                }
            }
        }
        Ok(())
    }

    fn variable(&mut self, before: Option<char>, variable: Part) -> Result<(), &'static str> {
        if self.parts.iter().any(|part| matches!(part, Part::Rest(_))) {
            return Err("nothing but text can follow {+…} and {#…}");
        }
        if let Some(before) = before {
            self.literal(before.encode_utf8(&mut [0; 4])).map_err(|_| "an operator is text")?;
        }
        if !matches!(self.parts.last(), Some(Part::Literal(_))) {
            return Err("there is no text between it and the variable before");
        }
        self.parts.push(variable);
        Ok(())
    }

    fn query(&mut self, names: &[&str], behind: &str) -> Result<(), &'static str> {
        if !behind.is_empty() {
            return Err("it can only be at the end");
        }
        if self.parts.iter().any(|part| matches!(part, Part::Literal(text) if text.contains(['?', '#']))) {
            return Err("the text before it has a query or fragment already");
        }
        self.query = names.iter().map(|name| (*name).to_owned()).collect();
        Ok(())
    }

    fn names_are_unique(&self) -> Result<(), InvalidUriTemplate> {
        let mut names: Vec<&str> = self.variables().collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(InvalidUriTemplate::Twice(pair[0].to_owned())),
            None => Ok(()),
        }
    }
}

/// RFC 6570 `varname`, without percent-encoding.
fn is_name(name: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    name.split('.').all(is_part)
}

/// Whether a text begins like a URI (RFC 3986 section 3.1).
pub(in crate::catalog) fn has_scheme(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}
