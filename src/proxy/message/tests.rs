use super::*;

fn headers(values: &[(http::HeaderName, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in values {
        headers.append(name, HeaderValue::from_static(value));
    }
    headers
}

#[test]
fn a_length_that_is_not_the_bodys_is_corrected() {
    for written in ["4", "+5", "05", "5, 5", "", "five", "99999999999999999999999"] {
        let mut headers = headers(&[(CONTENT_LENGTH, written)]);
        set_content_length(&mut headers, Some(5));
        assert_eq!(headers.get(CONTENT_LENGTH).unwrap(), "5", "{written}");
    }
}

#[test]
fn one_length_is_left_of_several() {
    let mut headers = headers(&[(CONTENT_LENGTH, "5"), (CONTENT_LENGTH, "5")]);
    set_content_length(&mut headers, Some(5));
    assert_eq!(headers.get_all(CONTENT_LENGTH).iter().count(), 1);
}

#[test]
fn a_length_is_removed_if_the_body_has_none() {
    let mut headers = headers(&[(CONTENT_LENGTH, "5")]);
    set_content_length(&mut headers, None);
    assert!(headers.is_empty());
}

#[test]
fn cookies_are_joined() {
    let mut headers = headers(&[(COOKIE, "a=1"), (COOKIE, "b=2"), (COOKIE, "c=3")]);
    join_cookies(&mut headers);
    let cookies: Vec<_> = headers.get_all(COOKIE).iter().collect();
    assert_eq!(cookies, ["a=1; b=2; c=3"]);
}
