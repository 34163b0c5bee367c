use super::*;

fn answer(status: u16, body: &str) -> Answer {
    Answer { operation: "token", status, body: Bytes::copy_from_slice(body.as_bytes()) }
}

#[test]
fn an_error_answer_is_told_with_its_code_and_description() {
    let error =
        answer(400, r#"{"error":"invalid_grant","error_description":"Invalid bearer token"}"#).refused();
    assert_eq!(error.to_string(), "token: the realm answered 400 `invalid_grant`: Invalid bearer token");
}

#[test]
fn a_token_that_is_echoed_does_not_get_into_the_error() {
    let token = "eyJhbGciOiJSUzI1NiJ9.".to_owned() + &"x".repeat(400);
    let body =
        format!(r#"{{"error":"invalid_token","error_description":"cannot\u001b[31m parse {token} here"}}"#);
    let text = answer(401, &body).refused().to_string();
    assert!(!text.contains("eyJ"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.contains("… here"), "{text}");
}

#[test]
fn json_that_is_not_as_expected_is_told_without_its_content() {
    let error = answer(200, r#"{"secret":"swordfish"}"#).objects::<ErrorBody>(200).unwrap_err();
    assert!(!error.to_string().contains("swordfish"), "{error}");
}

#[test]
fn only_objects_are_read_as_objects() {
    #[derive(Debug, Deserialize)]
    struct Named {
        active: bool,
    }
    assert!(answer(200, r#" {"active":true}"#).object::<Named>(200).unwrap().active);
    for body in ["[true]", "true", "", "{}", r#"{"active":true,"active":true}"#, r#"{"active":true}{}"#] {
        answer(200, body).object::<Named>(200).unwrap_err();
    }
    answer(200, "[[true]]").objects::<Named>(200).unwrap_err();
    answer(201, r#"{"active":true}"#).object::<Named>(200).unwrap_err();
}
