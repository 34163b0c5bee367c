use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::{BOUND, GET, Server, get, hello, read_hello, read_to_end, wait_until};
use crate::config::ListenerLimits;

/// A server whose requests wait for the gate.
fn gated(workers: usize) -> (Server, Arc<Semaphore>, Arc<AtomicUsize>) {
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::new(AtomicUsize::new(0));
    let (opens, counts) = (Arc::clone(&gate), Arc::clone(&waiting));
    let server = Server::start(workers, &ListenerLimits::default(), None, move |_| {
        let (gate, waiting) = (Arc::clone(&opens), Arc::clone(&counts));
        async move {
            waiting.fetch_add(1, SeqCst);
            let _open = gate.acquire().await;
            hello()
        }
    });
    (server, gate, waiting)
}

#[test]
fn no_request_in_flight_is_cut_by_a_drain() {
    let (mut server, gate, waiting) = gated(2);
    let mut streams: Vec<_> = (0..50).map(|_| server.connect()).collect();
    for stream in &mut streams {
        stream.write_all(GET).unwrap();
    }
    wait_until(|| waiting.load(SeqCst) == 50);
    server.end(BOUND);
    wait_until(|| TcpStream::connect(server.address).is_err());
    gate.add_permits(1);
    for stream in &mut streams {
        let answer = read_hello(stream);
        assert!(answer.to_ascii_lowercase().contains("connection: close\r\n"), "{answer}");
        assert_eq!(read_to_end(stream), "");
    }
    server.join();
}

#[test]
fn what_was_sent_just_before_the_drain_is_answered() {
    let mut server = Server::hello(&ListenerLimits::default());
    let mut streams: Vec<_> = (0..20).map(|_| server.connect()).collect();
    for stream in &mut streams {
        stream.write_all(GET).unwrap();
    }
    server.end(BOUND);
    for stream in &mut streams {
        read_hello(stream);
    }
    server.join();
}

#[test]
fn an_idle_connection_does_not_hold_up_a_drain() {
    let mut server = Server::hello(&ListenerLimits::default());
    let mut stream = server.connect();
    get(&mut stream);
    let mut silent = server.connect();
    wait_until(|| server.open_connections() == 2);
    server.end(BOUND);
    assert_eq!(read_to_end(&mut stream), "");
    assert_eq!(read_to_end(&mut silent), "");
    server.join();
}

#[test]
fn a_drain_ends_when_its_time_has_come() {
    let (mut server, _gate, waiting) = gated(1);
    let mut stream = server.connect();
    stream.write_all(GET).unwrap();
    wait_until(|| waiting.load(SeqCst) == 1);
    server.end(Duration::from_millis(50));
    server.join();
    assert_eq!(read_to_end(&mut stream), "");
}
