//! The open connections of one worker, and the sweeper that looks after them.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{Notify, OwnedSemaphorePermit};

use super::activity::{Activity, Bounds, Clock, Order};
use crate::telemetry::metrics;

/// The open connections of one worker.
pub(super) struct Activities {
    bounds: Bounds,
    clock: Arc<Clock>,
    open: Mutex<Open>,
    entered: Notify,
    left: Notify,
    /// These are clients of the gateway, not of the ops listener.
    counted: bool,
}

#[derive(Default)]
struct Open {
    next: u64,
    by_number: HashMap<u64, Arc<Activity>, ahash::RandomState>,
}

impl Activities {
    pub(super) fn new(bounds: Bounds, counted: bool) -> Arc<Self> {
        Arc::new(Self {
            bounds,
            clock: Arc::new(Clock::start()),
            open: Mutex::default(),
            entered: Notify::new(),
            left: Notify::new(),
            counted,
        })
    }

    /// A connection has been accepted; it is open until what is given back is dropped.
    pub(super) fn enter(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Entry {
        self.clock.set();
        let activity = Arc::new(Activity::new(Arc::clone(&self.clock)));
        let number = {
            let mut open = self.open.lock();
            let number = open.next;
            open.next = open.next.wrapping_add(1);
            open.by_number.insert(number, Arc::clone(&activity));
            number
        };
        self.entered.notify_one();
        if self.counted {
            metrics().connection(true);
        }
        Entry { activity, activities: Arc::clone(self), number, _permit: permit }
    }

    /// Keeps the clock and looks after the connections, for ever. Sleeps without a timer while there is none.
    pub(super) async fn sweep(&self) {
        loop {
            if self.count() == 0 {
                self.entered.notified().await;
            }
            tokio::time::sleep(self.bounds.pause()).await;
            let now = self.clock.set();
            for activity in self.open.lock().by_number.values() {
                activity.give(activity.verdict(now, self.bounds));
            }
        }
    }

    /// Tells the connections that have requests in flight to end after them.
    pub(super) fn close_busy(&self) {
        for activity in self.open.lock().by_number.values() {
            if activity.is_busy() {
                activity.give(Order::Close);
            }
        }
    }

    /// Tells every connection to end after its requests in flight.
    pub(super) fn close_all(&self) {
        for activity in self.open.lock().by_number.values() {
            activity.give(Order::Close);
        }
    }

    /// Waits until no connection is open.
    pub(super) async fn emptied(&self) {
        while self.count() > 0 {
            self.left.notified().await;
        }
    }

    fn count(&self) -> usize {
        self.open.lock().by_number.len()
    }
}

/// An open connection, also after it has become something else than HTTP.
pub(super) struct Entry {
    pub(super) activity: Arc<Activity>,
    activities: Arc<Activities>,
    number: u64,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.activities.open.lock().by_number.remove(&self.number);
        self.activities.left.notify_one();
        if self.activities.counted {
            metrics().connection(false);
        }
    }
}
