use std::future::Ready;

use futures_util::FutureExt;

use super::super::Rejection;
use super::super::stage::Trail;
use super::*;

/// Passes even numbers at once, refuses odd ones, and has to wait for those above 100.
#[derive(Clone)]
struct Even;

struct Proven(u32);

impl Check<u32> for Even {
    type Out = Proven;

    fn check(&self, number: u32) -> Checked<Proven> {
        let outcome = if number.is_multiple_of(2) { Ok(Proven(number)) } else { Err(refusal()) };
        match outcome {
            outcome if number > 100 => Checked::Wait(async move { outcome }.boxed()),
            Ok(proven) => Checked::Pass(proven),
            Err(refused) => Checked::Refuse(refused),
        }
    }
}

fn refusal() -> Refused {
    Refused { rejection: Box::new(Rejection::NoRoute), trail: Trail::default() }
}

#[derive(Clone)]
struct Double;

impl Service<Proven> for Double {
    type Response = u32;
    type Error = Refused;
    type Future = Ready<Result<u32, Refused>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Refused>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, proven: Proven) -> Self::Future {
        ready(Ok(proven.0 * 2))
    }
}

fn call(number: u32) -> Result<u32, Refused> {
    GateLayer::new(Even).layer(Double).call(number).now_or_never().unwrap()
}

#[test]
fn what_passes_reaches_the_service_without_waiting() {
    let future = GateLayer::new(Even).layer(Double).call(4);
    assert!(matches!(future, Either::Left(_)));
    assert_eq!(call(4).unwrap(), 8);
}

#[test]
fn what_is_refused_never_reaches_the_service() {
    assert!(matches!(*call(5).unwrap_err().rejection, Rejection::NoRoute));
}

#[test]
fn what_waits_is_passed_or_refused_afterwards() {
    assert_eq!(call(200).unwrap(), 400);
    assert!(matches!(*call(201).unwrap_err().rejection, Rejection::NoRoute));
}

#[test]
fn gates_can_be_stacked() {
    #[derive(Clone)]
    struct Parse;
    impl Check<&'static str> for Parse {
        type Out = u32;
        fn check(&self, text: &'static str) -> Checked<u32> {
            text.parse().map_or_else(|_| Checked::Refuse(refusal()), Checked::Pass)
        }
    }
    let mut stack = GateLayer::new(Parse).layer(GateLayer::new(Even).layer(Double));
    assert_eq!(stack.call("6").now_or_never().unwrap().unwrap(), 12);
    assert!(stack.call("six").now_or_never().unwrap().is_err());
}
