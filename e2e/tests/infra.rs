//! What is deployed: the CDK constructs by their own tests, and the app as a clean clone makes its templates.

use penstock_e2e::infra;

#[tokio::test]
async fn the_constructs_and_the_app_pass_their_tests_and_synthesise_without_a_network() -> anyhow::Result<()> {
    infra::run("test").await?;
    infra::run("synth").await?;
    infra::lint().await
}
