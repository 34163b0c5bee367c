use std::collections::HashSet;
use std::thread;

use super::*;

#[test]
fn only_threads_that_add_alone_have_a_part_alone() {
    let mut alone = HashSet::new();
    for thread in 0..10 * SHARDS {
        match place(thread) {
            (part, Writers::One) => assert!(part < ALONE && alone.insert(part), "{thread}"),
            (part, Writers::Many) => assert!((ALONE..SHARDS).contains(&part), "{thread}"),
        }
    }
    assert_eq!(alone.len(), ALONE);
}

/// More threads than there are parts, so that some share one.
#[test]
fn no_count_is_lost() {
    const EACH: u64 = 2_000;
    let counter = Counter::new();
    thread::scope(|scope| {
        for _ in 0..2 * SHARDS {
            scope.spawn(|| (0..EACH).for_each(|_| counter.add(1)));
        }
    });
    assert_eq!(counter.sum(), 2 * SHARDS as u64 * EACH);
}

/// What is dropped with a thread may count when the thread's own place has gone.
#[test]
fn a_thread_that_ends_still_counts() {
    static COUNTER: Counter = Counter::new();
    struct CountsLast;
    impl Drop for CountsLast {
        fn drop(&mut self) {
            COUNTER.add(1);
        }
    }
    thread_local! { static LAST: CountsLast = const { CountsLast }; }
    thread::spawn(|| {
        // Made first, so dropped last.
        LAST.with(|_| ());
        COUNTER.add(1);
    })
    .join()
    .unwrap();
    assert_eq!(COUNTER.sum(), 2);
}
