use super::{ExplainedKind, ExplainedRule, Need, Standing};

fn leaf(text: &str, standing: Standing) -> ExplainedRule {
    ExplainedRule { standing, kind: ExplainedKind::Claims(text.to_owned()) }
}

fn need(rule: &ExplainedRule) -> Option<String> {
    Need::of_rule(rule, true).map(|need| need.to_string())
}

#[test]
fn what_is_met_needs_nothing() {
    assert_eq!(need(&leaf("a", Standing::Met)), None);
    let both = vec![leaf("a", Standing::Met), leaf("b", Standing::NotMet)];
    assert_eq!(need(&ExplainedRule { standing: Standing::Met, kind: ExplainedKind::Any(both) }), None);
}

#[test]
fn of_all_only_what_is_missing_is_needed() {
    let all = vec![leaf("a", Standing::Met), leaf("b", Standing::NotMet), leaf("c", Standing::Unclear)];
    let rule = ExplainedRule { standing: Standing::NotMet, kind: ExplainedKind::All(all) };
    assert_eq!(need(&rule).as_deref(), Some("b and c"));
}

#[test]
fn under_a_not_all_and_any_change_places() {
    let any = vec![leaf("a", Standing::Met), leaf("b", Standing::Met), leaf("c", Standing::NotMet)];
    let any = ExplainedRule { standing: Standing::Met, kind: ExplainedKind::Any(any) };
    let not = ExplainedRule { standing: Standing::NotMet, kind: ExplainedKind::Not(Box::new(any)) };
    assert_eq!(need(&not).as_deref(), Some("not: a and not: b"));
}

#[test]
fn nested_needs_stand_in_parentheses() {
    let any = vec![leaf("a", Standing::NotMet), leaf("b", Standing::NotMet)];
    let any = ExplainedRule { standing: Standing::NotMet, kind: ExplainedKind::Any(any) };
    let all = ExplainedKind::All(vec![any, leaf("c", Standing::NotMet)]);
    assert_eq!(
        need(&ExplainedRule { standing: Standing::NotMet, kind: all }).as_deref(),
        Some("(a or b) and c")
    );
}
