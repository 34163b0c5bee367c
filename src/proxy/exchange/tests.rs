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
