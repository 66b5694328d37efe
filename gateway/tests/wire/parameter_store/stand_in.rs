//! A server in place of Parameter Store: the two requests the gateway sends, in AWS JSON 1.1.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard};

use aws_sdk_ssm::config::{Credentials, SharedCredentialsProvider};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use penstock_aws::SdkConfig;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The path the catalog is below.
pub(crate) const PATH: &str = "/penstock/test/tools";

/// A Parameter Store with nothing in it at first. Stops on drop.
pub(crate) struct ParameterStore {
    url: String,
    shared: Arc<Shared>,
    open: watch::Sender<bool>,
    _accepting: JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    /// By name, every value there was, with when it was put.
    parameters: Mutex<BTreeMap<String, Vec<(u32, String)>>>,
    /// Counts what is put: the time by this server's clock, in milliseconds.
    clock: Mutex<u32>,
    /// The operations that were asked for.
    asked: Mutex<Vec<String>>,
    /// What the requests that come are answered with, where that is an error.
    errors: Mutex<VecDeque<Option<&'static str>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics while it holds this")
}

impl ParameterStore {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (shared, open) = (Arc::new(Shared::default()), watch::Sender::new(true));
        let (answering, gate) = (shared.clone(), open.subscribe());
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (shared, gate) = (answering.clone(), gate.clone());
                let service = service_fn(move |request: Request<Incoming>| {
                    let (shared, mut gate) = (shared.clone(), gate.clone());
                    async move {
                        let response = shared.answer(request).await;
                        gate.wait_for(|open| *open).await.expect("the test goes on");
                        Ok::<_, Infallible>(response)
                    }
                });
                connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, shared, open, _accepting: accepting }
    }

    /// A client's configuration that leads here.
    pub(crate) async fn aws(&self) -> SdkConfig {
        let credentials = Credentials::new("local", "local", None, None, "test");
        let config = penstock_aws::config_at("us-east-1").await.expect("no bundle is named").into_builder();
        config.endpoint_url(&self.url).credentials_provider(SharedCredentialsProvider::new(credentials)).build()
    }

    /// Puts a value, as a new version of what is there.
    pub(crate) fn put(&self, name: &str, value: &impl ToString) {
        let mut clock = lock(&self.shared.clock);
        *clock += 1;
        let mut parameters = lock(&self.shared.parameters);
        parameters.entry(format!("{PATH}/{name}")).or_default().push((*clock, value.to_string()));
    }

    pub(crate) fn delete(&self, name: &str) {
        lock(&self.shared.parameters).remove(&format!("{PATH}/{name}")).expect("it is there");
    }

    /// From now on requests are answered like this, one after the other: with an error, or as ever.
    pub(crate) fn fail(&self, errors: impl IntoIterator<Item = Option<&'static str>>) {
        *lock(&self.shared.errors) = errors.into_iter().collect();
    }

    /// Holds answers back, or lets them go.
    pub(crate) fn hold(&self, held: bool) {
        self.open.send_replace(!held);
    }

    /// How often an operation has been asked for.
    pub(crate) fn asked(&self, operation: &str) -> usize {
        lock(&self.shared.asked).iter().filter(|asked| *asked == operation).count()
    }
}

impl Shared {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let target = request.headers()["x-amz-target"].to_str().expect("text").to_owned();
        let operation = target.strip_prefix("AmazonSSM.").expect("a request of Parameter Store's").to_owned();
        let body = request.into_body().collect().await.expect("a whole body").to_bytes();
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        let answer = match (lock(&self.errors).pop_front().flatten(), &*operation) {
            (Some(code), _) => Err(json!({ "__type": code, "message": "no" })),
            (None, "GetParametersByPath") => Ok(self.by_path(&body)),
            (None, "GetParameterHistory") => Ok(self.history(&body)),
            (None, other) => panic!("{other} is none of the gateway's requests"),
        };
        lock(&self.asked).push(operation);
        let response = Response::builder().status(if answer.is_ok() { 200 } else { 400 });
        let (Ok(body) | Err(body)) = answer;
        let response = response.header("content-type", "application/x-amz-json-1.1");
        response.body(Full::from(body.to_string())).expect("a response")
    }

    fn by_path(&self, request: &Value) -> Value {
        assert_eq!((&request["Path"], &request["Recursive"]), (&json!(PATH), &json!(false)));
        let parameters = lock(&self.parameters);
        let all = parameters.iter().map(|(name, values)| {
            let (modified, value) = values.last().expect("a value");
            json!({ "Name": name, "Value": value, "Version": values.len(), "LastModifiedDate": seconds(*modified) })
        });
        page(all, request, 10)
    }

    fn history(&self, request: &Value) -> Value {
        let parameters = lock(&self.parameters);
        let name = request["Name"].as_str().expect("a name");
        let all = parameters[name].iter().enumerate().map(|(at, (modified, value))| {
            json!({ "Name": name, "Value": value, "Version": at + 1, "LastModifiedDate": seconds(*modified) })
        });
        page(all, request, 50)
    }
}

fn seconds(clock: u32) -> f64 {
    1_700_000_000.0 + f64::from(clock) / 1000.0
}

/// One page of what there is, and what asks for the next.
fn page(all: impl ExactSizeIterator<Item = Value>, request: &Value, most: u64) -> Value {
    let size = request["MaxResults"].as_u64().expect("a number");
    assert!((1..=most).contains(&size), "{size} are more than Parameter Store takes");
    let start: usize = request["NextToken"].as_str().map_or(0, |token| token.parse().expect("a token"));
    let size = usize::try_from(size).expect("few");
    let next = Some(start + size).filter(|next| *next < all.len());
    let mut answer = json!({ "Parameters": all.skip(start).take(size).collect::<Vec<_>>() });
    if let Some(next) = next {
        answer["NextToken"] = json!(next.to_string());
    }
    answer
}
