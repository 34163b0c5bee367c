//! A server that answers what a test wants, and keeps what it was asked.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

/// A request as it came.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) head: String,
    pub(super) body: String,
}

impl Seen {
    /// `GET /path HTTP/1.1`.
    pub(super) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// The value of a header field.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Reads one; `None` at the end of the connection.
    pub(super) fn read(from: &mut impl io::BufRead) -> Option<Self> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if from.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let mut seen = Self { head, body: String::new() };
        let length = seen.field("content-length").map_or(0, |length| length.parse().expect("a length"));
        let mut body = vec![0; length];
        from.read_exact(&mut body).ok()?;
        seen.body = String::from_utf8_lossy(&body).into_owned();
        Some(seen)
    }
}

/// What a stub does with a request.
pub(super) enum Reply {
    /// This status and JSON.
    Json(u16, Value),
    /// These bytes, and the end of the connection.
    Bytes(Vec<u8>),
    /// The end of the connection without an answer.
    Break,
    /// No answer, for as long as the caller waits.
    Silence,
}

/// What a stub does, by the number of the request and what it is.
type Replies = dyn Fn(usize, &Seen) -> Reply + Send + Sync;

pub(super) struct Stub {
    pub(super) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    is_over: Arc<AtomicBool>,
}

impl Stub {
    /// Answers by the number of the request (from 0) and what it is.
    pub(super) fn start(reply: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::serve(None, Arc::new(reply))
    }

    /// The same under TLS.
    pub(super) fn tls(config: Arc<ServerConfig>) -> Self {
        Self::serve(Some(config), Arc::new(|_, _: &Seen| Reply::Json(200, Value::Null)))
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What came so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().clone()
    }

    fn serve(tls: Option<Arc<ServerConfig>>, reply: Arc<Replies>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (seen, is_over) = (Arc::<Mutex<Vec<Seen>>>::default(), Arc::<AtomicBool>::default());
        let stub = Self { address, seen: Arc::clone(&seen), is_over: Arc::clone(&is_over) };
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                let (tls, seen, reply) = (tls.clone(), Arc::clone(&seen), Arc::clone(&reply));
                std::thread::spawn(move || match tls {
                    None => talk(stream, &seen, &*reply),
                    Some(config) => {
                        let connection = ServerConnection::new(config).expect("a TLS connection");
                        talk(StreamOwned::new(connection, stream), &seen, &*reply);
                    }
                });
            }
        });
        stub
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn talk(stream: impl Read + Write, seen: &Mutex<Vec<Seen>>, reply: &dyn Fn(usize, &Seen) -> Reply) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = Seen::read(&mut stream) {
        let number = {
            let mut seen = seen.lock();
            seen.push(request.clone());
            seen.len() - 1
        };
        let sent = match reply(number, &request) {
            Reply::Json(status, body) => {
                let body = if body.is_null() { String::new() } else { body.to_string() };
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
                );
                stream.get_mut().write_all((head + &body).as_bytes())
            }
            Reply::Bytes(bytes) => {
                let _ = stream.get_mut().write_all(&bytes);
                return;
            }
            Reply::Break => return,
            Reply::Silence => {
                let _ = stream.fill_buf();
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}
