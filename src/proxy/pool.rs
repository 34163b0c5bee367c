//! The connections to one endpoint: idle ones of HTTP/1.1, shared ones of HTTP/2.

use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::client::conn::{http1, http2};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep};

use super::Body;
use super::line::Line;

/// How long an endpoint that refused a connection is passed over, if there are others.
const AVOID: Duration = Duration::from_secs(1);

/// The streams that an HTTP/2 connection may carry before the upstream has said how many (RFC 9113 section 6.5.2).
const STREAMS_AT_FIRST: usize = 100;

/// The connections of one worker to one endpoint.
pub(super) struct Pool {
    state: Mutex<State>,
    most_idle: usize,
    keep_alive: Duration,
    /// One connection that may become shared is opened at a time.
    pub(super) opening: Semaphore,
}

#[derive(Default)]
struct State {
    /// Last in, first out: the front has been idle for longest.
    idle: VecDeque<Idle>,
    shared: Vec<Shared>,
    /// Half periods of `keep_alive` that have passed. A connection's age is told by it, so that no request reads a clock
    /// for its sake.
    epoch: u64,
    reaping: bool,
    failed_at: Option<Instant>,
    http2: Option<bool>,
    addresses: Vec<SocketAddr>,
}

struct Idle {
    connection: Http1,
    epoch: u64,
}

struct Shared {
    sender: http2::SendRequest<Body>,
    load: Arc<Load>,
    epoch: u64,
}

/// A connection to send one request over.
pub(super) enum Connection {
    Http1(Http1),
    Http2(Http2),
}

/// A connection of HTTP/1.1, which carries one request at a time. Dropped with a request under way, it closes.
///
/// Boxed, as it goes from the pool to the request and on with the body of the answer.
pub(super) type Http1 = Box<Http1Connection>;

/// What an [`Http1`] points to.
pub(super) struct Http1Connection {
    pub(super) sender: http1::SendRequest<Body>,
    pub(super) line: Line,
    /// For the first byte of an answer. It stays with the connection: to move a timer that is armed costs next to
    /// nothing, to arm one takes the lock of the wheel.
    pub(super) timer: Pin<Box<Sleep>>,
    /// When it was last given a request.
    pub(super) used_at: Instant,
}

/// A stream of a shared connection.
pub(super) struct Http2 {
    pub(super) sender: http2::SendRequest<Body>,
    pub(super) stream: Stream,
}

/// One of the streams that a connection may carry; freed when dropped.
pub(super) struct Stream {
    load: Arc<Load>,
}

/// How many streams an HTTP/2 connection carries, and how many it may.
#[derive(Debug)]
pub(super) struct Load {
    streams: AtomicUsize,
    most: AtomicUsize,
}

