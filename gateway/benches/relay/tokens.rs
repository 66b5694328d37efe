//! What a token costs: one in use beside none, and one that is seen for the first time.

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput};
use http::{HeaderValue, Request, header};
use penstock_gateway::Gateway;
use penstock_gateway::auth::Auth;
use serde_json::json;
use tokio::runtime::Builder;

use crate::handle::answer;
use crate::issuer::{Issuer, Signer};
use crate::request;
use crate::worker::guarded;

pub(crate) fn benchmark(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut group = criterion.benchmark_group("tokens");
    group.throughput(Throughput::Elements(1));
    let (rsa, ec) = (Issuer::new(Signer::rsa()), Issuer::new(Signer::ec()));
    let call = request::call(&json!({ "id": "a-1" }));
    let mut same = |name: &str, gateway: &Gateway, request: &Request<Bytes>| {
        let first = answer(&runtime, gateway, request);
        group.bench_function(name, |bencher| {
            bencher.iter(|| assert_eq!(answer(&runtime, gateway, request).len(), first.len()));
        });
    };
    same("a call without a token", &guarded(Auth::None), &call);
    same("a call with a token in use", &guarded(rsa.auth()), &with_token(&call, &rsa.token("alice")));
    for (name, issuer) in [("a call with a new RS256 token", &rsa), ("a call with a new ES256 token", &ec)] {
        let gateway = guarded(issuer.auth());
        // Keys are fetched once.
        let first = answer(&runtime, &gateway, &with_token(&call, &issuer.token("alice"))).len();
        let mut subject = 0;
        let mut another = || {
            subject += 1;
            with_token(&call, &issuer.token(&format!("{subject:08}")))
        };
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                &mut another,
                |request| assert_eq!(answer(&runtime, &gateway, &request).len(), first),
                BatchSize::SmallInput,
            );
        });
    }
}

fn with_token(request: &Request<Bytes>, token: &str) -> Request<Bytes> {
    let mut request = request.clone();
    let value = HeaderValue::try_from(format!("Bearer {token}")).expect("visible ASCII");
    request.headers_mut().insert(header::AUTHORIZATION, value);
    request
}
