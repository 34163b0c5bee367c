//! Lines on their way to a sink that may be slow, full or gone: a bounded queue and a thread that writes.
//!
//! Whoever has a line never waits. The writer looks into the queue every few milliseconds while lines come, so that a
//! busy gateway pays for no wake-up per line, and sleeps without a timer when they have stopped.

mod sink;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::thread;
use std::time::Duration;

pub(super) use sink::{FileSink, Sink, StandardStream};

/// Lines that may wait; more are dropped and counted.
const CAPACITY: usize = 4096;
/// How long lines are gathered before they are written.
const PAUSE: Duration = Duration::from_millis(10);
/// After this many empty looks, the writer waits to be woken.
const EMPTY_LOOKS: u32 = 100;
/// Written in parts of about this size.
const PART: usize = 64 * 1024;

/// Something that becomes one line; the writing thread formats it.
pub(super) trait Line: Send + 'static {
    /// Appends itself, with its line break.
    fn append_to(&self, buffer: &mut Vec<u8>);
}

impl Line for Vec<u8> {
    fn append_to(&self, buffer: &mut Vec<u8>) {
        buffer.extend_from_slice(self);
    }
}

/// The sending end. The writer ends when the last one is dropped and everything is written.
pub(super) struct Queue<T> {
    sender: Sender<Message<T>>,
    waiting: Arc<AtomicUsize>,
    dropped: fn(),
}

enum Message<T> {
    Line(T),
    Reopen,
    Flush(SyncSender<()>),
}

impl<T: Line> Queue<T> {
    /// Starts the writer. `dropped` is called for every line that is lost.
    pub(super) fn start(name: &str, sink: Box<dyn Sink>, dropped: fn()) -> std::io::Result<Self> {
        let (sender, receiver) = channel();
        let waiting = Arc::<AtomicUsize>::default();
        let writer = Writer {
            receiver,
            waiting: Arc::clone(&waiting),
            sink,
            dropped,
            buffer: Vec::new(),
            lines: 0,
            torn: false,
        };
        thread::Builder::new().name(name.to_owned()).spawn(move || writer.run())?;
        Ok(Self { sender, waiting, dropped })
    }

    /// Queues a line, or drops and counts it.
    pub(super) fn send(&self, line: T) {
        if self.waiting.load(Relaxed) >= CAPACITY {
            (self.dropped)();
            return;
        }
        self.waiting.fetch_add(1, Relaxed);
        if self.sender.send(Message::Line(line)).is_err() {
            (self.dropped)();
        }
    }

    /// Opens the sink again, after the lines that are queued.
    pub(super) fn reopen(&self) {
        // Without a writer there is nothing to open.
        let _ = self.sender.send(Message::Reopen);
    }

    /// Waits until what is queued has been written, at most this long.
    pub(super) fn flush(&self, at_most: Duration) -> Result<(), RecvTimeoutError> {
        let (done, written) = sync_channel(1);
        let _ = self.sender.send(Message::Flush(done));
        written.recv_timeout(at_most)
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone(), waiting: Arc::clone(&self.waiting), dropped: self.dropped }
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.waiting.load(Relaxed)).finish_non_exhaustive()
    }
}

struct Writer<T> {
    receiver: Receiver<Message<T>>,
    waiting: Arc<AtomicUsize>,
    sink: Box<dyn Sink>,
    dropped: fn(),
    buffer: Vec<u8>,
    /// In the buffer.
    lines: usize,
    /// The last write failed, perhaps in the middle of a line.
    torn: bool,
}

impl<T: Line> Writer<T> {
    fn run(mut self) {
        while let Ok(message) = self.receiver.recv() {
            self.take(message);
            let mut empty_looks = 0;
            while empty_looks < EMPTY_LOOKS {
                match self.take_all() {
                    Ok(0) => empty_looks += 1,
                    Ok(_) => empty_looks = 0,
                    Err(Ended) => {
                        self.write();
                        return;
                    }
                }
                self.write();
                thread::sleep(PAUSE);
            }
        }
    }

    fn take_all(&mut self) -> Result<usize, Ended> {
        let mut taken = 0;
        loop {
            match self.receiver.try_recv() {
                Ok(message) => {
                    self.take(message);
                    taken += 1;
                }
                Err(TryRecvError::Empty) => return Ok(taken),
                Err(TryRecvError::Disconnected) => return Err(Ended),
            }
        }
    }

    fn take(&mut self, message: Message<T>) {
        match message {
            Message::Line(line) => {
                line.append_to(&mut self.buffer);
                self.lines += 1;
                if self.buffer.len() >= PART {
                    self.write();
                }
            }
            Message::Reopen => {
                self.write();
                if let Err(error) = self.sink.reopen() {
                    tracing::warn!(%error, "the log file cannot be opened again, the old one stays in use");
                }
            }
            Message::Flush(done) => {
                self.write();
                // Nobody may be waiting any more.
                let _ = done.send(());
            }
        }
    }

    /// A failed write costs the lines in the buffer; the next ones are tried again.
    fn write(&mut self) {
        if self.lines == 0 {
            return;
        }
        if self.torn {
            self.buffer.insert(0, b'\n');
        }
        self.torn = self.sink.write(&self.buffer).is_err();
        if self.torn {
            (0..self.lines).for_each(|_| (self.dropped)());
        }
        self.waiting.fetch_sub(self.lines, Relaxed);
        self.lines = 0;
        self.buffer.clear();
        self.buffer.shrink_to(2 * PART);
    }
}

/// Nobody can send any more.
struct Ended;

#[cfg(test)]
mod tests;
