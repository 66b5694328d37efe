//! What every Rust worker shares: the [`Tool`] trait and its like, the serve loop and [test
//! helpers](testing).
//!
//! A whole tool is a folder with a `mod.rs` and the `tool.json` that defines it for clients, and one
//! line in the family's `main`:
//!
//! ```
//! use penstock_kit::{Call, Reply, Tool, ToolError};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! /// Adds numbers.
//! pub struct Add;
//!
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(deny_unknown_fields)]
//! pub struct Arguments {
//!     /// What to add up.
//!     #[schemars(length(min = 1))]
//!     terms: Vec<i64>,
//! }
//!
//! #[derive(Serialize, JsonSchema)]
//! pub struct Output {
//!     /// All terms together.
//!     sum: i64,
//! }
//!
//! impl Tool for Add {
//!     // In a crate: include_str!("tool.json").
//!     const MANIFEST: &str = r#"{ "definition": { "name": "add" }, "timeoutSeconds": 10 }"#;
//!     type Arguments = Arguments;
//!     type Output = Output;
//!
//!     async fn call(&self, arguments: Arguments, call: &Call) -> Result<Reply<Output>, ToolError> {
//!         let mut sum = 0_i64;
//!         let total = arguments.terms.len() as u64;
//!         for (done, term) in (1..).zip(arguments.terms) {
//!             sum = sum.checked_add(term).ok_or_else(|| ToolError::failed("the sum is too large"))?;
//!             call.progress(done, Some(total), format!("added {term}")).await;
//!         }
//!         Ok(Output { sum }.into())
//!     }
//! }
//!
//! // fn main() -> ExitCode { Family::new().tool(|| Add).serve() }
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
//! # let frames = runtime.block_on(penstock_kit::testing::call(Add, serde_json::json!({"terms": [40, 2]})));
//! # assert_eq!(frames[2]["result"]["structuredContent"]["sum"], 42);
//! ```
//!
//! | module | holds |
//! |---|---|
//! | `tool` | [`Tool`], [`ToolError`] |
//! | `prompt`, `resource`, `template` | [`Prompt`], [`Resource`], [`Template`]: what else a function can be |
//! | `prompt_library`, `resource_library` | [`PromptLibrary`], [`ResourceLibrary`]: many prompts or resources behind one function |
//! | `call` | [`Call`]: who calls, until when; progress and log messages |
//! | `cancellation` | whether the answer is still wanted |
//! | `capability` | what the client can do |
//! | `input`, `answers` | [`Input`]: what to ask the client, and what it answered |
//! | `reply`, [`content`] | what a tool answers |
//! | `completion` | [`Completions`]: how an argument could go on |
//! | `family` | [`Family`]: several of these in one binary, one of them deployed |
//! | `deployed`, `admit` | the deployed one, its types hidden, and which requests are for it |
//! | `line`, `source` | the `result` line, and content that is read while it is written |
//! | `respond` | one invocation, from event to terminal frame |
//! | `serve` | the Lambda runtime around it |
//!
//! With the feature `cancellation`, and `PENSTOCK_STORE_TABLE` set, a tool whose caller has left or cancelled
//! is dropped like one that is out of time. It costs the AWS SDK in the binary, and one read of the store
//! for every second a call takes.
//!
//! A tool that does not yield (a long computation without an `await`) cannot be stopped at its
//! deadline: move such work to [`tokio::task::spawn_blocking`].

mod admit;
mod answers;
mod arguments;
mod call;
mod cancellation;
mod capability;
mod completion;
pub mod content;
mod deployed;
mod family;
mod init;
mod input;
mod line;
mod prompt;
mod prompt_library;
mod reply;
mod resource;
mod resource_library;
mod respond;
mod serve;
mod source;
mod template;
pub mod testing;
mod tool;

pub use answers::{Elicited, Root, Sampled};
pub use arguments::NoArguments;
pub use call::Call;
pub use completion::{Completion, Completions};
pub use content::Content;
pub use family::Family;
pub use input::Input;
pub use penstock_protocol::call::{Caller, TraceContext};
pub use penstock_protocol::frame::{Changed, List};
pub use penstock_protocol::jsonrpc::{ErrorObject, code};
pub use penstock_protocol::meta::LogLevel;
pub use penstock_protocol::revision::Revision;
pub use prompt::{Messages, Prompt};
pub use prompt_library::{PromptEntry, PromptEntryArgument, PromptLibrary};
pub use reply::Reply;
pub use resource::{Contents, Resource};
pub use resource_library::{ResourceEntry, ResourceLibrary};
pub use template::Template;
pub use tool::{Tool, ToolError};
