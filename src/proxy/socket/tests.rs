use std::future::poll_fn;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, coop};

use super::*;

/// A hang would otherwise be a hang of the test.
const LONG: Duration = Duration::from_secs(20);

async fn pair() -> (TcpStream, Socket) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (near, far) = tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
    (near.unwrap(), Socket::new(far.unwrap().0))
}

/// Writes when whoever reads has had a turn; gives the stream back.
fn write_later(mut near: TcpStream, bytes: &'static [u8]) -> JoinHandle<TcpStream> {
    tokio::spawn(async move {
        tokio::task::yield_now().await;
        near.write_all(bytes).await.unwrap();
        near
    })
}

fn poll(socket: &mut Socket, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<usize> {
    let mut buffer = ReadBuf::new(room);
    Pin::new(socket).poll_read(cx, &mut buffer).map(|read| {
        read.unwrap();
        buffer.filled().len()
    })
}

/// Polls until something comes, and each time it finds nothing, twice more.
async fn read(socket: &mut Socket) -> usize {
    let mut room = [0; 8];
    let read = poll_fn(|cx| {
        let first = poll(socket, cx, &mut room);
        if first.is_ready() {
            return first;
        }
        for _ in 0..2 {
            let again = poll(socket, cx, &mut room);
            if again.is_ready() {
                return again;
            }
        }
        Poll::Pending
    });
    tokio::time::timeout(LONG, read).await.expect("woken")
}

#[tokio::test]
async fn what_comes_wakes_whoever_has_asked_several_times() {
    let (mut near, mut far) = pair().await;
    for round in 1..=20 {
        let wrote = write_later(near, b"xxx");
        assert_eq!(read(&mut far).await, 3, "{round}");
        near = wrote.await.unwrap();
    }
    drop(near);
    assert_eq!(read(&mut far).await, 0, "the end");
}

#[tokio::test]
async fn the_one_that_asked_last_is_woken() {
    let (mut near, mut far) = pair().await;
    let mut room = [0; 8];
    let nobody = &mut Context::from_waker(Waker::noop());
    for _ in 0..2 {
        assert!(poll(&mut far, nobody, &mut room).is_pending());
        let wrote = write_later(near, b"x");
        assert_eq!(read(&mut far).await, 1);
        near = wrote.await.unwrap();
    }
}

#[tokio::test]
async fn who_asks_without_budget_is_woken_all_the_same() {
    let (near, mut far) = pair().await;
    let mut room = [0; 8];
    poll_fn(|cx| {
        while coop::has_budget_remaining() {
            if let Poll::Ready(step) = coop::poll_proceed(cx) {
                step.made_progress();
            }
        }
        assert!(poll(&mut far, cx, &mut room).is_pending());
        assert!(!far.waits, "nobody was noted");
        Poll::Ready(())
    })
    .await;
    let wrote = write_later(near, b"x");
    assert_eq!(read(&mut far).await, 1);
    drop(wrote.await.unwrap());
}
