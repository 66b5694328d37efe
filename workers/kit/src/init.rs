//! What can go wrong before the first call, and how Lambda learns of it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use penstock_protocol::manifest::Kind;

use crate::serve::{LOG_LEVEL, TOOL};

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InitError {
    /// Started by hand.
    #[error("not set: {0}. This is a Lambda function, which Lambda or `cargo run` starts")]
    NotInLambda(String),
    #[error("{TOOL} is not set; this binary has {known}")]
    NoTool { known: String },
    #[error("{TOOL} is {name:?}; this binary has {known}")]
    UnknownTool { name: String, known: String },
    #[error("{LOG_LEVEL} is {0:?}; use TRACE, DEBUG, INFO, WARN, ERROR or FATAL")]
    LogLevel(String),
    #[error("a manifest of this binary is none: {0}")]
    Manifest(serde_json::Error),
    #[error("the manifest of `{id}` says that it is something else than a {kind:?}, as which it is built")]
    Kind { id: String, kind: Kind },
    #[error("`{name}` could not be set up: {source}")]
    Construct { name: String, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("the async runtime did not start: {0}")]
    Runtime(std::io::Error),
}

impl InitError {
    /// No member has the id `name`; `known` are the ones there are.
    pub(crate) fn tool(name: Option<String>, known: &[String]) -> Self {
        let known = if known.is_empty() { "nothing to serve".to_owned() } else { known.join(", ") };
        match name {
            Some(name) => Self::UnknownTool { name, known },
            None => Self::NoTool { known },
        }
    }

    /// Tells Lambda, so that whoever invokes the function reads the reason instead of an exit status.
    /// `lambda_runtime` has no public way to do so. Failing to is not worth a second error.
    pub(crate) fn post(&self, runtime_api: &str) {
        let diagnostic = serde_json::json!({ "errorType": "Penstock.InitError", "errorMessage": self.to_string() });
        drop(post(runtime_api, &diagnostic.to_string()));
    }
}

fn post(runtime_api: &str, body: &str) -> std::io::Result<()> {
    const PATIENCE: Option<Duration> = Some(Duration::from_secs(1));
    let mut stream = TcpStream::connect(runtime_api)?;
    stream.set_read_timeout(PATIENCE)?;
    stream.set_write_timeout(PATIENCE)?;
    let length = body.len();
    write!(
        stream,
        "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nhost: {runtime_api}\r\nconnection: close\r\n\
         content-type: application/json\r\nlambda-runtime-function-error-type: Penstock.InitError\r\n\
         content-length: {length}\r\n\r\n{body}"
    )?;
    // Leaving before the answer could reset the connection under the request.
    stream.read(&mut [0; 1]).map(drop)
}
