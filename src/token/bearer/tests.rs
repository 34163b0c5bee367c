use http::HeaderValue;

use super::*;

fn of(values: &[&str]) -> Result<Option<String>, TokenError> {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    bearer(&headers).map(|token| token.map(str::to_owned))
}

#[test]
fn no_field_is_no_token() {
    assert_eq!(of(&[]), Ok(None));
}

#[test]
fn the_scheme_is_bearer_in_any_case_with_one_or_more_spaces() {
    for field in ["Bearer a.b-c_d~e+f/g==", "bearer a.b-c_d~e+f/g==", "BEARER   a.b-c_d~e+f/g=="] {
        assert_eq!(of(&[field]), Ok(Some("a.b-c_d~e+f/g==".to_owned())), "{field}");
    }
}

#[test]
fn two_fields_are_refused_even_if_they_are_equal() {
    assert_eq!(of(&["Bearer a", "Bearer a"]), Err(TokenError::CredentialRepeated));
    assert_eq!(of(&["Bearer a", "Basic b"]), Err(TokenError::CredentialRepeated));
    assert_eq!(of(&["", "Bearer a"]), Err(TokenError::CredentialRepeated));
}

#[test]
fn other_schemes_are_unsupported() {
    for field in ["Basic dTpw", "DPoP a.b.c", "Negotiate", "Bearer2 a", "BearerX a"] {
        assert_eq!(of(&[field]), Err(TokenError::SchemeUnsupported), "{field}");
    }
}

#[test]
fn what_is_not_one_scheme_and_one_token_is_malformed() {
    for field in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Bearer a,b",
        "Bearer a, Bearer b",
        "Bearer a, Basic b",
        "Bearer\ta",
        "Bearer a\t",
        "Bearer a ",
        "Bearer =",
        "Bearer ===",
        "Bearer a=b",
        "Bearer \"a\"",
        "Bearer a;b",
        "Bearer a%20b",
        " Bearer a",
        "Bearer, a",
        "Bearer \u{e4}",
        "Bear\u{e9}r a",
        "Basic \u{e4}",
        ":",
        "Bearer: a",
    ] {
        assert_eq!(of(&[field]), Err(TokenError::CredentialMalformed), "{field}");
    }
}

#[test]
fn the_characters_are_those_of_b64token() {
    for byte in 0..=u8::MAX {
        let expected = byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
        assert_eq!(is_b64token_byte(byte), expected, "{byte:#x}");
    }
}

#[test]
fn other_fields_do_not_count() {
    let mut headers = HeaderMap::new();
    headers.insert("proxy-authorization", HeaderValue::from_static("Bearer a"));
    headers.insert("x-authorization", HeaderValue::from_static("Bearer a"));
    headers.insert("cookie", HeaderValue::from_static("access_token=a"));
    assert_eq!(bearer(&headers), Ok(None));
}
