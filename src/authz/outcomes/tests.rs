use super::Outcomes;

const SINGLE: [Outcomes; 3] = [Outcomes::UNMET, Outcomes::STUCK, Outcomes::MET];

/// Every set, as the list of its outcomes' places in `SINGLE`.
fn sets() -> Vec<(Outcomes, Vec<usize>)> {
    (1..8_u8)
        .map(|bits| {
            let set = Outcomes(bits);
            (set, (0..3).filter(|place| set.may_be(SINGLE[*place])).collect())
        })
        .collect()
}

fn set(places: impl Iterator<Item = usize>) -> Outcomes {
    Outcomes(places.fold(0, |bits, place| bits | SINGLE[place].0))
}

#[test]
fn combinations_are_those_of_every_pair_in_kleenes_logic() {
    for (left, of_left) in sets() {
        assert_eq!(left.not(), set(of_left.iter().map(|place| 2 - place)), "not {left:?}");
        for (right, of_right) in sets() {
            let pairs = || of_left.iter().flat_map(|left| of_right.iter().map(move |right| (*left, *right)));
            assert_eq!(
                left.and(right),
                set(pairs().map(|(left, right)| left.min(right))),
                "{left:?} and {right:?}"
            );
            assert_eq!(
                left.or(right),
                set(pairs().map(|(left, right)| left.max(right))),
                "{left:?} or {right:?}"
            );
        }
    }
}

#[test]
fn not_over_something_stuck_is_stuck() {
    assert_eq!(Outcomes::STUCK.not(), Outcomes::STUCK);
    assert_eq!(Outcomes::OPEN.not(), Outcomes::OPEN);
    assert!(Outcomes::OPEN.is_open() && !Outcomes::STUCK.is_open());
}
