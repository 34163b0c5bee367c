use super::{distance, hint, nearest};

#[test]
fn swapped_letters_count_once() {
    assert_eq!(distance("isseur", "issuer"), 1);
    assert_eq!(distance("isuser", "issuer"), 1);
    assert_eq!(distance("", "abc"), 3);
    assert_eq!(distance("same", "same"), 0);
}

#[test]
fn a_near_name_is_found_and_a_far_one_is_not() {
    assert_eq!(nearest("upsteam", ["upstream", "providers"]), Some("upstream"));
    assert_eq!(nearest("Client-ID", ["client_id", "client_auth"]), Some("client_id"));
    assert_eq!(nearest("colour", ["upstream", "providers"]), None);
}

#[test]
fn without_a_near_name_the_hint_lists_what_there_is() {
    assert_eq!(hint("x", ["orders", "stock"]).as_deref(), Some("known here: `orders`, `stock`"));
    assert_eq!(hint("x", []), None);
}
