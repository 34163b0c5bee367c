use std::time::{Duration, Instant};

use serde_json::json;

use super::Held;

#[test]
fn a_token_is_given_up_a_little_before_its_end() {
    let asked = Instant::now();
    let until = |seconds: serde_json::Value| {
        let answer = json!({"access_token": "a", "expires_in": seconds});
        Held::read(answer, asked).expect("a token").until.expect("an end") - asked
    };
    assert_eq!(until(json!(300)), Duration::from_secs(290));
    // A short life is not used up by the margin.
    assert_eq!(until(json!(10)), Duration::from_secs(8));
    assert_eq!(until(json!(0)), Duration::ZERO);
    // What is not said, or makes no sense.
    assert_eq!(until(json!(null)), Duration::from_secs(50));
    assert_eq!(until(json!(-5)), Duration::from_secs(50));
    assert_eq!(until(json!(u64::MAX)), Duration::from_secs(86_400 * 365 - 10));
}

#[test]
fn a_refresh_token_is_used_until_its_end_and_an_offline_one_for_ever() {
    let asked = Instant::now();
    let held = |seconds: u64| {
        let answer = json!({"access_token": "a", "refresh_token": "r", "refresh_expires_in": seconds});
        Held::read(answer, asked).expect("a token")
    };
    let later = |seconds| asked + Duration::from_secs(seconds);
    assert!(held(100).refresh(later(80)).is_some());
    assert!(held(100).refresh(later(95)).is_none());
    assert!(held(0).refresh(later(1_000_000)).is_some());
    assert!(Held::read(json!({"access_token": "a"}), asked).expect("a token").refresh(asked).is_none());
}

#[test]
fn an_answer_without_a_token_is_refused() {
    for answer in [json!({}), json!(null), json!({"access_token": 7}), json!("text")] {
        assert!(Held::read(answer, Instant::now()).is_err());
    }
}
