use super::*;

fn with_id(id: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(X_REQUEST_ID, HeaderValue::from_static(id))])
}

/// The id as the log has it, which is as the upstream gets it.
fn chosen(headers: &HeaderMap, trusted: bool) -> String {
    let id = RequestId::choose(headers, trusted);
    assert_eq!(id.to_value(), id.as_str());
    id.as_str().to_owned()
}

#[test]
fn a_new_id_is_32_hex_digits_and_not_the_last_one() {
    let (first, second) = (chosen(&HeaderMap::new(), false), chosen(&HeaderMap::new(), true));
    assert_eq!(first.len(), 32);
    assert!(first.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(first, second);
}

#[test]
fn only_a_trusted_proxys_id_is_taken_over() {
    assert_eq!(chosen(&with_id("abc-1"), true), "abc-1");
    assert_ne!(chosen(&with_id("abc-1"), false), "abc-1");
}

#[test]
fn an_id_that_is_no_plain_word_is_replaced() {
    for id in ["", "a\"b", "a b", "0123456789012345678901234567890123456789012345678901234567890123456789"] {
        assert_ne!(chosen(&with_id(id), true), id);
    }
}
