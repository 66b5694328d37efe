use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::{FetchError, Fetcher, MAX_BODY, Reach, Roots, configured_url};

/// The URL of a server on this machine that gives every client the same answer.
async fn answering(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut head = [0; 1024];
            let _ = client.read(&mut head).await;
            let _ = client.write_all(&answer).await;
        }
    });
    format!("http://{address}/document")
}

fn configured() -> Fetcher {
    Fetcher::new(Reach::Configured, &Roots::default()).expect("a fetcher")
}

#[tokio::test]
async fn a_document_arrives_with_its_status_and_headers() {
    let url =
        answering(b"HTTP/1.1 404 Not Found\r\ncache-control: no-store\r\ncontent-length: 2\r\n\r\n{}".to_vec()).await;
    let fetched = configured().get(&url).await.expect("an answer");
    assert_eq!((fetched.status.as_u16(), &fetched.body[..]), (404, &b"{}"[..]));
    assert_eq!(fetched.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let url =
        answering(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    assert_eq!(configured().get(&url).await.expect("an answer").status.as_u16(), 302);
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_refused_whether_or_not_its_length_is_told() {
    let body = vec![b' '; MAX_BODY + 1];
    let told = [format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(), &body].concat();
    let untold = [&b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"[..], &body].concat();
    for answer in [told, untold] {
        let url = answering(answer).await;
        assert_eq!(configured().get(&url).await.expect_err("too large"), FetchError::TooLarge);
    }
}

#[tokio::test]
async fn strangers_reach_no_private_address_by_name_or_number() {
    let fetcher = Fetcher::new(Reach::public(), &Roots::default()).expect("a fetcher");
    let numbers =
        ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/", "https://169.254.169.254/"];
    for url in numbers {
        assert!(matches!(fetcher.get(url).await, Err(FetchError::Url(_))), "{url}");
    }
    let refused = fetcher.get("https://localhost:1/").await.expect_err("a private address");
    assert!(refused.to_string().contains("no public address"), "{refused}");
    assert!(matches!(fetcher.get("http://example.com/").await, Err(FetchError::Url("only https"))));
}

#[test]
fn an_operator_names_https_or_this_machine() {
    for url in ["https://example.com/a", "http://localhost:3000", "http://127.0.0.1:1/x", "http://[::1]:1/"] {
        assert!(configured_url(url).is_ok(), "{url}");
    }
    for url in
        ["http://example.com", "ftp://localhost/", "/path", "https://user@example.com/", "https://example.com/#f"]
    {
        assert!(configured_url(url).is_err(), "{url}");
    }
}
