//! Whether an event is a request to what is deployed here, and what it asks for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use penstock_protocol::RawValue;
use penstock_protocol::call::CallEvent;
use penstock_protocol::manifest::Kind;
use serde::Deserialize;

use crate::deployed::Identity;
use crate::{Completion, ErrorObject, code};

/// What a request asks for.
pub(crate) enum Asked {
    /// `tools/call` or `prompts/get` with these arguments as JSON text, `resources/read` of this URI, or
    /// `prompts/get` of a library with these parameters as JSON text.
    Call(String),
    /// `completion/complete`.
    Complete(Completion),
    /// `prompts/list` or `resources/list`: what a library holds.
    List,
}

/// Reads what `event` asks of `identity`.
///
/// # Errors
/// If it is no request to it. The gateway sends none, so this tells of a catalog that is not of this
/// deployment.
pub(crate) fn admit(identity: &Identity, event: &CallEvent) -> Result<Asked, ErrorObject> {
    match (event.method.as_str(), identity.kind) {
        ("tools/call", Kind::Tool) | ("prompts/get", Kind::Prompt) => {
            let params: Named<'_> = read(&event.params)?;
            expect(identity, params.name == identity.name)?;
            Ok(Asked::Call(params.arguments.map_or("{}", RawValue::get).to_owned()))
        }
        ("prompts/get", Kind::PromptLibrary) => Ok(Asked::Call(event.params.get().to_owned())),
        ("prompts/list", Kind::PromptLibrary) | ("resources/list", Kind::ResourceLibrary) => Ok(Asked::List),
        ("resources/read", Kind::Resource | Kind::ResourceTemplate | Kind::ResourceLibrary) => {
            let params: Located<'_> = read(&event.params)?;
            // The gateway has matched the URI of a template, and found that of a library listed.
            expect(identity, identity.kind != Kind::Resource || params.uri == identity.uri)?;
            Ok(Asked::Call(params.uri.into_owned()))
        }
        ("completion/complete", Kind::Prompt | Kind::ResourceTemplate | Kind::PromptLibrary) if identity.completes => {
            let params: Completing<'_> = read(&event.params)?;
            let (of, addressed) = match params.reference {
                Reference::Prompt { name } => {
                    let addressed = match identity.kind {
                        Kind::Prompt => name == identity.name,
                        kind => kind == Kind::PromptLibrary,
                    };
                    (name, addressed)
                }
                Reference::Template { uri } => {
                    let addressed = identity.kind == Kind::ResourceTemplate && uri == identity.uri;
                    (uri, addressed)
                }
            };
            expect(identity, addressed)?;
            let Argument { name, value } = params.argument;
            Ok(Asked::Complete(Completion::new(of.into_owned(), name, value, params.context.arguments)))
        }
        _ => Err(unknown_method()),
    }
}

/// A method that is not for what is deployed here.
pub(crate) fn unknown_method() -> ErrorObject {
    ErrorObject::new(code::METHOD_NOT_FOUND, "this function does not take the method")
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Located<'a> {
    #[serde(borrow)]
    uri: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Completing<'a> {
    #[serde(borrow, rename = "ref")]
    reference: Reference<'a>,
    argument: Argument,
    #[serde(default)]
    context: Context,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Reference<'a> {
    #[serde(rename = "ref/prompt")]
    Prompt { name: Cow<'a, str> },
    #[serde(rename = "ref/resource")]
    Template { uri: Cow<'a, str> },
}

#[derive(Deserialize)]
struct Argument {
    name: String,
    value: String,
}

#[derive(Default, Deserialize)]
struct Context {
    #[serde(default)]
    arguments: BTreeMap<String, String>,
}

fn read<'a, T: Deserialize<'a>>(params: &'a RawValue) -> Result<T, ErrorObject> {
    serde_json::from_str(params.get())
        .map_err(|error| ErrorObject::new(code::INVALID_PARAMS, format!("`params`: {error}")))
}

fn expect(identity: &Identity, addressed: bool) -> Result<(), ErrorObject> {
    if addressed {
        return Ok(());
    }
    let message = format!("this function is deployed as `{}`, not as what was asked for", identity.id());
    Err(ErrorObject::new(code::INVALID_PARAMS, message))
}
