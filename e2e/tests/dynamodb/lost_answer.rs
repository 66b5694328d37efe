use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use penstock_e2e::moto::Moto;
use penstock_store::{Store as _, When, Write};
use tokio::io::{AsyncReadExt as _, copy, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{TABLE, store};

fn write(value: &'static str, when: When) -> Write {
    Write { value: value.into(), when, expires: SystemTime::now() + Duration::from_mins(1) }
}

/// A way to `upstream` on which the first answer is lost. `meanwhile` happens before the next try gets through.
struct Lossy {
    url: String,
    tries: Arc<AtomicUsize>,
}

async fn lossy(upstream: &str, meanwhile: impl Future<Output = ()> + Send + 'static) -> io::Result<Lossy> {
    let upstream = upstream.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let tries = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&tries);
    tokio::spawn(async move {
        let (client, _) = listener.accept().await?;
        lose(client, TcpStream::connect(&upstream).await?).await?;
        counter.fetch_add(1, Ordering::Relaxed);
        meanwhile.await;
        loop {
            let (mut client, _) = listener.accept().await?;
            let mut server = TcpStream::connect(&upstream).await?;
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
        }
        #[expect(unreachable_code, reason = "names the type of the errors above")]
        io::Result::Ok(())
    });
    Ok(Lossy { url, tries })
}

/// Passes a request on, waits until its answer begins, and hangs up.
async fn lose(mut client: TcpStream, mut server: TcpStream) -> io::Result<()> {
    let (mut request, _) = client.split();
    let (mut answer, mut upstream) = server.split();
    tokio::select! {
        passed = copy(&mut request, &mut upstream) => drop(passed?),
        answered = answer.read_u8() => drop(answered?),
    }
    Ok(())
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_knows_itself_again() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    moto.create_table(TABLE).await?;
    let direct = store(moto.url());

    let way = lossy(moto.url(), async {}).await?;
    assert_eq!(store(&way.url).put("test/lost", write("first", When::Absent)).await, Ok(true));
    assert_eq!(way.tries.load(Ordering::Relaxed), 2);

    let first = direct.get("test/lost").await?.expect("the write happened");
    let way = lossy(moto.url(), async {}).await?;
    assert_eq!(store(&way.url).put("test/lost", write("second", When::Version(first.version))).await, Ok(true));
    assert_eq!(way.tries.load(Ordering::Relaxed), 2);
    let second = direct.get("test/lost").await?.expect("the write happened");
    assert_eq!(second.value, "second");

    let way = lossy(moto.url(), async {}).await?;
    assert_eq!(store(&way.url).put("test/lost", write("late", When::Version(first.version))).await, Ok(false));
    assert_eq!(way.tries.load(Ordering::Relaxed), 2);
    Ok(())
}

/// The limit of that: a write that was replaced in the meantime looks like one that came too late.
#[tokio::test]
async fn a_write_whose_answer_was_lost_and_that_was_replaced_is_told_that_it_lost() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    moto.create_table(TABLE).await?;
    let direct = store(moto.url());
    let rival = direct.clone();
    let replace = async move {
        let first = rival.get("test/replaced").await.expect("an answer").expect("the first try happened");
        assert_eq!(rival.put("test/replaced", write("theirs", When::Version(first.version))).await, Ok(true));
    };
    let way = lossy(moto.url(), replace).await?;
    assert_eq!(store(&way.url).put("test/replaced", write("mine", When::Absent)).await, Ok(false));
    assert_eq!(way.tries.load(Ordering::Relaxed), 2);
    assert_eq!(direct.get("test/replaced").await?.expect("an item").value, "theirs");
    Ok(())
}
