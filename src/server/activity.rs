//! What a connection is doing, and when it has done nothing for too long.
//!
//! A request costs a few stores into its connection's [`Activity`]; the clock they use is set a few times a second by the
//! sweeper (see [`Activities`](super::activities::Activities)), which also looks for connections that are over their
//! bounds. So no timer is armed or reset for a request.
//!
//! The bounds: the head of the first request must be complete `header` after the accept (or the TLS handshake); any later
//! head of HTTP/1.1 `header` after its first byte; between requests at most `idle` passes; a client that takes nothing of
//! an answer is given `idle`, on each stream of HTTP/2 too. HTTP/2 frames come outside of requests too, so there only the first head has its own bound.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::task::Waker;
use std::time::Duration;

use futures_util::task::AtomicWaker;
use parking_lot::Mutex;
use tokio::time::Instant;

/// How long a connection may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// For a request's head.
    pub(super) header: Duration,
    /// Without a request, or without taking a byte of an answer.
    pub(super) idle: Duration,
}

impl Bounds {
    /// Between two looks: short against the bounds, and rare enough to cost nothing.
    pub(super) fn pause(self) -> Duration {
        (self.header.min(self.idle) / 20).clamp(Duration::from_millis(10), Duration::from_millis(500))
    }
}

/// Milliseconds since the worker's start, at least 1, as of the last look.
#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    now: AtomicU64,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { started: Instant::now(), now: AtomicU64::new(1) }
    }

    pub(super) fn set(&self) -> u64 {
        let now = milliseconds(self.started.elapsed()).saturating_add(1);
        self.now.store(now, Relaxed);
        now
    }

    fn now(&self) -> u64 {
        self.now.load(Relaxed)
    }
}

/// What the sweeper wants of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// Go on.
    Stay,
    /// End after the requests in flight.
    Close,
    /// End now.
    Abort,
}

/// Requests that a client gave up before they were answered; with so many of them, and most of all, it is no client but a
/// flood (CVE-2023-44487). The library counts only those that were given up before they were looked at.
const MOST_GIVEN_UP: u32 = 500;

/// An answer on an HTTP/2 stream: since when it waits for its client to take more of it, 0 while it does not. The connection
/// may be busy with others all the time.
#[derive(Debug)]
pub(super) struct Offer {
    clock: Arc<Clock>,
    since: AtomicU64,
}

impl Offer {
    /// More of the answer is there.
    pub(super) fn waits(&self) {
        self.since.store(self.clock.now(), Relaxed);
    }

    /// The client has taken everything, and waits itself.
    pub(super) fn is_taken(&self) {
        self.since.store(0, Relaxed);
    }
}

/// What one connection is doing. Times are the clock's; 0 means that it is not so.
pub(super) struct Activity {
    clock: Arc<Clock>,
    /// Not (yet, or any more) HTTP: no bound of this room applies.
    exempt: AtomicBool,
    http2: AtomicBool,
    /// There was a request.
    served: AtomicBool,
    in_flight: AtomicU32,
    requests: AtomicU32,
    given_up: AtomicU32,
    offers: Mutex<Vec<Arc<Offer>>>,
    /// Accepted, or the last request ended.
    idle_since: AtomicU64,
    /// The first byte of a head came.
    head_since: AtomicU64,
    /// The peer takes no bytes.
    stalled_since: AtomicU64,
    order: AtomicU8,
    task: AtomicWaker,
}

impl Activity {
    pub(super) fn new(clock: Arc<Clock>) -> Self {
        let now = clock.now();
        Self {
            clock,
            exempt: AtomicBool::new(true),
            http2: AtomicBool::new(false),
            served: AtomicBool::new(false),
            in_flight: AtomicU32::new(0),
            requests: AtomicU32::new(0),
            given_up: AtomicU32::new(0),
            offers: Mutex::default(),
            idle_since: AtomicU64::new(now),
            head_since: AtomicU64::new(0),
            stalled_since: AtomicU64::new(0),
            order: AtomicU8::new(Order::Stay as u8),
            task: AtomicWaker::new(),
        }
    }

    /// Wakes `task` for the next order. To be called before [`order`](Self::order) is asked, and again after each order.
    pub(super) fn listen(&self, task: &Waker) {
        self.task.register(task);
    }

