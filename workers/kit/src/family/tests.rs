use std::io;

use super::Family;
use crate::{Call, Contents, NoArguments, Reply, Resource, Tool, ToolError};

struct Named<const LETTER: char>;

impl Tool for Named<'a'> {
    const MANIFEST: &str = r#"{ "definition": { "name": "a" } }"#;
    type Arguments = NoArguments;
    type Output = ();

    async fn call(&self, _: NoArguments, _: &Call) -> Result<Reply<()>, ToolError> {
        Ok(Reply::text("a"))
    }
}

impl Tool for Named<'b'> {
    const MANIFEST: &str = r#"{ "definition": { "name": "b" } }"#;
    type Arguments = NoArguments;
    type Output = ();

    async fn call(&self, _: NoArguments, _: &Call) -> Result<Reply<()>, ToolError> {
        Ok(Reply::text("b"))
    }
}

/// A family whose tool `b` cannot be set up.
fn family() -> Family {
    let fails = async || Err::<Named<'b'>, _>(io::Error::other("no credentials"));
    Family::new().tool(|| Named::<'a'>).try_tool(fails)
}

#[tokio::test]
async fn only_the_deployed_tool_is_constructed() {
    let deployed = family().construct(Some("a".to_owned())).await.expect("`b` is left alone");
    assert_eq!(deployed.identity.name, "a");
}

#[tokio::test]
async fn a_tool_that_cannot_be_set_up_says_which_and_why() {
    let error = family().construct(Some("b".to_owned())).await.expect_err("`b` fails");
    assert_eq!(error.to_string(), "`b` could not be set up: no credentials");
}

#[tokio::test]
async fn an_empty_family_has_nothing_to_serve() {
    let error = Family::new().construct(None).await.expect_err("there is nothing to serve");
    assert_eq!(error.to_string(), "PENSTOCK_TOOL is not set; this binary has nothing to serve");
}

struct Mislabelled;

impl Resource for Mislabelled {
    const MANIFEST: &str = r#"{ "definition": { "name": "a" } }"#;

    async fn read(&self, _: &Call) -> Result<Contents, ToolError> {
        Err(ToolError::not_found("test://a"))
    }
}

#[tokio::test]
async fn a_manifest_of_another_kind_than_the_code_is_refused() {
    let family = Family::new().resource(|| Mislabelled);
    let error = family.construct(Some("resource:a".to_owned())).await.expect_err("it says that it is a tool");
    assert_eq!(
        error.to_string(),
        "the manifest of `a` says that it is something else than a Resource, as which it is built"
    );
}
