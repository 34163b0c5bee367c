use bytes::Bytes;

use super::{CallError, ErrorClass, LONGEST_TEXT};
use crate::connection::{Method, Response};

fn response(status: u16, body: &str, challenge: Option<&str>) -> Response {
    Response {
        status,
        location: None,
        challenge: challenge.map(str::to_owned),
        body: Bytes::copy_from_slice(body.as_bytes()),
        call: "GET /x".to_owned(),
    }
}

fn message(body: &str) -> String {
    CallError::refused(ErrorClass::Get, &response(400, body, Some("Bearer"))).message().to_owned()
}

#[test]
fn the_text_is_the_one_that_says_most() {
    for (body, text) in [
        (r#"{"errorMessage":"a","error":"b","error_description":"c"}"#, "a"),
        (r#"{"error":"b","error_description":"c"}"#, "c"),
        (r#"{"error":"b"}"#, "b"),
        (r#"{"message":"m","error":"b"}"#, "m"),
        (r#"{"error":""}"#, r#"{"error":""}"#),
        (r#"{"errorMessage":"bad","field":"email","params":["x",1]}"#, r#"`email`: bad ["x",1]"#),
        (r#"{"errorMessage":"bad","field":"email","params":[]}"#, "`email`: bad"),
        (r#"{"errors":[{"errorMessage":"a","field":"f"},{"errorMessage":"b"}]}"#, "`f`: a; b"),
        (r#"{"errorMessage":"all","errors":[{"errorMessage":"a"}]}"#, "a"),
        (r#"{"error":["not","a","text"]}"#, r#"{"error":["not","a","text"]}"#),
        ("plain", "plain"),
        ("[1]", "[1]"),
        ("", "Bearer"),
    ] {
        assert_eq!(message(body), text, "{body}");
    }
    assert_eq!(CallError::refused(ErrorClass::Get, &response(404, "", None)).message(), "");
    assert_eq!(message(&"é".repeat(10_000)).chars().count(), LONGEST_TEXT);
}

#[test]
fn a_401_and_a_grant_that_is_not_taken_are_authentication_errors_whatever_was_called() {
    for (status, body, class) in [
        (401, "", ErrorClass::Authentication),
        (401, r#"{"error":"invalid_client"}"#, ErrorClass::Authentication),
        (400, r#"{"error":"invalid_grant"}"#, ErrorClass::Authentication),
        (400, r#"{"error":"invalid_request"}"#, ErrorClass::Put),
        (403, r#"{"error":"invalid_grant"}"#, ErrorClass::Put),
        (500, "", ErrorClass::Put),
    ] {
        let error = response(status, body, None).expect(Method::Put, &[200]).expect_err("refused");
        assert_eq!((error.class(), error.status()), (class, Some(status)));
    }
    let found = response(200, "", None).expect(Method::Put, &[200, 204]);
    assert_eq!(found.expect("an answer").status, 200);
}

#[test]
fn the_names_and_bases_are_python_keycloaks() {
    let mut names: Vec<&str> = ErrorClass::ALL.iter().map(|class| class.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 14);
    for class in ErrorClass::ALL {
        assert_eq!(class.bases().last(), Some(&"Exception"));
    }
    assert_eq!(ErrorClass::Get.bases(), ["KeycloakOperationError", "KeycloakError", "Exception"]);
    assert_eq!(ErrorClass::Operation.bases(), ["KeycloakError", "Exception"]);
    assert_eq!(ErrorClass::PermissionDefinition.bases(), ["Exception"]);
}

#[test]
fn an_error_names_the_call_the_status_and_the_text_and_a_hint_comes_last() {
    let error = CallError::refused(ErrorClass::Get, &response(409, r#"{"errorMessage":"taken"}"#, None));
    assert_eq!(error.to_string(), "GET /x: 409: taken");
    assert_eq!(error.clone().hint("choose another").to_string(), "GET /x: 409: taken; hint: choose another");
    assert_eq!(error.clone().class_as(ErrorClass::Deprecation).class(), ErrorClass::Deprecation);
    assert_eq!(error.body(), br#"{"errorMessage":"taken"}"#);
    assert_eq!(CallError::local(ErrorClass::RptNotFound, "none").to_string(), "none");
}
