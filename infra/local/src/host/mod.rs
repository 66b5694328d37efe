//! A local host for Lambda functions: the Invoke API in front, the Runtime API behind, one process
//! per execution environment.
//!
//! What callers and functions observe is what they observe on Lambda: streamed responses with
//! backpressure, scale-out and reuse, time and size limits, and failures under the names Lambda
//! gives them. Any executable that speaks the Runtime API is a function. Not imitated: signatures,
//! memory and processor limits, extensions, freezing between calls, the retry of a failed
//! initialisation or of an asynchronous call (Lambda tries one twice more), the pace limit of
//! streams, and how many environments the tenants of a function may have (2,500 for every 1,000 calls at once).

pub(crate) mod body;
mod call;
mod connection;
mod ending;
mod environment;
mod error;
mod event_stream;
mod function;
mod function_url;
mod functions;
mod guard;
mod invoke_api;
pub(crate) mod listener;
mod name;
mod origin;
mod output;
mod pool;
mod process;
mod reply;
mod runtime_api;
mod tenant;
mod upload;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::HeaderMap;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub(crate) use self::call::{Part, Reply};
pub(crate) use self::error::FunctionError;
pub use self::function::{Function, Options};
pub use self::origin::Origin;

use self::call::{Event, ReaderGone};
use self::functions::Functions;
use self::guard::Guard;
use self::origin::Routes;
use self::pool::{Pool, Throttled};

/// Time a stopping host gives its processes to be gone.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// A running host. Dropping it kills every process it started; [`shut_down`](Self::shut_down) also
/// waits until they are gone.
#[derive(Debug)]
pub struct Host {
    address: SocketAddr,
    functions: Arc<Functions>,
    servers: JoinSet<()>,
}

/// Why a host cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The operating system refused something every host needs.
    #[error("the local host cannot start: {0}")]
    Io(#[from] std::io::Error),
    /// Two functions have the same name.
    #[error("there are two functions named {0:?}")]
    Duplicate(String),
    /// No function has this name.
    #[error("there is no function named {0:?}")]
    Unknown(String),
    /// The function keeps tenants apart, and a URL names none.
    #[error("the function {0:?} serves tenants apart from each other: no URL leads to it")]
    PerTenant(String),
    /// The function's concurrency is used up.
    #[error("the function {0:?} has no room for another call")]
    Throttled(String),
}

impl Host {
    /// Starts a host whose Invoke API is on `listener`. No process is started before it is called.
    ///
    /// # Errors
    /// [`HostError`] if a name is used twice or the system lacks what the host needs.
    pub fn start(listener: TcpListener, functions: Vec<Function>, options: &Options) -> Result<Self, HostError> {
        let address = listener.local_addr()?;
        let deployed = Functions::new(options.clone(), Arc::new(Guard::start()?));
        for function in functions {
            let name = function.name.clone();
            if deployed.deploy(function) {
                return Err(HostError::Duplicate(name));
            }
        }
        let functions = Arc::new(deployed);
        let mut servers = JoinSet::new();
        let served = Arc::clone(&functions);
        let handler = move |request| invoke_api::handle(Arc::clone(&served), request);
        servers.spawn(listener::serve(listener, handler, std::future::pending()));
        Ok(Self { address, functions, servers })
    }

    /// Where the Invoke API is: what `AWS_ENDPOINT_URL_LAMBDA` is set to.
    pub fn invoke_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Puts a function URL for `function` on `listener`.
    ///
    /// # Errors
    /// [`HostError::Unknown`] if there is no such function, [`HostError::PerTenant`] if Lambda would give it no URL.
    pub fn front(&mut self, function: &str, listener: TcpListener) -> Result<(), HostError> {
        let pool = self.pool_with_url(function)?;
        let address = listener.local_addr()?;
        let handler = move |request| function_url::handle(Arc::clone(&pool), address, request);
        self.servers.spawn(listener::serve(listener, handler, std::future::pending()));
        Ok(())
    }

    /// Serves several functions at one origin on `listener`, as a CDN in front of their function URLs does.
    ///
    /// # Errors
    /// As [`front`](Self::front).
    pub fn origin(&mut self, origin: Origin, listener: TcpListener) -> Result<(), HostError> {
        let routes = Arc::new(Routes::new(origin, |function| self.pool_with_url(function))?);
        let address = listener.local_addr()?;
        let handler = move |request| origin::handle(Arc::clone(&routes), address, request);
        self.servers.spawn(listener::serve(listener, handler, std::future::pending()));
        Ok(())
    }

    /// Adds a function, or replaces the one of its name: calls that come get the new one, calls that are running end
    /// on the old one. What a [front](Self::front) or [origin](Self::origin) serves stays what it was.
    pub fn deploy(&self, function: Function) {
        self.functions.deploy(function);
    }

    /// Takes a function away; calls that are running end on it.
    ///
    /// # Errors
    /// [`HostError::Unknown`] if there is no such function.
    pub fn remove(&self, function: &str) -> Result<(), HostError> {
        if self.functions.remove(function) { Ok(()) } else { Err(HostError::Unknown(function.to_owned())) }
    }

    /// The last lines the function's processes wrote.
    ///
    /// # Errors
    /// [`HostError::Unknown`] if there is no such function.
    pub fn last_output(&self, function: &str) -> Result<Vec<String>, HostError> {
        Ok(self.pool(function)?.settings().output.last_lines())
    }

    /// Invokes a function without the Invoke API in between, for nobody in particular.
    pub(crate) fn invoke(&self, function: &str, payload: Bytes) -> Result<Reply, HostError> {
        let trace_id = trace_id(&HeaderMap::new());
        let event = Event { payload, client_context: None, tenant: None, trace_id, reader_gone: ReaderGone::Drain };
        self.pool(function)?.invoke(event).map_err(|Throttled| HostError::Throttled(function.to_owned()))
    }

    /// Execution environments the function has had so far.
    pub(crate) fn launches(&self, function: &str) -> Result<usize, HostError> {
        Ok(self.pool(function)?.launches())
    }

    /// Execution environments the function has now.
    ///
    /// # Errors
    /// [`HostError::Unknown`] if there is no such function.
    pub fn environments(&self, function: &str) -> Result<usize, HostError> {
        Ok(self.pool(function)?.size())
    }

    /// Stops serving and waits until every process is gone.
    pub async fn shut_down(mut self) {
        self.servers.shutdown().await;
        let stopped = async {
            for pool in self.functions.all() {
                pool.shut_down().await;
            }
        };
        // What is still there after that is killed by the drop.
        let _ = tokio::time::timeout(STOP_LIMIT, stopped).await;
    }

    fn pool_with_url(&self, name: &str) -> Result<Arc<Pool>, HostError> {
        let pool = self.pool(name)?;
        if pool.settings().function.per_tenant { Err(HostError::PerTenant(name.to_owned())) } else { Ok(pool) }
    }

    fn pool(&self, name: &str) -> Result<Arc<Pool>, HostError> {
        self.functions.get(name).ok_or_else(|| HostError::Unknown(name.to_owned()))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.functions.all().iter().for_each(|pool| pool.abort());
    }
}

/// The X-Ray trace of a request, or a new one that is not sampled.
fn trace_id(headers: &HeaderMap) -> String {
    if let Some(sent) = headers.get("x-amzn-trace-id").and_then(|sent| sent.to_str().ok()) {
        return sent.to_owned();
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let unique = uuid::Uuid::new_v4().simple().to_string();
    format!("Root=1-{seconds:08x}-{};Sampled=0", &unique[..24])
}
