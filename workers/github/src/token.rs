//! The token GitHub is asked with, if there is one.

use std::env;
use std::fmt;

use http::HeaderValue;
use penstock_aws::failure::Failure;
use tokio::sync::Mutex;

use crate::github::SetupError;
use crate::secret::Secret;

/// Holds a token itself.
const TOKEN: &str = "GITHUB_TOKEN";

/// Names a secret of Secrets Manager that holds a token; it wins over [`TOKEN`].
const SECRET: &str = "PENSTOCK_GITHUB_SECRET";

/// A token, as the header that carries it. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(HeaderValue);

impl Token {
    /// Takes a token, with white space around it taken off; `None` if it is none.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let mut bearer = HeaderValue::from_str(&format!("Bearer {text}")).ok().filter(|_| is_word)?;
        bearer.set_sensitive(true);
        Some(Self(bearer))
    }

    /// The value of the `Authorization` header.
    pub(crate) fn bearer(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Why there is no token, although one is named.
#[derive(Debug)]
pub(crate) enum TokenError {
    /// Secrets Manager did not give the secret.
    Secret(Failure),
    /// The secret holds no token.
    Malformed,
}

/// Where tokens come from.
#[derive(Debug)]
pub(crate) enum Tokens {
    /// Nowhere: GitHub allows few requests, and only what is public.
    None,
    /// The environment.
    Fixed(Token),
    /// A secret, read when it is needed first.
    Secret { secret: Secret, read: Mutex<Option<Token>> },
}

impl Tokens {
    /// Those the environment names. Nothing is read yet.
    pub(crate) async fn from_env() -> Result<Self, SetupError> {
        let set = |variable| env::var(variable).ok().filter(|value| !value.is_empty());
        if let Some(name) = set(SECRET) {
            return Ok(Self::Secret { secret: Secret::new(name).await?, read: Mutex::new(None) });
        }
        let Some(token) = set(TOKEN) else { return Ok(Self::None) };
        Token::new(&token).map(Self::Fixed).ok_or(SetupError::Token { variable: TOKEN })
    }

    /// The token to ask with; `None` if there shall be none.
    pub(crate) async fn current(&self) -> Result<Option<Token>, TokenError> {
        match self {
            Self::None => Ok(None),
            Self::Fixed(token) => Ok(Some(token.clone())),
            Self::Secret { secret, read } => {
                // Held while reading: calls that come together read once.
                let mut read = read.lock().await;
                if read.is_none() {
                    *read = Some(secret.read().await?);
                }
                Ok(read.clone())
            }
        }
    }

    /// Another token than `refused`, if there is one by now.
    pub(crate) async fn newer_than(&self, refused: Option<&Token>) -> Result<Option<Token>, TokenError> {
        let Self::Secret { secret, read } = self else { return Ok(None) };
        let mut read = read.lock().await;
        if read.as_ref() == refused {
            *read = Some(secret.read().await?);
        }
        Ok(read.clone().filter(|token| Some(token) != refused))
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_token_is_one_word_and_never_shown() {
        let token = Token::new(" ghp_abc\n").expect("a token");
        assert_eq!(token.bearer(), "Bearer ghp_abc");
        assert!(!format!("{token:?} {:?}", token.bearer()).contains("ghp_abc"));
        for text in ["", "  ", "two words", "a\nb", "ключ"] {
            assert_eq!(Token::new(text), None, "{text:?}");
        }
    }
}
