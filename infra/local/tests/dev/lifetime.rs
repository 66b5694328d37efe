use rustix::process::{Pid, Signal, kill_process};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::support::{self, Dev, within};

async fn gone(mut lifeline: TcpStream) {
    // A killed process ends its connections, one way or another.
    let _ = within("the gateway's process to be gone", lifeline.read_to_end(&mut Vec::new())).await;
}

fn send(dev: &Dev, signal: Signal) {
    let id = dev.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)).expect("it runs");
    kill_process(id, signal).expect("it is there");
}

#[tokio::test]
async fn an_interrupt_or_termination_stops_everything_and_is_a_success() {
    for signal in [Signal::INT, Signal::TERM] {
        let catalog = support::catalog();
        let mut dev = Dev::start(catalog.path()).await;
        let lifeline = dev.lifeline().await;
        send(&dev, signal);
        let status = within("the end", dev.child.wait()).await.expect("an end");
        assert!(status.success(), "{status}");
        gone(lifeline).await;
    }
}

#[tokio::test]
async fn nothing_is_left_even_if_the_host_is_killed() {
    let catalog = support::catalog();
    let dev = Dev::start(catalog.path()).await;
    let lifeline = dev.lifeline().await;
    send(&dev, Signal::KILL);
    gone(lifeline).await;
}
