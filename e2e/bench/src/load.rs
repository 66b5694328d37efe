//! Load: a number of connections, each with one request at a time under way.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::try_join_all;

use crate::client::{Client, Post};

/// What a phase of load showed; times in seconds.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    pub(crate) elapsed: f64,
    pub(crate) latencies: Vec<f64>,
}

impl Samples {
    /// How many requests were answered.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 requests")]
    pub(crate) fn count(&self) -> f64 {
        self.latencies.len() as f64
    }
}

/// Connections that send the same request over and over.
#[derive(Debug)]
pub(crate) struct Load {
    clients: Vec<Client>,
    post: Post,
    /// The first answer to the request.
    pub(crate) answer: Bytes,
}

impl Load {
    /// Opens the connections and sends one request on each, all at once.
    pub(crate) async fn connect(address: SocketAddr, post: Post, connections: usize) -> anyhow::Result<Self> {
        let mut clients = try_join_all((0..connections).map(|_| Client::connect(address))).await?;
        let answers = try_join_all(clients.iter_mut().map(|client| client.exchange(&post))).await?;
        Ok(Self { clients, post, answer: answers.into_iter().next().unwrap_or_default() })
    }

    /// Sends requests for `time`.
    pub(crate) async fn run(&mut self, time: Duration) -> anyhow::Result<Samples> {
        let start = Instant::now();
        let post = &self.post;
        let repeat = async |client: &mut Client| {
            let mut latencies = Vec::new();
            while start.elapsed() < time {
                let sent = Instant::now();
                client.exchange(post).await?;
                latencies.push(sent.elapsed().as_secs_f64());
            }
            anyhow::Ok(latencies)
        };
        let latencies = try_join_all(self.clients.iter_mut().map(repeat)).await?.concat();
        Ok(Samples { elapsed: start.elapsed().as_secs_f64(), latencies })
    }
}
