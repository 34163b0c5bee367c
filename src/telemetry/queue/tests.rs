use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::{CAPACITY, Queue, Sink};

const BOUND: Duration = Duration::from_secs(10);

/// Tells of every write, then waits for its result.
struct Stuck {
    writes: Sender<Vec<u8>>,
    results: Receiver<io::Result<()>>,
}

impl Sink for Stuck {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.writes.send(lines.to_vec()).unwrap();
        self.results.recv().unwrap_or(Ok(()))
    }
}

fn stuck() -> (Box<Stuck>, Receiver<Vec<u8>>, Sender<io::Result<()>>) {
    let (writes, written) = channel();
    let (answer, results) = channel();
    (Box::new(Stuck { writes, results }), written, answer)
}

#[test]
fn a_sink_that_blocks_costs_lines_and_no_time_of_the_sender() {
    static DROPPED: AtomicUsize = AtomicUsize::new(0);
    let (sink, written, answer) = stuck();
    let queue = Queue::start("test", sink, || {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap();
    queue.send(b"first\n".to_vec());
    // The writer now hangs in the sink.
    assert_eq!(written.recv_timeout(BOUND).unwrap(), b"first\n");
    for _ in 0..2 * CAPACITY {
        queue.send(b"line\n".to_vec());
    }
    let dropped = DROPPED.load(Ordering::Relaxed);
    assert!((CAPACITY..=CAPACITY + 1).contains(&dropped), "{dropped}");
    // It goes on where it was.
    drop(answer);
    let mut bytes = 0;
    while bytes < (2 * CAPACITY - dropped) * b"line\n".len() {
        bytes += written.recv_timeout(BOUND).unwrap().len();
    }
    queue.flush(BOUND).unwrap();
    queue.send(b"last\n".to_vec());
    assert_eq!(written.recv_timeout(BOUND).unwrap(), b"last\n");
    assert_eq!(DROPPED.load(Ordering::Relaxed), dropped);
}

#[test]
fn a_failed_write_is_counted_and_the_next_one_starts_a_new_line() {
    static DROPPED: AtomicUsize = AtomicUsize::new(0);
    let (sink, written, answer) = stuck();
    let queue = Queue::start("test", sink, || {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap();
    queue.send(b"lost\n".to_vec());
    assert_eq!(written.recv_timeout(BOUND).unwrap(), b"lost\n");
    answer.send(Err(io::ErrorKind::StorageFull.into())).unwrap();
    let started = Instant::now();
    while DROPPED.load(Ordering::Relaxed) == 0 {
        assert!(started.elapsed() < BOUND);
        std::thread::yield_now();
    }
    queue.send(b"kept\n".to_vec());
    assert_eq!(written.recv_timeout(BOUND).unwrap(), b"\nkept\n");
    answer.send(Ok(())).unwrap();
    queue.send(b"more\n".to_vec());
    assert_eq!(written.recv_timeout(BOUND).unwrap(), b"more\n");
    assert_eq!(DROPPED.load(Ordering::Relaxed), 1);
}

#[test]
fn a_flush_gives_up_on_a_sink_that_blocks() {
    let (sink, written, answer) = stuck();
    let queue = Queue::start("test", sink, || ()).unwrap();
    queue.send(b"line\n".to_vec());
    written.recv_timeout(BOUND).unwrap();
    assert!(queue.flush(Duration::from_millis(1)).is_err());
    drop(answer);
}
