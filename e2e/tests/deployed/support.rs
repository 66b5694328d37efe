use std::path::PathBuf;

use penstock_e2e::account::Account;
use penstock_e2e::{Portable, binaries, infra};
use serde_json::Value;
use tokio::sync::OnceCell;

/// A stage's stacks, in the order in which they are deployed.
pub(crate) const STACKS: [&str; 2] = ["dev-penstock-gateway", "dev-penstock-tools"];

/// The folder of the cloud assembly, made once for all tests.
static ASSEMBLY: OnceCell<PathBuf> = OnceCell::const_new();

/// A stage of all that ships, in an account with nothing else in it.
pub(crate) struct Deployed {
    pub(crate) account: Account,
    /// What was made of each of [`STACKS`], and what not.
    pub(crate) portables: Vec<Portable>,
}

impl Deployed {
    pub(crate) async fn new() -> anyhow::Result<Self> {
        let synthesised = || async {
            infra::run("synth").await?;
            anyhow::Ok(binaries::workspace().join("infra/cdk.out"))
        };
        let assembly = ASSEMBLY.get_or_try_init(synthesised).await?;
        let account = Account::bootstrapped().await?;
        let mut portables = Vec::new();
        for stack in STACKS {
            portables.push(account.deploy(assembly, stack).await?);
        }
        Ok(Self { account, portables })
    }

    /// The policy of the role of a function, as the template has it.
    pub(crate) fn policy(&self, function: &str) -> &Value {
        let resources = self.portables.iter().filter_map(|portable| portable.template["Resources"].as_object());
        let described = format!("What {function} may do");
        let role = resources.flat_map(|all| all.values()).find(|one| one["Properties"]["Description"] == *described);
        role.map_or(&Value::Null, |role| &role["Properties"]["Policies"][0]["PolicyDocument"])
    }

    /// Deploys another team's app with one tool, by the path of its folder.
    pub(crate) async fn team(&self, stack: &str, tool: &str) -> anyhow::Result<()> {
        let assembly = tempfile::tempdir()?;
        infra::team_app(assembly.path(), stack, tool).await?;
        self.account.deploy(assembly.path(), stack).await.map(drop)
    }
}
