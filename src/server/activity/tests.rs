use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::{Activity, Bounds, Clock, Order};

const BOUNDS: Bounds = Bounds { header: Duration::from_millis(100), idle: Duration::from_millis(1_000) };

struct Watched {
    clock: Arc<Clock>,
    activity: Activity,
}

impl Watched {
    fn begun(http2: bool) -> Self {
        let clock = Arc::new(Clock::start());
        let activity = Activity::new(Arc::clone(&clock));
        activity.begin(http2);
        Self { clock, activity }
    }

    fn after(&self, milliseconds: u64) -> Order {
        let now = self.clock.now.fetch_add(milliseconds, Relaxed) + milliseconds;
        self.activity.verdict(now, BOUNDS)
    }

    fn request(&self) {
        self.activity.bytes_came();
        self.activity.request_begins();
        self.activity.request_ends();
    }
}

#[test]
fn the_first_head_must_come_in_time() {
    let watched = Watched::begun(false);
    assert_eq!(watched.after(90), Order::Stay);
    watched.activity.bytes_came();
    assert_eq!(watched.after(20), Order::Abort);
}

#[test]
fn between_requests_the_idle_bound_counts_and_not_that_for_heads() {
    let watched = Watched::begun(false);
    watched.request();
    assert_eq!(watched.after(900), Order::Stay);
    assert_eq!(watched.after(150), Order::Close);
    assert_eq!(watched.after(100), Order::Abort);
}

#[test]
fn a_later_head_has_its_own_time_from_its_first_byte() {
    let watched = Watched::begun(false);
    watched.request();
    assert_eq!(watched.after(500), Order::Stay);
    watched.activity.bytes_came();
    assert_eq!(watched.after(90), Order::Stay);
    watched.activity.bytes_came();
    assert_eq!(watched.after(20), Order::Abort);
}

#[test]
fn frames_between_http2_requests_are_no_heads() {
    let watched = Watched::begun(true);
    watched.request();
    watched.activity.bytes_came();
    assert_eq!(watched.after(900), Order::Stay);
}

#[test]
fn a_request_in_flight_has_no_bound_here() {
    let watched = Watched::begun(false);
    watched.activity.request_begins();
    assert_eq!(watched.after(1_000_000), Order::Stay);
    watched.activity.request_ends();
    assert_eq!(watched.after(10), Order::Stay);
}

#[test]
fn a_client_that_takes_nothing_of_an_answer_is_cut() {
    let watched = Watched::begun(false);
    watched.activity.request_begins();
    watched.activity.write_stalls();
    assert_eq!(watched.after(900), Order::Stay);
    watched.activity.write_goes_on();
    watched.activity.write_stalls();
    assert_eq!(watched.after(900), Order::Stay);
    watched.activity.write_stalls();
    assert_eq!(watched.after(200), Order::Abort);
}

#[test]
fn one_answer_that_is_not_taken_counts_though_others_are() {
    let watched = Watched::begun(true);
    watched.activity.request_begins();
    let (slow, event) = (watched.activity.offer(), watched.activity.offer());
    event.is_taken();
    assert_eq!(watched.after(900), Order::Stay);
    slow.waits();
    watched.request();
    assert_eq!(watched.after(900), Order::Stay);
    watched.request();
    assert_eq!(watched.after(200), Order::Abort);
    watched.activity.withdraw(&slow);
    assert_eq!(watched.after(1_000_000), Order::Stay, "the other waits for its upstream");
}

#[test]
fn most_requests_given_up_are_a_flood_and_some_are_not() {
    let give_up = |activity: &Activity| {
        activity.request_begins();
        activity.request_ends();
        activity.request_given_up();
    };
    let client = Watched::begun(true).activity;
    for _ in 0..2000 {
        client.request_begins();
        client.request_ends();
        give_up(&client);
        client.request_begins();
        client.request_ends();
    }
    assert_eq!(client.order(), Order::Stay, "a third of them");
    let flood = Watched::begun(true).activity;
    (1..super::MOST_GIVEN_UP).for_each(|_| give_up(&flood));
    assert_eq!(flood.order(), Order::Stay);
    give_up(&flood);
    assert_eq!(flood.order(), Order::Abort);
}

#[test]
fn what_is_not_http_is_left_alone() {
    let watched = Watched::begun(false);
    watched.activity.end();
    watched.activity.bytes_came();
    watched.activity.write_stalls();
    assert_eq!(watched.after(1_000_000), Order::Stay);
}

#[test]
fn orders_are_not_taken_back() {
    let watched = Watched::begun(false);
    watched.activity.give(Order::Close);
    watched.activity.give(Order::Stay);
    assert_eq!(watched.activity.order(), Order::Close);
    watched.activity.give(Order::Abort);
    watched.activity.give(Order::Close);
    assert_eq!(watched.activity.order(), Order::Abort);
}
