//! The first HTTPS call of a gateway beside later ones: what is set up once must not cost much.

use serde_json::json;

use crate::catalog;
use crate::client::{Client, Post};
use crate::gateway::Gateway;
use crate::options::Options;
use crate::programs::Programs;
use crate::report::{Requirement, Table};
use crate::source::{Authority, Source};
use crate::stats::median;

/// CPU seconds of calls by what they had to set up.
#[derive(Debug, Default)]
struct Calls {
    first: Vec<f64>,
    new_connection: Vec<f64>,
    same_connection: Vec<f64>,
}

pub(super) async fn run(options: &Options, programs: &Programs) -> anyhow::Result<Option<Requirement>> {
    let authority = Authority::new()?;
    let bundle = tempfile::NamedTempFile::new()?;
    std::fs::write(bundle.path(), authority.pem())?;
    let (tls, plain) = (Source::start_tls(&authority).await?, Source::start().await?);
    let tls_url = format!("https://localhost:{}", tls.address.port());
    let plain_url = format!("http://localhost:{}", plain.address.port());
    let tools = [catalog::entry("last", "last"), catalog::entry("result", "result")];
    let trust = [("AWS_CA_BUNDLE", bundle.path().into())];

    let (mut https, mut http) = (Calls::default(), Calls::default());
    for _ in 0..options.samples(15) {
        let gateway = Gateway::start_with(programs, &tools, &tls_url, &trust).await?;
        https.measure(&gateway).await?;
        let gateway = Gateway::start_with(programs, &tools, &plain_url, &trust).await?;
        http.measure(&gateway).await?;
    }
    let title = format!("HTTPS: CPU ms of a call, median of {} gateways, no sessions resumed", options.samples(15));
    let mut table = Table::new(title, ["", "first call", "later, new connection", "later, same connection"]);
    for (name, calls) in [("https", &https), ("http", &http)] {
        let cell = |samples: &[f64]| format!("{:.2}", median(samples) * 1e3);
        table.row([&name, &cell(&calls.first), &cell(&calls.new_connection), &cell(&calls.same_connection)]);
    }
    table.print();
    let beyond = (median(&https.first) - median(&https.new_connection)) * 1e3;
    Ok(Some(Requirement::at_most("CPU of the first HTTPS call beyond a later new connection", beyond, 5.0, "ms")))
}

impl Calls {
    async fn measure(&mut self, gateway: &Gateway) -> anyhow::Result<()> {
        let mut client = Client::connect(gateway.address).await?;
        // The client's own side of the gateway is not in question.
        client.exchange(&Post::list()).await?;
        self.first.push(cpu(gateway, &mut client, "last").await?);
        for _ in 0..3 {
            self.new_connection.push(cpu(gateway, &mut client, "last").await?);
        }
        cpu(gateway, &mut client, "result").await?;
        for _ in 0..3 {
            self.same_connection.push(cpu(gateway, &mut client, "result").await?);
        }
        Ok(())
    }
}

/// CPU seconds the gateway spends on one call.
async fn cpu(gateway: &Gateway, client: &mut Client, tool: &str) -> anyhow::Result<f64> {
    let before = gateway.process.cpu().await?;
    client.exchange(&Post::call(tool, &json!({}))).await?;
    Ok(gateway.process.cpu().await? - before)
}