/// What an answer's body holds of its connection.
pub(super) enum Ticket {
    /// Without a pool it closes at the end.
    Http1(Http1, Option<Arc<Pool>>),
    Http2(#[expect(dead_code, reason = "frees the stream when dropped")] Stream),
}

impl Pool {
    /// Without connections.
    pub(super) fn new(most_idle: usize, keep_alive: Duration) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), most_idle, keep_alive, opening: Semaphore::new(1) })
    }

    /// A connection of HTTP/1.1 that can take a request now: the one used last, so that the others can grow old.
    pub(super) fn take_idle(&self) -> Option<Http1> {
        let mut state = self.state.lock();
        while let Some(Idle { mut connection, .. }) = state.idle.pop_back() {
            if connection.is_usable() {
                return Some(connection);
            }
        }
        None
    }

    /// A connection of either kind that can take a request now.
    pub(super) fn take(&self) -> Option<Connection> {
        if let Some(connection) = self.take_idle() {
            return Some(Connection::Http1(connection));
        }
        let mut state = self.state.lock();
        let State { shared, epoch, .. } = &mut *state;
        shared.retain(|shared| !shared.sender.is_closed());
        shared.iter_mut().find_map(|shared| {
            let stream = Stream::open(&shared.load)?;
            shared.epoch = *epoch;
            Some(Connection::Http2(Http2 { sender: shared.sender.clone(), stream }))
        })
    }

    /// A connection that was opened now and can carry many requests; the first of them gets a stream.
    pub(super) fn share(self: &Arc<Self>, sender: http2::SendRequest<Body>, load: Arc<Load>) -> Connection {
        let stream = Stream::first(&load);
        let mut state = self.state.lock();
        let epoch = state.epoch;
        state.shared.push(Shared { sender: sender.clone(), load, epoch });
        self.start_reaper(&mut state);
        Connection::Http2(Http2 { sender, stream })
    }

    /// Whether the endpoint was found to speak HTTP/2.
    pub(super) fn speaks_http2(&self) -> Option<bool> {
        self.state.lock().http2
    }

    /// A connection was opened.
    pub(super) fn connected(&self, http2: bool) {
        let mut state = self.state.lock();
        state.http2 = Some(http2);
        state.failed_at = None;
    }

    /// No connection could be opened.
    pub(super) fn failed(&self) {
        self.state.lock().failed_at = Some(Instant::now());
    }

    /// Whether a connection failed a moment ago.
    pub(super) fn is_failing(&self) -> bool {
        self.state.lock().failed_at.is_some_and(|at| at.elapsed() < AVOID)
    }

    /// The addresses of the last time that the name could be resolved.
    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.state.lock().addresses.clone()
    }

    /// Remembers the addresses of a name.
    pub(super) fn resolved(&self, addresses: &[SocketAddr]) {
        addresses.clone_into(&mut self.state.lock().addresses);
    }

    /// Keeps a connection whose exchange is over, if it can take another.
    fn keep(self: &Arc<Self>, connection: Http1) {
        // Not ready: the upstream wants to close it, sent more than its answer, or is still being sent the request.
        if !connection.sender.is_ready() || self.most_idle == 0 || self.keep_alive.is_zero() {
            return;
        }
        connection.line.rest();
        let mut state = self.state.lock();
        let oldest = if state.idle.len() >= self.most_idle { state.idle.pop_front() } else { None };
        let epoch = state.epoch;
        state.idle.push_back(Idle { connection, epoch });
        self.start_reaper(&mut state);
        drop(state);
        drop(oldest);
    }

    /// Starts the task that closes connections which have been idle for too long; it ends when there are none.
    fn start_reaper(self: &Arc<Self>, state: &mut State) {
        if state.reaping {
            return;
        }
        // An answer may be dropped after its runtime has gone.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        state.reaping = true;
        let pool = Arc::downgrade(self);
        let half = (self.keep_alive / 2).max(Duration::from_millis(1));
        runtime.spawn(async move {
            loop {
                tokio::time::sleep(half).await;
                match pool.upgrade() {
                    Some(pool) if pool.reap() => {}
                    _ => return,
                }
            }
        });
    }

    /// Closes what was idle in the whole of the last half period, and what the upstream has closed; tells whether there is
    /// something left to watch.
    fn reap(&self) -> bool {
        let mut state = self.state.lock();
        state.epoch += 1;
        let State { idle, shared, epoch, reaping, .. } = &mut *state;
        let old = |since: u64| since.saturating_add(2) <= *epoch;
        while idle.front().is_some_and(|idle| old(idle.epoch)) {
            idle.pop_front();
        }
        idle.retain_mut(|idle| idle.connection.is_usable());
        shared.retain(|shared| !shared.sender.is_closed() && (shared.load.is_used() || !old(shared.epoch)));
        *reaping = !(idle.is_empty() && shared.is_empty());
        *reaping
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl Http1Connection {
    /// Whether an idle connection can take a request.
    fn is_usable(&mut self) -> bool {
        self.line.look();
        self.sender.is_ready()
    }
}

impl Ticket {
    /// Polls what comes over the connection.
    pub(super) fn poll_or_run<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        match self {
            Self::Http1(connection, _) => connection.line.poll_or_run(cx, poll),
            Self::Http2(_) => poll(cx),
        }
    }

    /// The answer has been read to its end.
    pub(super) fn give_back(self) {
        if let Self::Http1(connection, Some(pool)) = self {
            pool.keep(connection);
        }
    }
}

impl Load {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { streams: AtomicUsize::new(0), most: AtomicUsize::new(STREAMS_AT_FIRST) })
    }

    /// The upstream says how many streams it takes at once.
    pub(super) fn set_most(&self, most: usize) {
        self.most.store(most, Ordering::Relaxed);
    }

    fn is_used(&self) -> bool {
        self.streams.load(Ordering::Relaxed) > 0
    }
}

impl Stream {
    fn open(load: &Arc<Load>) -> Option<Self> {
        let most = load.most.load(Ordering::Relaxed);
        if load.streams.load(Ordering::Relaxed) >= most {
            return None;
        }
        Some(Self::first(load))
    }

    fn first(load: &Arc<Load>) -> Self {
        load.streams.fetch_add(1, Ordering::Relaxed);
        Self { load: Arc::clone(load) }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.load.streams.fetch_sub(1, Ordering::Relaxed);
    }
}
