//! Starts the gateway: as a Lambda function, or on a socket if `PENSTOCK_LISTEN` names one.

use std::sync::Arc;
use std::time::SystemTime;

use penstock_aws::SdkConfig;
use penstock_function::log;
use penstock_gateway::background::{Background, InThisProcess};
use penstock_gateway::catalog::Catalog;
use penstock_gateway::config::Config;
use penstock_gateway::invoke::{LambdaInvoker, OwnFunction};
use penstock_gateway::permission::PolicyFolder;
use penstock_gateway::{Gateway, Services, lambda, listen};
use penstock_store::{DynamoStore, MemoryStore, Store};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    log::init(config.log_level);
    let aws = penstock_aws::config().await?;
    let invoker = LambdaInvoker::new(&aws);
    let background: Box<dyn Background> = match (config.listen, config.function) {
        (None, Some(function)) => Box::new(OwnFunction::new(&invoker, function)),
        _ => Box::new(InThisProcess::default()),
    };
    let workers_share_store = config.store_table.is_some();
    let store = store(&aws, config.store_table);
    let shared = workers_share_store.then(|| store.clone());
    let catalog = Catalog::open(config.catalog, &aws, shared).await?.searchable(config.tool_search.0);
    let policies = config.policies.map(|folder| PolicyFolder::open(folder, &catalog)).transpose()?;
    let gateway = Gateway::new(Services {
        catalog,
        auth: config.auth,
        origin_secrets: config.origin_secrets,
        policies,
        origins: config.origins,
        invoker: Box::new(invoker),
        background,
        workers_share_store,
        store,
        keys: config.keys,
        subscriptions: config.subscriptions,
        clock: SystemTime::now,
    });
    match config.listen {
        Some(address) => listen::run(gateway, address).await,
        None => lambda::run(gateway).await,
    }
}

/// The table all instances share, or what one process remembers by itself.
fn store(aws: &SdkConfig, table: Option<String>) -> Arc<dyn Store> {
    match table {
        Some(table) => Arc::new(DynamoStore::new(aws, table)),
        None => Arc::new(MemoryStore::default()),
    }
}
