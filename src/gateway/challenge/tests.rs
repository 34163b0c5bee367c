use super::*;

#[test]
fn without_a_token_there_is_no_error_code() {
    assert_eq!(Challenge::bearer("shop").value(), r#"Bearer realm="shop""#);
}

#[test]
fn a_bad_token_is_named_as_such() {
    let challenge = Challenge::bearer("shop").error("invalid_token").description("the token expired");
    assert_eq!(
        challenge.value(),
        r#"Bearer realm="shop", error="invalid_token", error_description="the token expired""#
    );
}

#[test]
fn the_scopes_that_would_do_are_listed() {
    let scopes = ["orders:read".to_owned(), "orders:write".to_owned()];
    let challenge = Challenge::bearer("shop").error("insufficient_scope").scope(&scopes);
    assert_eq!(
        challenge.value(),
        r#"Bearer realm="shop", error="insufficient_scope", scope="orders:read orders:write""#
    );
    assert_eq!(Challenge::bearer("shop").scope(&[]).value(), r#"Bearer realm="shop""#);
}

#[test]
fn a_ticket_comes_with_the_issuer_to_take_it_to() {
    assert_eq!(
        Challenge::uma("shop", "https://sso.example/realms/shop", "016f84e8").value(),
        r#"UMA realm="shop", as_uri="https://sso.example/realms/shop", ticket="016f84e8""#
    );
}

#[test]
fn quotes_are_escaped_and_controls_left_out() {
    assert_eq!(Challenge::bearer("a\"b\\c\r\nd\u{e9}").value(), r#"Bearer realm="a\"b\\cd""#);
}

#[test]
fn no_description_repeats_what_the_error_knows() {
    let errors = [
        TokenError::AudienceMismatch { expected: "swordfish".to_owned() },
        TokenError::TypeMismatch("swordfish".to_owned()),
        TokenError::ClaimMissing("swordfish".to_owned()),
        TokenError::TokenInactiveOrAudience { client: "swordfish".to_owned() },
        TokenError::IntrospectionUnavailable("swordfish".to_owned()),
    ];
    for error in errors {
        assert!(!description(&error).contains("swordfish"));
        assert!(!description(&error).is_empty());
    }
}
