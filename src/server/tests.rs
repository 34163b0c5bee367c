//! The sockets, with a handler of the tests' own in the place of the gateway.

mod drain;
mod limits;
mod panics;
mod protocols;
mod tls;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::sync::{Semaphore, watch};

use super::handler::Handler;
use super::listener::bind;
use super::site::Site;
use super::tls::Tls;
use super::worker::Worker;
use crate::config::{ListenerLimits, Period};
use crate::gateway::Connection;

/// Generous: nothing here waits for it unless it fails.
const BOUND: Duration = Duration::from_secs(10);

struct Answer<F>(F);

impl<F, Answering> Handler for Answer<F>
where
    F: Fn(Request<Incoming>) -> Answering + Send + Sync + 'static,
    Answering: Future<Output = Response<Full<Bytes>>> + Send,
{
    type Body = Full<Bytes>;

    fn handle(
        &self,
        _: &Arc<Connection>,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Full<Bytes>>> + Send {
        (self.0)(request)
    }
}

struct Server {
    address: SocketAddr,
    until: watch::Sender<Option<tokio::time::Instant>>,
    budget: Arc<Semaphore>,
    connections: usize,
    workers: Vec<Worker>,
}

impl Server {
    fn start<F, Answering>(workers: usize, limits: &ListenerLimits, tls: Option<Arc<Tls>>, answer: F) -> Self
    where
        F: Fn(Request<Incoming>) -> Answering + Clone + Send + Sync + 'static,
        Answering: Future<Output = Response<Full<Bytes>>> + Send + 'static,
    {
        let (address, sockets) =
            bind("listener.address", SocketAddr::from(([127, 0, 0, 1], 0)), workers).unwrap();
        let (until, ends) = watch::channel(None);
        let budget = Arc::new(Semaphore::new(limits.connections));
        let workers = sockets.into_iter().enumerate().map(|(number, socket)| {
            let site = Site::new(Answer(answer.clone()), limits, tls.clone(), Arc::clone(&budget), false);
            Worker::start(number, site, socket, ends.clone()).unwrap()
        });
        let workers = workers.collect();
        Self { address, until, budget, connections: limits.connections, workers }
    }

    fn hello(limits: &ListenerLimits) -> Self {
        Self::start(1, limits, None, |_| async { hello() })
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(BOUND)).unwrap();
        stream.set_write_timeout(Some(BOUND)).unwrap();
        stream
    }

    fn open_connections(&self) -> usize {
        self.connections - self.budget.available_permits()
    }

    fn end(&mut self, drain: Duration) {
        self.until.send_replace(Some(tokio::time::Instant::now() + drain));
    }

    fn join(&mut self) {
        self.workers.drain(..).for_each(Worker::join);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
        self.join();
    }
}

fn hello() -> Response<Full<Bytes>> {
    Response::new(Full::from("hello"))
}

fn millis(milliseconds: u64) -> Period {
    Period::millis(milliseconds)
}

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";

/// Sends a request and reads the answer, which is to be `hello`.
fn get(stream: &mut TcpStream) -> String {
    stream.write_all(GET).unwrap();
    read_hello(stream)
}

fn read_hello(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut part = [0; 1024];
    while !read.ends_with(b"hello") {
        let length = stream.read(&mut part).unwrap();
        assert_ne!(length, 0, "the answer broke off after {:?}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&part[..length]);
    }
    String::from_utf8(read).unwrap()
}

/// Reads to the end of the connection, which is to come without an error.
fn read_to_end(stream: &mut TcpStream) -> String {
    let mut read = String::new();
    stream.read_to_string(&mut read).unwrap();
    read
}

fn wait_until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < BOUND, "it did not happen");
        std::thread::yield_now();
    }
}
