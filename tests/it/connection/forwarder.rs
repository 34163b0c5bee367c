//! A forward proxy that keeps the lines of the requests it passes on.

use std::io::{BufReader, Write as _, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use parking_lot::Mutex;

use super::stub::Seen;

pub(super) struct Forwarder {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Forwarder {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let forwarder = Self { address, seen: Arc::clone(&seen) };
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || forward(stream, &seen));
            }
        });
        forwarder
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().clone()
    }

    /// How many requests for a token came.
    pub(super) fn logins(&self) -> usize {
        self.seen.lock().iter().filter(|seen| seen.line().contains("/openid-connect/token ")).count()
    }

    pub(super) fn forget(&self) {
        self.seen.lock().clear();
    }
}

/// One request a connection, or a tunnel.
fn forward(stream: TcpStream, kept: &Mutex<Vec<Seen>>) -> Option<()> {
    let mut near = BufReader::new(stream);
    let seen = Seen::read(&mut near)?;
    kept.lock().push(seen.clone());
    let mut near = near.into_inner();
    let mut words = seen.line().split(' ');
    let (method, target) = (words.next()?, words.next()?);
    if method == "CONNECT" {
        let far = TcpStream::connect(target).ok()?;
        near.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").ok()?;
        tunnel(near, far);
        return Some(());
    }
    let (authority, path) = target.strip_prefix("http://")?.split_once('/')?;
    let mut far = TcpStream::connect(authority).ok()?;
    let fields = seen.head.lines().skip(1).filter(|line| !line.is_empty());
    let fields: String = fields.map(|line| format!("{line}\r\n")).collect();
    let head = format!("{method} /{path} HTTP/1.1\r\n{fields}Connection: close\r\n\r\n");
    far.write_all((head + &seen.body).as_bytes()).ok()?;
    copy(&mut far, &mut near).ok()?;
    near.shutdown(Shutdown::Both).ok()
}

fn tunnel(near: TcpStream, far: TcpStream) {
    let (mut from_near, mut from_far) =
        (near.try_clone().expect("a clone"), far.try_clone().expect("a clone"));
    let (mut to_near, mut to_far) = (near, far);
    std::thread::spawn(move || {
        let _ = copy(&mut from_near, &mut to_far);
        let _ = to_far.shutdown(Shutdown::Both);
    });
    let _ = copy(&mut from_far, &mut to_near);
    let _ = to_near.shutdown(Shutdown::Both);
}
