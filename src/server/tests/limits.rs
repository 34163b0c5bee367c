use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;

use super::{Server, get, hello, millis, read_hello, read_to_end, wait_until};
use crate::config::{ByteSize, ListenerLimits};

#[test]
fn a_slow_head_is_cut() {
    let server = Server::hello(&ListenerLimits { header_timeout: millis(100), ..ListenerLimits::default() });
    let mut stream = server.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nhost").unwrap();
    assert_eq!(read_to_end(&mut stream), "");
}

#[test]
fn a_connection_without_a_byte_is_cut() {
    let server = Server::hello(&ListenerLimits { header_timeout: millis(100), ..ListenerLimits::default() });
    assert_eq!(read_to_end(&mut server.connect()), "");
}

#[test]
fn a_slow_head_on_a_used_connection_is_cut() {
    let server = Server::hello(&ListenerLimits { header_timeout: millis(100), ..ListenerLimits::default() });
    let mut stream = server.connect();
    get(&mut stream);
    stream.write_all(b"GET / HTTP/1.1\r\nhost").unwrap();
    assert_eq!(read_to_end(&mut stream), "");
}

#[test]
fn half_a_head_behind_a_request_is_cut() {
    let limits =
        ListenerLimits { header_timeout: millis(50), idle_timeout: millis(50), ..ListenerLimits::default() };
    let server = Server::hello(&limits);
    let mut stream = server.connect();
    stream.write_all(&[super::GET, b"GET / HTTP/1.1\r\nhost"].concat()).unwrap();
    read_hello(&mut stream);
    assert_eq!(read_to_end(&mut stream), "");
}

#[test]
fn an_idle_connection_is_closed() {
    let server = Server::hello(&ListenerLimits { idle_timeout: millis(100), ..ListenerLimits::default() });
    let mut stream = server.connect();
    get(&mut stream);
    assert_eq!(read_to_end(&mut stream), "");
    wait_until(|| server.open_connections() == 0);
}

#[test]
fn a_client_that_takes_nothing_of_its_answer_is_cut() {
    let limits = ListenerLimits { idle_timeout: millis(100), ..ListenerLimits::default() };
    let server =
        Server::start(1, &limits, None, |_| async { Response::new(Full::from(vec![b'x'; 64 << 20])) });
    let mut stream = server.connect();
    stream.write_all(super::GET).unwrap();
    let mut byte = [0];
    stream.read_exact(&mut byte).unwrap();
    wait_until(|| server.open_connections() == 0);
}

#[test]
fn connections_over_the_limit_wait_and_are_served() {
    let limits = ListenerLimits { connections: 2, ..ListenerLimits::default() };
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let server = Server::start(2, &limits, None, move |_| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&most));
        async move {
            most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            now.fetch_sub(1, SeqCst);
            let mut response = hello();
            response.headers_mut().insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
            response
        }
    });
    let mut streams: Vec<_> = (0..12).map(|_| server.connect()).collect();
    for stream in &mut streams {
        stream.write_all(super::GET).unwrap();
    }
    for stream in &mut streams {
        read_hello(stream);
    }
    assert!((1..=2).contains(&seen.load(SeqCst)));
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let server = Server::hello(&ListenerLimits { head_bytes: ByteSize::kib(2), ..ListenerLimits::default() });
    let mut stream = server.connect();
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n", "a".repeat(2048));
    stream.write_all(head.as_bytes()).unwrap();
    assert!(read_to_end(&mut stream).starts_with("HTTP/1.1 431 "));
}

#[test]
fn a_head_without_an_end_is_refused_at_its_limit() {
    let server = Server::hello(&ListenerLimits { head_bytes: ByteSize::kib(2), ..ListenerLimits::default() });
    let mut stream = server.connect();
    stream.write_all(format!("GET / HTTP/1.1\r\nx: {}", "a".repeat(2048)).as_bytes()).unwrap();
    assert!(read_to_end(&mut stream).starts_with("HTTP/1.1 431 "));
}

#[test]
fn too_many_fields_are_refused() {
    let server = Server::hello(&ListenerLimits { headers: 4, ..ListenerLimits::default() });
    let mut stream = server.connect();
    stream
        .write_all(format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(4)).as_bytes())
        .unwrap();
    assert!(read_to_end(&mut stream).starts_with("HTTP/1.1 431 "));
}

#[test]
fn a_head_just_below_its_limit_is_served() {
    let server = Server::hello(&ListenerLimits { head_bytes: ByteSize::kib(2), ..ListenerLimits::default() });
    let mut stream = server.connect();
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n", "a".repeat(1900));
    stream.write_all(head.as_bytes()).unwrap();
    assert!(read_hello(&mut stream).starts_with("HTTP/1.1 200 "));
}

#[test]
fn the_body_of_an_answer_may_be_larger_than_any_buffer() {
    let body = Bytes::from(vec![b'x'; 8 << 20]);
    let answer = body.clone();
    let server = Server::start(1, &ListenerLimits::default(), None, move |_| {
        let answer = answer.clone();
        async move { Response::new(Full::new(answer)) }
    });
    let mut stream = server.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let read = read_to_end(&mut stream);
    assert_eq!(read.split_once("\r\n\r\n").unwrap().1.len(), body.len());
}

/// In a process of its own, so that the other tests keep their file descriptors.
#[test]
fn established_clients_go_on_without_file_descriptors_and_others_are_served_later() {
    const CHILD: &str = "GATECLOAK_TEST_WITH_FEW_FILES";
    if std::env::var_os(CHILD).is_some() {
        return starve();
    }
    let name = "server::tests::limits::established_clients_go_on_without_file_descriptors_and_others_are_served_later";
    let child = std::process::Command::new("sh")
        .args(["-c", "ulimit -n 64 && exec \"$0\" --exact \"$1\""])
        .arg(std::env::current_exe().unwrap())
        .arg(name)
        .env(CHILD, "1")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && output.contains("1 passed"), "{output}");
}

fn starve() {
    let server = Server::hello(&ListenerLimits::default());
    let mut established = server.connect();
    get(&mut established);
    let mut files: Vec<_> = std::iter::from_fn(|| std::fs::File::open("/dev/null").ok()).collect();
    // Enough for the client's end of a connection and not for the server's.
    files.pop();
    let mut waiting = server.connect();
    waiting.write_all(super::GET).unwrap();
    for _ in 0..100 {
        get(&mut established);
    }
    drop(files);
    read_hello(&mut waiting);
    get(&mut established);
}
