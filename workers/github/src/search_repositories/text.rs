//! The answer as a list, one repository a paragraph.

use std::fmt;

use super::Output;
use crate::model::Facts;

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.total, self.repositories.len()) {
            (0, _) => f.write_str("No repository matches. Try fewer or other words, or leave out the language.")?,
            (total, shown) => write!(f, "{shown} of {total} repositories:")?,
        }
        for repository in &self.repositories {
            write!(f, "\n{repository}")?;
        }
        if self.incomplete {
            f.write_str("\nGitHub ran out of time: there may be more. A narrower query helps.")?;
        }
        Ok(())
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "- {} ({} stars", self.full_name, self.stars)?;
        for detail in [&self.language, &self.license].into_iter().flatten() {
            write!(f, ", {detail}")?;
        }
        if self.archived {
            f.write_str(", archived")?;
        }
        write!(f, ") {}", self.url)?;
        match &self.description {
            Some(description) => write!(f, "\n  {}", description.trim()),
            None => Ok(()),
        }
    }
}
