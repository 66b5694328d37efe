use penstock_protocol::frame::{Frame, InputRequest, InputRequired};
use penstock_protocol::{Bytes, RawValue};
use serde_json::{Value, json};

/// What a call needs to know from the client before it can go on (MCP basic/patterns/mrtr).
///
/// Returned as an error, it ends this round: `return Err(Input::new().elicit(…).into())`. The client
/// asks its user or its model and sends the request again; the tool is then called anew, maybe in
/// another process, and finds the answers by [`Call::elicited`](crate::Call::elicited) and its like.
///
/// Ask only what the client can: see [`Call::require_capability`](crate::Call::require_capability).
#[derive(Debug, Clone, Default)]
pub struct Input {
    required: InputRequired,
}

impl Input {
    /// Nothing is asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the user to fill in a form. `schema` is an object schema of strings, numbers, booleans and
    /// enumerations. Never for passwords and the like: see [`elicit_url`](Self::elicit_url) (rule Q-10).
    /// Needs the capability `elicitation.form`.
    #[must_use]
    pub fn elicit(self, key: impl Into<String>, message: impl Into<String>, schema: impl Into<Value>) -> Self {
        let (message, schema) = (message.into(), schema.into());
        self.ask(key, "elicitation/create", &json!({ "message": message, "requestedSchema": schema }))
    }

    /// Asks the user to visit `url`, where something is entered that the client may not see. The URL
    /// holds nothing personal and signs nobody in (rule Q-10). Needs the capability `elicitation.url`.
    #[must_use]
    pub fn elicit_url(self, key: impl Into<String>, message: impl Into<String>, url: impl Into<String>) -> Self {
        let (message, url) = (message.into(), url.into());
        self.ask(key, "elicitation/create", &json!({ "mode": "url", "message": message, "url": url }))
    }

    /// Asks the client's model. `params` are those of `sampling/createMessage`, at least `messages` and
    /// `maxTokens`. Needs the capability `sampling`, and `sampling.tools` if `params` has tools.
    #[must_use]
    pub fn sample(self, key: impl Into<String>, params: impl Into<Value>) -> Self {
        self.ask(key, "sampling/createMessage", &params.into())
    }

    /// Asks for the client's root folders. Needs the capability `roots`.
    #[must_use]
    pub fn roots(self, key: impl Into<String>) -> Self {
        self.ask(key, "roots/list", &json!({}))
    }

    /// Keeps `text` for the next round: [`Call::state`](crate::Call::state). The gateway seals it, so
    /// that no client can read it, change it or bring it to another call; it travels with the client
    /// all the same, so keep it small. Answers are not repeated in later rounds: a call that asks twice
    /// keeps the first answer here.
    #[must_use]
    pub fn state(mut self, text: impl Into<String>) -> Self {
        self.required.request_state = Some(text.into());
        self
    }

    fn ask(mut self, key: impl Into<String>, method: &str, params: &Value) -> Self {
        let params: Option<Box<RawValue>> = serde_json::value::to_raw_value(params).ok();
        self.required.input_requests.insert(key.into(), InputRequest { method: method.to_owned(), params });
        self
    }

    /// The `inputRequired` line; none if nothing is asked and nothing kept (rule Q-2).
    pub(crate) fn into_line(self) -> Option<Bytes> {
        let asks = !self.required.input_requests.is_empty() || self.required.request_state.is_some();
        asks.then(|| Frame::<()>::InputRequired(self.required).to_line().ok()).flatten().map(Bytes::from)
    }
}
