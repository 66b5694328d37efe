use std::sync::Arc;

use futures_util::FutureExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::deployed::Handlers;
use crate::reply::result_line;
use crate::{Call, Completion, Completions, Content, ErrorObject, ToolError, arguments, code, completion};

/// One MCP prompt: a text a user picks, with blanks filled in.
pub trait Prompt: Send + Sync + 'static {
    /// The text of the prompt's `prompt.json`: `include_str!("prompt.json")`.
    const MANIFEST: &'static str;

    /// The arguments by name; all of them are strings. A missing one is an error that names it, unless
    /// its type is an `Option`. [`NoArguments`](crate::NoArguments) for none.
    type Arguments: DeserializeOwned + Send;

    /// Fills the prompt in. Dropped at an `await` when the deadline is near or the reader has left.
    ///
    /// # Errors
    /// [`ToolError`]; a prompt has no results that say `isError`, so a failure is an error, too.
    fn get(&self, arguments: Self::Arguments, call: &Call) -> impl Future<Output = Result<Messages, ToolError>> + Send;

    /// How an argument could go on. Asked only if the manifest says `"completes": true`.
    ///
    /// # Errors
    /// [`ToolError`], but never [`InputRequired`](ToolError::InputRequired).
    fn complete(
        &self,
        _completion: Completion,
        _call: &Call,
    ) -> impl Future<Output = Result<Completions, ToolError>> + Send {
        std::future::ready(Ok(Completions::default()))
    }
}

/// What a prompt says: a `GetPromptResult` in the making.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Messages {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    messages: Vec<Message>,
}

#[derive(Debug, Clone, Serialize)]
struct Message {
    role: Role,
    content: Content,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    User,
    Assistant,
}

impl Messages {
    /// No messages yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds something the user says.
    #[must_use]
    pub fn user(mut self, content: Content) -> Self {
        self.messages.push(Message { role: Role::User, content });
        self
    }

    /// Adds something the model says.
    #[must_use]
    pub fn assistant(mut self, content: Content) -> Self {
        self.messages.push(Message { role: Role::Assistant, content });
        self
    }

    /// Says what the prompt is for, as it is filled in.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// Hides the types of `prompt`.
pub(crate) fn handlers<P: Prompt>(prompt: P) -> Handlers {
    let prompt = Arc::new(prompt);
    let completing = Arc::clone(&prompt);
    let call = move |call: Call, json: String| {
        let prompt = Arc::clone(&prompt);
        async move {
            let misfit = |reason| ErrorObject::new(code::INVALID_PARAMS, reason);
            let messages = prompt.get(arguments::parse(&json).map_err(misfit)?, &call).await?;
            result_line(&messages)
        }
        .boxed()
    };
    let complete = move |call: Call, asked: Completion| {
        let prompt = Arc::clone(&completing);
        async move { completion::line(prompt.complete(asked, &call).await) }.boxed()
    };
    Handlers { call: Box::new(call), complete: Some(Box::new(complete)), list: None }
}
