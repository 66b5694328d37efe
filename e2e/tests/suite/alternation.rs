//! Two gateways behind one address, each asked in turn: neither knows what the other was told.

use std::net::SocketAddr;

use anyhow::Context as _;
use penstock_e2e::{Access, Gateways, Penstock, Proxy, http, requests};
use rstest::rstest;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[rstest]
#[tokio::test]
async fn each_of_two_gateways_gets_every_second_request(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let mut gateways = Gateways::start(Penstock::with_fixtures(access).await?).await?;
    let client = http::client();
    let call = requests::call(1, "test_tool_with_progress", &json!({}));
    for _ in 0..2 {
        assert_eq!(http::exchange(&client, gateways.url(), &call).await?.len(), 4);
    }
    assert_eq!(gateways.served(), [1, 1]);
    gateways.stop_first().await?;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(http::post(&client, gateways.url(), &call).send().await?.status().as_u16());
    }
    assert_eq!(statuses, [502, 200, 502, 200]);
    Ok(())
}

/// S-1, S-2: the proxy must not make a hostile request look harmless.
#[rstest]
#[tokio::test]
async fn a_page_from_elsewhere_is_refused_behind_the_proxy_too(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let gateways = Gateways::start(Penstock::with_fixtures(access).await?).await?;
    let list = requests::request(1, "tools/list");
    for &(name, value) in access.foreign() {
        let response = http::post(&http::client(), gateways.url(), &list).header(name, value).send().await?;
        assert_eq!(response.status(), 403, "{name}");
    }
    Ok(())
}

/// Reads from `stream` until what was read ends with `end`.
async fn read_until(stream: &mut TcpStream, end: &[u8]) -> anyhow::Result<()> {
    let mut read = Vec::new();
    while !read.ends_with(end) {
        read.push(stream.read_u8().await?);
    }
    Ok(())
}

#[tokio::test]
async fn the_proxy_passes_bytes_on_while_they_arrive_and_a_departure_too() -> anyhow::Result<()> {
    let server = TcpListener::bind("127.0.0.1:0").await?;
    let nobody: SocketAddr = "127.0.0.1:9".parse()?;
    let proxy = Proxy::start([server.local_addr()?, nobody], None).await?;
    let mut client = TcpStream::connect(proxy.address()).await?;
    client.write_all(b"POST /x HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n").await?;
    let (mut upstream, _) = server.accept().await?;
    read_until(&mut upstream, b"3\r\nabc\r\n").await.context("the first half of the request")?;
    client.write_all(b"0\r\n\r\n").await?;
    read_until(&mut upstream, b"0\r\n\r\n").await.context("its end")?;
    upstream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n").await?;
    read_until(&mut client, b"3\r\none\r\n").await.context("the first half of the response")?;
    drop(client);
    assert_eq!(upstream.read(&mut [0]).await?, 0, "the connection to the server is closed");
    Ok(())
}
