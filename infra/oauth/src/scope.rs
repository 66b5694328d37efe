//! Scopes: what a client may ask for.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest list of scopes in a request, in bytes. Providers make them long: Cognito's begin with the resource.
pub(crate) const MAX_SCOPES: usize = 2048;

/// A set of scopes in the order they were written (RFC 6749, section 3.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(Vec<String>);

/// Text that is no list of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be scopes separated by single spaces: printable ASCII without \" and \\")]
pub struct InvalidScopes;

impl Scopes {
    pub(crate) fn as_slice(&self) -> &[String] {
        &self.0
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains_all(&self, others: &Self) -> bool {
        others.0.iter().all(|scope| self.0.contains(scope))
    }

    /// Those that `other` has too.
    pub(crate) fn within(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|scope| other.0.contains(scope)).cloned().collect())
    }

    /// Those that `other` does not have.
    pub(crate) fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|scope| !other.0.contains(scope)).cloned().collect())
    }

    /// Both, each scope once.
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.without(self).0).cloned().collect())
    }

    /// As parameters and token answers spell them.
    pub(crate) fn joined(&self) -> String {
        self.0.join(" ")
    }
}

impl FromStr for Scopes {
    type Err = InvalidScopes;

    fn from_str(text: &str) -> Result<Self, InvalidScopes> {
        let mut scopes: Vec<String> = Vec::new();
        for scope in text.split(' ') {
            let is_scope =
                !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte));
            if !is_scope {
                return Err(InvalidScopes);
            }
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        Ok(Self(scopes))
    }
}

#[cfg(test)]
mod tests {
    use super::Scopes;

    fn scopes(text: &str) -> Scopes {
        text.parse().expect("scopes")
    }

    #[test]
    fn scopes_are_a_set_in_the_order_written() {
        assert_eq!(scopes("b a b").joined(), "b a");
        assert_eq!(scopes("a b c").within(&scopes("c a")).joined(), "a c");
        assert_eq!(scopes("a b").and(&scopes("b c")).joined(), "a b c");
        assert!(scopes("a b").contains_all(&scopes("b")) && !scopes("a").contains_all(&scopes("a b")));
    }

    #[test]
    fn what_is_no_scope_is_refused() {
        for text in ["", " a", "a  b", "a\"", "a\\", "ä", "a\tb"] {
            assert!(text.parse::<Scopes>().is_err(), "{text:?}");
        }
    }
}
