//! A stand-in for one DynamoDB table on a loopback port, so that the processes of the local host share a store as
//! instances on AWS do, through the same client.
//!
//! It serves what Penstock's store asks (`GetItem`, and `PutItem` with two condition expressions) and refuses the rest
//! by name. Items live as long as the process; signatures are not checked.

mod error;
mod request;
mod table;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use self::error::ApiError;
use self::request::{GetItem, PutItem};
use self::table::Table;
use crate::host::{body, listener};

/// The one table there is: what `PENSTOCK_STORE_TABLE` is set to.
pub const TABLE: &str = "penstock";

/// Prefix of `X-Amz-Target`: service and version.
const TARGET: &str = "DynamoDB_20120810.";

/// Longest request body, in bytes: an item of 400 KB in Base64, with room for the rest.
const MAX_BODY: usize = 1024 * 1024;

/// A running endpoint. Dropping it closes its port and its connections, and forgets its items.
#[derive(Debug)]
pub struct StoreApi {
    address: SocketAddr,
    server: JoinHandle<()>,
}

/// Starts an endpoint with an empty table on a free port of 127.0.0.1.
///
/// # Errors
/// If no port can be bound.
pub async fn start() -> io::Result<StoreApi> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let table = Arc::new(Mutex::new(Table::default()));
    let handler = move |request| respond(Arc::clone(&table), request);
    Ok(StoreApi { address, server: tokio::spawn(listener::serve(listener, handler, std::future::pending())) })
}

impl StoreApi {
    /// The endpoint, for `AWS_ENDPOINT_URL_DYNAMODB`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for StoreApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn respond(table: Arc<Mutex<Table>>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let answer = match body::read(body, MAX_BODY).await {
        Ok(_) if head.method != Method::POST => Err(ApiError::UnknownOperation(head.method.to_string())),
        Ok(body) => answer(&table, &head.headers, &body),
        Err(_) => Err(ApiError::Serialization(format!("the body is longer than {MAX_BODY} bytes or was cut off"))),
    };
    let (status, answer) = match answer {
        Ok(answer) => (StatusCode::OK, answer),
        Err(error) => (StatusCode::BAD_REQUEST, error.into_json()),
    };
    let mut response = Response::new(Full::new(Bytes::from(answer.to_string())));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/x-amz-json-1.0");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn answer(table: &Mutex<Table>, headers: &HeaderMap, body: &[u8]) -> Result<Value, ApiError> {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    match target.strip_prefix(TARGET) {
        Some("GetItem") => {
            let GetItem { table_name, key, .. } = request::read(body)?;
            known(&table_name)?;
            let table = table.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(table.get(&key.pk.text).map_or_else(|| json!({}), |item| json!({ "Item": item })))
        }
        Some("PutItem") => {
            let put: PutItem = request::read(body)?;
            known(&put.table_name)?;
            let condition = put.condition()?;
            let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
            let put = table.put(put.item, condition, put.return_values_on_condition_check_failure);
            put.map(|()| json!({}))
        }
        _ => Err(ApiError::UnknownOperation(target.to_owned())),
    }
}

fn known(table: &str) -> Result<(), ApiError> {
    if table == TABLE { Ok(()) } else { Err(ApiError::NoTable(table.to_owned())) }
}
