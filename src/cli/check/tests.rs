use super::Answer;
use crate::config::{ConfigTest, Expectation};
use crate::gateway::Judged;

fn answer(expect: Expectation, route: Option<&str>, got: Expectation) -> Answer {
    Answer {
        test: ConfigTest {
            request: "GET /orders/1".to_owned(),
            claims: None,
            provider: None,
            permissions: Vec::new(),
            expect,
            route: route.map(str::to_owned),
        },
        judged: Judged {
            expectation: got,
            route: Some("orders".to_owned()),
            reason: "the role `reader` is missing".to_owned(),
        },
    }
}

#[test]
fn an_answer_as_expected_is_one_short_line() {
    let good = answer(Expectation::Deny, None, Expectation::Deny);
    assert!(good.is_as_expected());
    assert_eq!(good.line(), "ok      GET /orders/1: deny by route `orders`");
}

#[test]
fn another_answer_is_shown_with_its_reason() {
    let bad = answer(Expectation::Allow, None, Expectation::Deny);
    assert!(!bad.is_as_expected());
    assert_eq!(
        bad.line(),
        "FAILED  GET /orders/1: expected allow, got deny by route `orders`: the role `reader` is missing"
    );
}

#[test]
fn the_right_answer_by_another_route_is_not_as_expected() {
    let bad = answer(Expectation::Deny, Some("stock"), Expectation::Deny);
    assert!(!bad.is_as_expected());
    assert!(
        bad.line().contains("expected deny by route `stock`, got deny by route `orders`"),
        "{}",
        bad.line()
    );
    assert_eq!(bad.as_json()["ok"], false);
    assert_eq!(bad.as_json()["got"]["route"], "orders");
}
