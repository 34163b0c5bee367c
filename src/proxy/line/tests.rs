use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use super::*;

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// An engine that shows the waker it was last polled with, and ends when told to.
#[derive(Clone, Default)]
struct Shown {
    waker: Arc<std::sync::Mutex<Option<Waker>>>,
    runs: Arc<AtomicUsize>,
    ended: Arc<std::sync::atomic::AtomicBool>,
}

impl Shown {
    fn line(&self) -> Line {
        let shown = self.clone();
        Line::new(std::future::poll_fn(move |cx| {
            *shown.waker.lock().unwrap() = Some(cx.waker().clone());
            shown.runs.fetch_add(1, SeqCst);
            if shown.ended.load(SeqCst) { Poll::Ready(()) } else { Poll::Pending }
        }))
    }

    fn wake(&self) {
        self.waker.lock().unwrap().as_ref().unwrap().wake_by_ref();
    }
}

fn pending(_: &mut Context<'_>) -> Poll<()> {
    Poll::Pending
}

#[test]
fn the_engine_wakes_the_task_that_uses_it_now() {
    let (shown, first, second) = (Shown::default(), Arc::new(Woken::default()), Arc::new(Woken::default()));
    let mut line = shown.line();
    for (task, other) in [(&first, &second), (&second, &first)] {
        let before = other.0.load(SeqCst);
        let waker = Waker::from(Arc::clone(task));
        assert!(line.run_and_poll(&mut Context::from_waker(&waker), pending).is_pending());
        shown.wake();
        assert_eq!(task.0.load(SeqCst), 1);
        assert_eq!(other.0.load(SeqCst), before);
    }
}

#[test]
fn a_resting_engine_wakes_nobody_and_is_looked_at_only_if_something_came() {
    let (shown, task) = (Shown::default(), Arc::new(Woken::default()));
    let mut line = shown.line();
    let waker = Waker::from(Arc::clone(&task));
    assert!(line.run_and_poll(&mut Context::from_waker(&waker), pending).is_pending());
    line.rest();
    line.look();
    assert_eq!(shown.runs.load(SeqCst), 1);

    shown.ended.store(true, SeqCst);
    shown.wake();
    assert_eq!(task.0.load(SeqCst), 0);
    line.look();
    assert_eq!(shown.runs.load(SeqCst), 2);
    assert!(line.engine.is_none());
}

#[test]
fn what_wakes_the_engine_while_its_fruit_is_taken_is_lost_only_if_there_was_some() {
    let (shown, task) = (Shown::default(), Arc::new(Woken::default()));
    let mut line = shown.line();
    let waker = Waker::from(Arc::clone(&task));
    let mut cx = Context::from_waker(&waker);
    let took = line.run_and_poll(&mut cx, |_| {
        shown.wake();
        Poll::Ready(1)
    });
    assert_eq!((took, task.0.load(SeqCst)), (Poll::Ready(1), 0));
    let took = line.run_and_poll(&mut cx, |_| {
        shown.wake();
        Poll::<()>::Pending
    });
    assert_eq!((took, task.0.load(SeqCst)), (Poll::Pending, 1));
}

#[test]
fn an_engine_that_has_ended_is_not_run_again() {
    let shown = Shown::default();
    shown.ended.store(true, SeqCst);
    let mut line = shown.line();
    let task = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&task));
    let mut cx = Context::from_waker(&waker);
    // What depends on it gets the task's own waker then.
    for _ in 0..2 {
        assert!(
            line.run_and_poll(&mut cx, |cx| {
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            })
            .is_pending()
        );
    }
    assert_eq!((shown.runs.load(SeqCst), task.0.load(SeqCst)), (1, 2));
}

#[test]
fn what_is_there_already_is_taken_without_a_run() {
    let (shown, task) = (Shown::default(), Arc::new(Woken::default()));
    let mut line = shown.line();
    let waker = Waker::from(Arc::clone(&task));
    let mut cx = Context::from_waker(&waker);
    assert_eq!(line.poll_or_run(&mut cx, |_| Poll::Ready(1)), Poll::Ready(1));
    assert_eq!(shown.runs.load(SeqCst), 0);
    let mut polls = 0;
    let taken = line.poll_or_run(&mut cx, |_| {
        polls += 1;
        if polls == 2 { Poll::Ready(2) } else { Poll::Pending }
    });
    assert_eq!((taken, shown.runs.load(SeqCst)), (Poll::Ready(2), 1));
}
