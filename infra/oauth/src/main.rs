//! Starts the OAuth front: as a Lambda function, or on a socket if `PENSTOCK_LISTEN` names one.

use penstock_function::log;
use penstock_oauth::config::Config;
use penstock_oauth::{Front, lambda, listen};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    log::init(config.log_level);
    let listen = config.listen;
    let router = Front::new(config)?.router();
    match listen {
        Some(address) => listen::run(router, address).await,
        None => lambda::run(router).await,
    }
}
