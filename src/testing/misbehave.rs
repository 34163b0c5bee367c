//! Upstreams that misbehave, by name.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use socket2::{Domain, SockRef, Socket, Type};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::background::{Background, accept, bind, loopback};

/// The largest request head that is read.
const HEAD_LIMIT: usize = 1024 * 1024;

/// How an upstream misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// Nobody listens at its address.
    Refuse,
    /// The connection is closed as soon as it is accepted.
    CloseAtOnce,
    /// Closed after the request's head was read, without an answer.
    CloseAfterRequest,
    /// Reset after the request's head was read.
    ResetAfterHead,
    /// Half of a head, then closed.
    HalfHead,
    /// Bytes that are not HTTP.
    Garbage,
    /// No answer, and the connection stays open.
    Hang,
    /// A head with a length and half of the body, and the connection stays open.
    HangInBody,
    /// A head, a byte at a time, that never ends.
    DripHead,
    /// A length of 100, ten bytes of body, then closed.
    CutBody,
    /// One chunk, no last chunk, then closed.
    CutChunks,
    /// A chunk size that is no number.
    BadChunk,
    /// A whole answer, and after it another one that nobody asked for.
    ExtraBytes,
    /// 101 for a request that asked for no upgrade.
    Unasked101,
    /// 2 MB of header values.
    HugeHeaders,
    /// 5000 header fields.
    ManyHeaders,
    /// 100 and 103, then 200.
    Informational,
    /// 103 without end.
    EndlessInformational,
    /// Status 999.
    OddStatus,
    /// `Content-Length` and `Transfer-Encoding` together.
    BothLengths,
    /// Two values of `Content-Length` that differ.
    TwoLengths,
    /// HTTP/1.0, and a body that the close ends.
    CloseDelimited,
    /// `200`, `ok`, with hop-by-hop fields that the connection names.
    HopByHop,
    /// The whole answer before the request's body was read, then closed.
    EarlyAnswer,
    /// 401 with a challenge of the upstream's own.
    Challenge,
}

impl Misbehaviour {
    /// All that hold a connection and can be tried one after the other.
    pub const ALL: [Self; 25] = [
        Self::Refuse,
        Self::CloseAtOnce,
        Self::CloseAfterRequest,
        Self::ResetAfterHead,
        Self::HalfHead,
        Self::Garbage,
        Self::Hang,
        Self::HangInBody,
        Self::DripHead,
        Self::CutBody,
        Self::CutChunks,
        Self::BadChunk,
        Self::ExtraBytes,
        Self::Unasked101,
        Self::HugeHeaders,
        Self::ManyHeaders,
        Self::Informational,
        Self::EndlessInformational,
        Self::OddStatus,
        Self::BothLengths,
        Self::TwoLengths,
        Self::CloseDelimited,
        Self::HopByHop,
        Self::EarlyAnswer,
        Self::Challenge,
    ];

    /// What is sent once the request's head was read, where that is all there is to it.
    fn bytes(self) -> Vec<u8> {
        let text = match self {
            Self::HalfHead => "HTTP/1.1 200 OK\r\nContent-Le",
            Self::Garbage => "\u{16}\u{3}\u{1}\u{2}\0\u{1}not http at all\r\n\r\n",
            Self::CutBody => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789",
            Self::HangInBody => "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n0123456789",
            Self::CutChunks => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n",
            Self::BadChunk => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n0123456789\r\n",
            Self::ExtraBytes => {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned"
            }
            Self::Unasked101 => {
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nafter"
            }
            Self::Informational => {
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
                 HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            }
            Self::OddStatus => "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok",
            Self::BothLengths => {
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
            }
            Self::TwoLengths => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
            Self::CloseDelimited => "HTTP/1.0 200 OK\r\n\r\nok",
            Self::HopByHop => {
                "HTTP/1.1 200 OK\r\nConnection: x-private\r\nX-Private: 1\r\nKeep-Alive: timeout=9\r\n\
                 Proxy-Authenticate: Basic\r\nX-Public: 1\r\nContent-Length: 2\r\n\r\nok"
            }
            Self::EarlyAnswer => "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno",
            Self::Challenge => {
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"upstream\"\r\nContent-Length: 0\r\n\r\n"
            }
            Self::HugeHeaders => return huge_headers(2048, 1024),
            Self::ManyHeaders => return huge_headers(5000, 1),
            _ => "",
        };
        text.as_bytes().to_vec()
    }

