//! Starts the gateway: as a Lambda function, or on a socket if `PENSTOCK_LISTEN` names one.

use std::sync::Arc;
use std::time::SystemTime;

use penstock_gateway::background::{Background, InThisProcess};
use penstock_gateway::catalog::Catalog;
use penstock_gateway::config::Config;
use penstock_gateway::invoke::{LambdaInvoker, OwnFunction};
use penstock_gateway::{Gateway, Services, lambda, listen, log};
use penstock_store::MemoryStore;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    log::init(config.log_level);
    let invoker = LambdaInvoker::from_env().await?;
    let background: Box<dyn Background> = match (config.listen, config.function) {
        (None, Some(function)) => Box::new(OwnFunction::new(&invoker, function)),
        _ => Box::new(InThisProcess::default()),
    };
    let gateway = Gateway::new(Services {
        catalog: Catalog::from_folder(&config.catalog)?,
        auth: config.auth,
        origins: config.origins,
        invoker: Box::new(invoker),
        background,
        store: Arc::new(MemoryStore::default()),
        keys: config.keys,
        clock: SystemTime::now,
    });
    match config.listen {
        Some(address) => listen::run(gateway, address).await,
        None => lambda::run(gateway).await,
    }
}
