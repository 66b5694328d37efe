//! Starts the gateway: as a Lambda function, or on a socket if `PENSTOCK_LISTEN` names one.

use penstock_gateway::catalog::Catalog;
use penstock_gateway::config::Config;
use penstock_gateway::invoke::LambdaInvoker;
use penstock_gateway::{Gateway, lambda, listen, log};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    log::init(config.log_level);
    let catalog = Catalog::from_folder(&config.catalog)?;
    let aws = penstock_aws::config().await?;
    let gateway = Gateway::new(catalog, config.auth, config.origins, LambdaInvoker::new(&aws));
    match config.listen {
        Some(address) => listen::run(gateway, address).await,
        None => lambda::run(gateway).await,
    }
}
