//! The engine of an HTTP/1.1 connection, run by the task that uses it.
//!
//! hyper's connection is a future that somebody must poll. A task of its own for each would cost every request two
//! wake-ups and two turns of the scheduler; here the request's task polls it, first while it waits for the answer's head,
//! then for each part of its body. At rest, in the pool, nobody polls it: what happens to it meanwhile is noted, and looked
//! at when it is taken out again.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::AcqRel, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;

type Engine = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A connection's engine, and who is to be woken by it.
pub(super) struct Line {
    /// `None`: it has ended, or runs in a task of its own.
    engine: Option<Engine>,
    relay: Arc<Relay>,
    /// The relay's: the engine sees the same waker for all of its life, and so has none to exchange.
    waker: Waker,
}

impl Line {
    pub(super) fn new(engine: impl Future<Output = ()> + Send + 'static) -> Self {
        let relay = Arc::new(Relay::default());
        Self { engine: Some(Box::pin(engine)), waker: Waker::from(Arc::clone(&relay)), relay }
    }

    /// Runs the engine, then polls what it alone can bring forward: the wait for an answer. That needs no waker of its own,
    /// as the engine is always run before it.
    pub(super) fn run_and_poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        if !self.run(cx) {
            return poll(cx);
        }
        let (outcome, woken) = self.poll_muted(&mut poll);
        if woken && outcome.is_pending() {
            cx.waker().wake_by_ref();
        }
        outcome
    }

    /// The same for what the engine may have brought already, the parts of a body: it runs only if there is nothing.
    pub(super) fn poll_or_run<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        if self.engine.is_none() {
            return poll(cx);
        }
        match self.poll_muted(&mut poll) {
            (Poll::Ready(outcome), _) => Poll::Ready(outcome),
            (Poll::Pending, _) => self.run_and_poll(cx, poll),
        }
    }

    /// Whether the engine was woken by it is told besides: what is taken from it wakes it, to go on.
    fn poll_muted<T>(&self, poll: &mut impl FnMut(&mut Context<'_>) -> Poll<T>) -> (Poll<T>, bool) {
        let before = self.relay.state.load(Relaxed);
        self.relay.state.store(MUTED, Relaxed);
        let outcome = poll(&mut Context::from_waker(Waker::noop()));
        let woken = self.relay.state.swap(before, AcqRel) & WOKEN != 0;
        (outcome, woken)
    }

    /// Nobody is woken any more, until it runs again. Who was is not forgotten: often enough it is the one that runs it next.
    pub(super) fn rest(&self) {
        self.relay.state.fetch_or(MUTED, AcqRel);
    }

    /// Lets a resting engine see what came in the meantime, if anything did: the upstream may have closed.
    pub(super) fn look(&mut self) {
        if self.relay.state.swap(MUTED, AcqRel) & WOKEN != 0
            && let Some(engine) = &mut self.engine
            && engine.as_mut().poll(&mut Context::from_waker(&self.waker)).is_ready()
        {
            self.engine = None;
        }
    }

    /// Gives the engine a task of its own: it goes on whoever looks at the answer.
    pub(super) fn detach(&mut self) {
        if let Some(engine) = self.engine.take() {
            tokio::spawn(engine);
        }
    }

    /// Runs the engine as far as it goes; whether it is still here.
    fn run(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(engine) = &mut self.engine else { return false };
        self.relay.task.register(cx.waker());
        self.relay.state.store(0, Relaxed);
        match engine.as_mut().poll(&mut Context::from_waker(&self.waker)) {
            Poll::Pending => true,
            Poll::Ready(()) => {
                // What it left behind (an error, the rest of a body) is there to be found.
                self.engine = None;
                false
            }
        }
    }
}

/// Hands the engine's wake-ups on to the task that uses it at the time.
#[derive(Default)]
struct Relay {
    task: AtomicWaker,
    /// [`WOKEN`] and [`MUTED`], in one: a wake-up that is not passed on is seen by the one who muted.
    state: AtomicU8,
}

/// There was a wake-up since the engine last ran.
const WOKEN: u8 = 1;
/// The task is not to be woken now.
const MUTED: u8 = 2;

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.fetch_or(WOKEN, AcqRel) & MUTED == 0 {
            self.task.wake();
        }
    }
}

#[cfg(test)]
mod tests;