    /// HTTP begins: the first request is waited for.
    pub(super) fn begin(&self, http2: bool) {
        self.http2.store(http2, Relaxed);
        self.idle_since.store(self.clock.now(), Relaxed);
        self.exempt.store(false, Relaxed);
    }

    /// HTTP has ended; the stream may live on as something else.
    pub(super) fn end(&self) {
        self.exempt.store(true, Relaxed);
    }

    /// A request's head is complete.
    pub(super) fn request_begins(&self) {
        add(&self.in_flight, 1);
        add(&self.requests, 1);
        self.served.store(true, Relaxed);
        self.head_since.store(0, Relaxed);
    }

    /// The answer is complete, or given up.
    pub(super) fn request_ends(&self) {
        self.idle_since.store(self.clock.now(), Relaxed);
        add(&self.in_flight, -1);
    }

    /// A request was given up before it was answered.
    pub(super) fn request_given_up(&self) {
        let given_up = self.given_up.fetch_add(1, Relaxed).saturating_add(1);
        if given_up >= MOST_GIVEN_UP && given_up.saturating_mul(2) > self.requests.load(Relaxed) {
            self.give(Order::Abort);
        }
    }

    /// An answer begins that the client has to take.
    pub(super) fn offer(&self) -> Arc<Offer> {
        let offer =
            Arc::new(Offer { clock: Arc::clone(&self.clock), since: AtomicU64::new(self.clock.now()) });
        self.offers.lock().push(Arc::clone(&offer));
        offer
    }

    /// The answer has ended.
    pub(super) fn withdraw(&self, offer: &Arc<Offer>) {
        let mut offers = self.offers.lock();
        if let Some(at) = offers.iter().position(|known| Arc::ptr_eq(known, offer)) {
            offers.swap_remove(at);
        }
    }

    /// Bytes came.
    pub(super) fn bytes_came(&self) {
        if !self.is_busy() && self.head_since.load(Relaxed) == 0 {
            self.head_since.store(self.clock.now(), Relaxed);
        }
    }

    /// The peer takes no more bytes for now.
    pub(super) fn write_stalls(&self) {
        if self.stalled_since.load(Relaxed) == 0 {
            self.stalled_since.store(self.clock.now(), Relaxed);
        }
    }

    /// The peer took bytes.
    pub(super) fn write_goes_on(&self) {
        if self.stalled_since.load(Relaxed) != 0 {
            self.stalled_since.store(0, Relaxed);
        }
    }

    /// There are requests in flight.
    pub(super) fn is_busy(&self) -> bool {
        self.in_flight.load(Relaxed) > 0
    }

    /// What the connection shall do.
    pub(super) fn order(&self) -> Order {
        match self.order.load(Relaxed) {
            0 => Order::Stay,
            1 => Order::Close,
            _ => Order::Abort,
        }
    }

    /// What should happen to it by now.
    pub(super) fn verdict(&self, now: u64, bounds: Bounds) -> Order {
        let (header, idle) = (milliseconds(bounds.header), milliseconds(bounds.idle));
        let longer_than = |since: &AtomicU64, bound: u64| {
            let since = since.load(Relaxed);
            since != 0 && now.saturating_sub(since) > bound
        };
        if self.exempt.load(Relaxed) {
            Order::Stay
        } else if longer_than(&self.stalled_since, idle)
            || self.offers.lock().iter().any(|offer| longer_than(&offer.since, idle))
        {
            Order::Abort
        } else if self.is_busy() {
            Order::Stay
        } else if !self.served.load(Relaxed) {
            if longer_than(&self.idle_since, header) { Order::Abort } else { Order::Stay }
        } else if !self.http2.load(Relaxed) && longer_than(&self.head_since, header) {
            Order::Abort
        } else if longer_than(&self.idle_since, idle.saturating_add(header)) {
            // It was told to close and has not managed to.
            Order::Abort
        } else if longer_than(&self.idle_since, idle) {
            Order::Close
        } else {
            Order::Stay
        }
    }

    /// Orders are never taken back.
    pub(super) fn give(&self, order: Order) {
        if order as u8 > self.order.fetch_max(order as u8, Relaxed) {
            self.task.wake();
        }
    }
}

/// A connection's own worker alone writes its counts, so this need not be one step.
fn add(count: &AtomicU32, number: i32) {
    count.store(count.load(Relaxed).wrapping_add_signed(number), Relaxed);
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
