//! Configuration from variables: every mistake is kept, and all are told at once and by name.

use std::fmt;
use std::str::FromStr;

/// Variables that are read one by one. An empty value is none.
#[derive(Debug)]
pub struct Environment<S> {
    source: S,
    mistakes: Vec<String>,
}

/// Everything that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    mistakes: Vec<String>,
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration is wrong: {}", self.mistakes.join("; "))
    }
}

impl<S: Fn(&str) -> Option<String>> Environment<S> {
    /// Any source of variables.
    pub const fn new(source: S) -> Self {
        Self { source, mistakes: Vec::new() }
    }

    /// A variable that has to be set.
    pub fn required<T: FromStr<Err: fmt::Display>>(&mut self, name: &str) -> Option<T> {
        let value = (self.source)(name).filter(|value| !value.is_empty());
        if value.is_none() {
            self.mistake(format!("{name} is not set"));
        }
        value.and_then(|value| self.checked(name, value.parse()))
    }

    /// A variable that may be set.
    pub fn optional<T: FromStr<Err: fmt::Display>>(&mut self, name: &str) -> Option<T> {
        let value = (self.source)(name).filter(|value| !value.is_empty());
        value.and_then(|value| self.checked(name, value.parse()))
    }

    /// What was made of a variable's value.
    pub fn checked<T, E: fmt::Display>(&mut self, name: &str, outcome: Result<T, E>) -> Option<T> {
        outcome.map_err(|error| self.mistake(format!("{name}: {error}"))).ok()
    }

    /// Notes something that is wrong; the text names the variable.
    pub fn mistake(&mut self, text: impl Into<String>) {
        self.mistakes.push(text.into());
    }

    /// The configuration that was read, unless anything was wrong.
    ///
    /// # Errors
    /// [`ConfigError`] with every mistake.
    pub fn finish<T>(self, configuration: Option<T>) -> Result<T, ConfigError> {
        match configuration {
            Some(configuration) if self.mistakes.is_empty() => Ok(configuration),
            _ => Err(ConfigError { mistakes: self.mistakes }),
        }
    }
}