    /// Whether the connection stays open after that.
    fn stays_open(self) -> bool {
        matches!(
            self,
            Self::Hang
                | Self::HangInBody
                | Self::ExtraBytes
                | Self::Unasked101
                | Self::Informational
                | Self::OddStatus
                | Self::BothLengths
                | Self::TwoLengths
                | Self::HopByHop
                | Self::Challenge
        )
    }
}

fn huge_headers(count: usize, length: usize) -> Vec<u8> {
    let value = "x".repeat(length);
    let fields: String = (0..count).map(|number| format!("X-Filler-{number}: {value}\r\n")).collect();
    format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: 2\r\n\r\nok").into_bytes()
}

/// A misbehaving upstream on loopback.
#[derive(Debug)]
pub struct BadUpstream {
    address: SocketAddr,
    seen: Arc<Seen>,
    _running: Option<Background>,
    _refusing: Option<Socket>,
}

#[derive(Debug, Default)]
struct Seen {
    connections: AtomicU64,
    closed: AtomicU64,
    heads: Mutex<Vec<String>>,
}

impl BadUpstream {
    /// Starts one.
    pub fn start(misbehaviour: Misbehaviour) -> io::Result<Self> {
        let seen = Arc::new(Seen::default());
        if misbehaviour == Misbehaviour::Refuse {
            // Bound, and so nobody else's, but not listening.
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
            socket.bind(&loopback().into())?;
            let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
            return Ok(Self { address, seen, _running: None, _refusing: Some(socket) });
        }
        let (listener, address) = bind(loopback())?;
        let counted = Arc::clone(&seen);
        let running = Background::run("bad-upstream", move || serve(listener, misbehaviour, counted))?;
        Ok(Self { address, seen, _running: Some(running), _refusing: None })
    }

    /// Where it listens, or would.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> u64 {
        self.seen.connections.load(Ordering::Relaxed)
    }

    /// Connections that have ended, from whichever side.
    pub fn closed(&self) -> u64 {
        self.seen.closed.load(Ordering::Relaxed)
    }

    /// The request heads read so far, as they came.
    pub fn heads(&self) -> Vec<String> {
        self.seen.heads.lock().clone()
    }
}

async fn serve(listener: std::net::TcpListener, misbehaviour: Misbehaviour, seen: Arc<Seen>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    loop {
        let (stream, _) = accept(&listener).await;
        seen.connections.fetch_add(1, Ordering::Relaxed);
        let seen = Arc::clone(&seen);
        tokio::spawn(async move {
            // Whatever goes wrong here was meant to.
            let _ = misbehave(stream, misbehaviour, &seen).await;
            seen.closed.fetch_add(1, Ordering::Relaxed);
        });
    }
}

async fn misbehave(mut stream: TcpStream, misbehaviour: Misbehaviour, seen: &Seen) -> io::Result<()> {
    if misbehaviour == Misbehaviour::CloseAtOnce {
        return Ok(());
    }
    let mut read = Vec::new();
    loop {
        let Some(head) = next_head(&mut stream, &mut read).await? else { return Ok(()) };
        seen.heads.lock().push(head);
        match misbehaviour {
            Misbehaviour::CloseAfterRequest => return Ok(()),
            Misbehaviour::ResetAfterHead => {
                // Lingering for no time turns the close into a reset.
                SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
                return Ok(());
            }
            Misbehaviour::DripHead => {
                stream.write_all(b"HTTP/1.1 200 OK\r\nX-Slow: ").await?;
                loop {
                    stream.write_all(b"x").await?;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            Misbehaviour::EndlessInformational => loop {
                stream.write_all(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n").await?;
            },
            _ => stream.write_all(&misbehaviour.bytes()).await?,
        }
        if !misbehaviour.stays_open() {
            // A close with unread bytes would be a reset, and the answer might be lost with it.
            stream.shutdown().await?;
            let mut rest = [0; 4096];
            while stream.read(&mut rest).await? > 0 {}
            return Ok(());
        }
    }
}

/// The next request head; `None` at the end of the connection.
async fn next_head(stream: &mut TcpStream, read: &mut Vec<u8>) -> io::Result<Option<String>> {
    loop {
        if let Some(at) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let rest = read.split_off(at + 4);
            let head = std::mem::replace(read, rest);
            return Ok(Some(String::from_utf8_lossy(&head).into_owned()));
        }
        let mut buffer = [0; 16 * 1024];
        let count = stream.read(&mut buffer).await?;
        if count == 0 || read.len() > HEAD_LIMIT {
            return Ok(None);
        }
        read.extend(buffer.iter().take(count));
    }
}

#[cfg(test)]
mod tests;
