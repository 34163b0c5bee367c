use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn two_in_a_row_and_then_one_per_cool_down() {
    let mut allowance = Allowance::new(SECOND * 5);
    let begin = Instant::now();
    let taken: Vec<_> = (0..20).filter(|second| allowance.take(begin + SECOND * *second)).collect();
    assert_eq!(taken, [0, 1, 5, 10, 15]);
    assert!(allowance.take(begin + SECOND * 60));
    assert!(allowance.take(begin + SECOND * 60));
    assert!(!allowance.take(begin + SECOND * 60));
    allowance.refill();
    assert!(allowance.take(begin + SECOND * 60));
}

#[test]
fn a_cool_down_beyond_every_clock_still_is_one() {
    let mut allowance = Allowance::new(Duration::MAX);
    let taken = (0..20).filter(|_| allowance.take(Instant::now())).count();
    assert_eq!(taken, 2);
}
