use super::Tally;
use crate::authz::DecisionStrategy;
use crate::authz::policy::AggregateRule;
use crate::authz::verdict::{Cause, Doubt, PolicyId, Verdict};

const DOUBT: Doubt = Doubt { policy: PolicyId(0), cause: Cause::RolesFetched };
const UNKNOWN: Verdict = Verdict::Unknown(DOUBT);
const RISKY: Verdict = Verdict::Risky(DOUBT);
const THREE: [Verdict; 3] = [Verdict::Permit, Verdict::Deny, UNKNOWN];
const STRATEGIES: [DecisionStrategy; 3] =
    [DecisionStrategy::Unanimous, DecisionStrategy::Affirmative, DecisionStrategy::Consensus];

fn together(strategy: DecisionStrategy, verdicts: &[Verdict]) -> Verdict {
    let mut tally = Tally::default();
    for verdict in verdicts {
        tally.add(*verdict);
    }
    tally.verdict(strategy)
}

/// Every list of so many of these verdicts.
fn lists(length: usize) -> Vec<Vec<Verdict>> {
    (0..length).fold(vec![Vec::new()], |lists, _| {
        lists.iter().flat_map(|list| THREE.map(|verdict| [list.as_slice(), &[verdict]].concat())).collect()
    })
}

/// Every way in which what is unknown may be in truth.
fn completions(verdicts: &[Verdict]) -> Vec<Vec<Verdict>> {
    verdicts.iter().fold(vec![Vec::new()], |lists, verdict| {
        let values = if *verdict == UNKNOWN { vec![Verdict::Permit, Verdict::Deny] } else { vec![*verdict] };
        lists
            .iter()
            .flat_map(|list| values.iter().map(|value| [list.as_slice(), &[*value]].concat()))
            .collect()
    })
}

/// What all completions agree on.
fn agreed(answers: impl IntoIterator<Item = Verdict>) -> Verdict {
    let mut answers = answers.into_iter();
    let first = answers.next().unwrap();
    if answers.all(|answer| answer == first) { first } else { UNKNOWN }
}

#[test]
fn strategies_are_keycloaks() {
    use DecisionStrategy::{Affirmative, Consensus, Unanimous};
    use Verdict::{Deny, Permit};
    for (verdicts, unanimous, affirmative, consensus) in [
        (&[Permit][..], Permit, Permit, Permit),
        (&[Deny], Deny, Deny, Deny),
        (&[Permit, Deny], Deny, Permit, Deny),
        (&[Permit, Deny, Permit], Deny, Permit, Permit),
        (&[Permit, Permit], Permit, Permit, Permit),
        (&[Deny, Deny, Permit], Deny, Permit, Deny),
    ] {
        assert_eq!(together(Unanimous, verdicts), unanimous, "{verdicts:?}");
        assert_eq!(together(Affirmative, verdicts), affirmative, "{verdicts:?}");
        assert_eq!(together(Consensus, verdicts), consensus, "{verdicts:?}");
    }
}

#[test]
fn answer_is_known_exactly_when_it_does_not_depend_on_the_unknown() {
    let mut seen = 0;
    for verdicts in (1..=5).flat_map(lists) {
        for strategy in STRATEGIES {
            let all = completions(&verdicts).into_iter().map(|verdicts| together(strategy, &verdicts));
            assert_eq!(together(strategy, &verdicts), agreed(all), "{strategy:?} {verdicts:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, 3 * (3 + 9 + 27 + 81 + 243));
}

#[test]
fn what_fails_or_may_fail_is_absorbed_by_nothing() {
    for verdicts in (0..=3).flat_map(lists) {
        for strategy in STRATEGIES {
            let with = |more: Verdict| together(strategy, &[verdicts.as_slice(), &[more]].concat());
            assert_eq!(with(RISKY), RISKY);
            assert_eq!(with(Verdict::Fails), Verdict::Fails);
            let both = [verdicts.as_slice(), &[RISKY, Verdict::Fails]].concat();
            assert_eq!(together(strategy, &both), Verdict::Fails);
        }
    }
}

/// An aggregate of two aggregates, of two policies each, under a permission: three levels, each with its own strategy and
/// logic.
struct Tower {
    top: DecisionStrategy,
    lower: [AggregateRule; 2],
    negative: [bool; 3],
}

impl Tower {
    fn verdict(&self, leaves: &[Verdict]) -> Verdict {
        let turned = |negative: bool, verdict: Verdict| if negative { verdict.negated() } else { verdict };
        let [first, second] = &self.lower;
        let [of_first, of_second, of_top] = self.negative;
        let leaf = |id: PolicyId| leaves[id.0];
        let middle = AggregateRule { strategy: self.top, policies: vec![PolicyId(0), PolicyId(1)] };
        let lower = [turned(of_first, first.judge(leaf)), turned(of_second, second.judge(leaf))];
        turned(of_top, middle.judge(|id| lower[id.0]))
    }
}

#[test]
fn aggregates_of_aggregates_are_known_exactly_when_they_do_not_depend_on_the_unknown() {
    let leaves = lists(4);
    let mut seen = 0;
    for top in STRATEGIES {
        for first in STRATEGIES {
            for second in STRATEGIES {
                for signs in 0..8_u8 {
                    let lower = [
                        AggregateRule { strategy: first, policies: vec![PolicyId(0), PolicyId(1)] },
                        AggregateRule { strategy: second, policies: vec![PolicyId(2), PolicyId(3)] },
                    ];
                    let negative = [signs & 1 > 0, signs & 2 > 0, signs & 4 > 0];
                    let tower = Tower { top, lower, negative };
                    for leaves in &leaves {
                        let all = completions(leaves).into_iter().map(|leaves| tower.verdict(&leaves));
                        assert_eq!(
                            tower.verdict(leaves),
                            agreed(all),
                            "{top:?} {first:?} {second:?} {leaves:?}"
                        );
                        seen += 1;
                    }
                }
            }
        }
    }
    assert_eq!(seen, 27 * 8 * 81);
}

#[test]
fn aggregate_of_nothing_is_not_met() {
    for strategy in STRATEGIES {
        let rule = AggregateRule { strategy, policies: Vec::new() };
        assert_eq!(rule.judge(|_| Verdict::Permit), Verdict::Deny);
    }
}
