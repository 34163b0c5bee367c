use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep_until, timeout};

use super::{ForwardErrorKind, in_time};

#[tokio::test]
async fn an_upstream_that_never_pauses_does_not_hold_up_the_timer() {
    // As a socket does that always has more to read: the whole budget of the task is used up.
    let poll = |cx: &mut Context<'_>| {
        while pin!(consume_budget()).poll(cx).is_ready() {}
        Poll::Pending
    };
    let timer = pin!(sleep_until(Instant::now()));
    let answer = in_time(poll, timer, Instant::now(), Duration::from_millis(20), None);
    let answer = timeout(Duration::from_secs(30), answer).await.expect("the timer fires");
    let failure = answer.expect_err("no answer").failure;
    assert!(matches!(failure.kind, ForwardErrorKind::FirstByteTimeout));
}

#[tokio::test]
async fn a_timer_that_is_set_for_an_earlier_request_leaves_this_one_its_whole_time() {
    let limit = Duration::from_millis(50);
    // Before, at, and after the end of this request's time.
    for set in [1, 50, 70] {
        let now = Instant::now();
        let mut timer = pin!(sleep_until(now + Duration::from_millis(set)));
        assert!(futures_util::poll!(timer.as_mut()).is_pending(), "armed");
        let answer = in_time(|_| Poll::Pending, timer, now, limit, None).await;
        let failure = answer.expect_err("no answer").failure;
        assert!(matches!(failure.kind, ForwardErrorKind::FirstByteTimeout));
        assert!(now.elapsed() >= limit, "{set}");
    }
}
