//! A secret of AWS Secrets Manager. Nothing outside this file names the AWS SDK.

use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::Builder;
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use penstock_aws::TrustError;
use penstock_aws::failure::classify;
use serde::Deserialize;

use crate::token::{Token, TokenError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);

/// A secret, by name or ARN.
#[derive(Debug)]
pub(crate) struct Secret {
    client: Client,
    name: String,
}

impl Secret {
    /// The secret `name` in the account of the environment; `AWS_ENDPOINT_URL_SECRETS_MANAGER` may name another
    /// endpoint. Nothing is read yet.
    ///
    /// # Errors
    /// If `AWS_CA_BUNDLE` names a file that cannot be used.
    pub(crate) async fn new(name: String) -> Result<Self, TrustError> {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT);
        let config = Builder::from(&penstock_aws::config().await?).timeout_config(timeouts.build());
        Ok(Self { client: Client::from_conf(config.build()), name })
    }

    /// Reads the token it holds: the whole secret, or the member `token` of a JSON object.
    ///
    /// # Errors
    /// [`TokenError`] if it cannot be read or holds no token.
    pub(crate) async fn read(&self) -> Result<Token, TokenError> {
        let answer = self.client.get_secret_value().secret_id(&self.name).send().await;
        let answer = answer.map_err(|error| TokenError::Secret(classify(&error)))?;
        token(answer.secret_string().unwrap_or_default()).ok_or(TokenError::Malformed)
    }
}

fn token(secret: &str) -> Option<Token> {
    #[derive(Deserialize)]
    struct Members {
        token: String,
    }
    if secret.trim_start().starts_with('{') {
        let members: Members = serde_json::from_str(secret).ok()?;
        return Token::new(&members.token);
    }
    Token::new(secret)
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn a_secret_is_a_token_or_an_object_with_one() {
        for secret in ["ghp_abc\n", r#"{"token":"ghp_abc","note":"rotated"}"#] {
            assert_eq!(token(secret).expect("a token").bearer(), "Bearer ghp_abc");
        }
        for secret in ["", "{}", r#"{"token":""}"#, r#"{"token":1}"#] {
            assert!(token(secret).is_none(), "{secret}");
        }
    }
}
