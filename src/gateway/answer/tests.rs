use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::*;
use crate::authz::DecisionSource;
use crate::gateway::request_id::RequestId;
use crate::route::PathError;

fn facts() -> Facts {
    Facts {
        id: RequestId::Given(HeaderValue::from_static("0123abcd")),
        origin: None,
        is_head: false,
        is_grpc: false,
        has_body_on_http1: false,
    }
}

fn answered(rejection: Rejection) -> Response<Bytes> {
    answered_to(&facts(), rejection)
}

fn answered_to(facts: &Facts, rejection: Rejection) -> Response<Bytes> {
    answer(facts, &Refused { rejection: Box::new(rejection), trail: Trail::default() })
}

fn refused(code: RefusalCode) -> Rejection {
    Rejection::Refused(Refusal {
        code,
        source: DecisionSource::Claims,
        detail: "realm role `swordfish`".to_owned(),
        scopes: vec!["orders:read".to_owned()],
        permissions: Vec::new(),
        trace: None,
    })
}

fn forwarding(kind: ForwardErrorKind) -> Rejection {
    Rejection::Forward(ForwardError {
        upstream: "orders".to_owned(),
        kind,
        reason: format!("connect to {}", Ipv4Addr::LOCALHOST),
        unsent: true,
    })
}

fn body(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn no_token_is_401_with_a_bare_challenge() {
    let response = answered(Rejection::Token(TokenError::TokenMissing));
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()[WWW_AUTHENTICATE], r#"Bearer realm="gatecloak""#);
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
}

#[test]
fn another_scheme_is_401_without_an_error_code() {
    let response = answered(Rejection::Token(TokenError::SchemeUnsupported));
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()[WWW_AUTHENTICATE], r#"Bearer realm="gatecloak""#);
}

#[test]
fn a_bad_token_is_401_invalid_token() {
    for error in [
        TokenError::TokenExpired(3),
        TokenError::SignatureInvalid,
        TokenError::KeyUnknown,
        TokenError::IntrospectionDisabled,
        TokenError::AudienceMismatch { expected: "orders".to_owned() },
    ] {
        let response = answered(Rejection::Token(error.clone()));
        assert_eq!(response.status(), 401);
        let challenge = response.headers()[WWW_AUTHENTICATE].to_str().unwrap();
        assert!(challenge.contains(r#"error="invalid_token""#), "{challenge}");
        assert_eq!(body(&response)["code"], error.code());
    }
}

#[test]
fn two_credentials_are_400_invalid_request() {
    let response = answered(Rejection::Token(TokenError::CredentialRepeated));
    assert_eq!(response.status(), 400);
    let challenge = response.headers()[WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains(r#"error="invalid_request""#), "{challenge}");
}

#[test]
fn an_unreachable_realm_is_503_with_retry_after() {
    for rejection in [
        Rejection::Token(TokenError::KeysUnavailable),
        Rejection::Token(TokenError::IntrospectionUnavailable("refused".to_owned())),
        refused(RefusalCode::DecisionUnavailable),
    ] {
        let response = answered(rejection);
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[RETRY_AFTER], "5");
        assert!(!response.headers().contains_key(WWW_AUTHENTICATE));
    }
}

#[test]
fn a_missing_scope_is_403_insufficient_scope() {
    let response = answered(refused(RefusalCode::ScopeMissing));
    assert_eq!(response.status(), 403);
    assert_eq!(
        response.headers()[WWW_AUTHENTICATE],
        r#"Bearer realm="gatecloak", error="insufficient_scope", scope="orders:read""#
    );
}

#[test]
fn a_plain_denial_says_its_code_and_id_and_no_more() {
    let response = answered(refused(RefusalCode::RoleMissing));
    assert_eq!(response.status(), 403);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    assert!(!response.headers().contains_key(WWW_AUTHENTICATE));
    let expected =
        json!({"type":"about:blank","title":"Forbidden","status":403,"code":"role_missing","id":"0123abcd"});
    assert_eq!(body(&response), expected);
}

#[test]
fn a_token_that_keycloak_does_not_take_is_401() {
    let response = answered(refused(RefusalCode::TokenRefused));
    assert_eq!(response.status(), 401);
    assert!(response.headers()[WWW_AUTHENTICATE].to_str().unwrap().contains("invalid_token"));
}

#[test]
fn without_a_ticket_there_is_a_warning() {
    let Rejection::Refused(refusal) = refused(RefusalCode::PermissionDenied) else { unreachable!() };
    let response = answered(Rejection::TicketUnavailable { refusal, reason: "swordfish".to_owned() });
    assert_eq!(response.status(), 403);
    assert_eq!(response.headers()[WARNING], "199 - \"UMA Authorization Server Unreachable\"");
    assert!(!String::from_utf8_lossy(response.body()).contains("swordfish"));
}

#[test]
fn a_ticket_is_401_in_the_uma_scheme() {
    let Rejection::Refused(refusal) = refused(RefusalCode::PermissionDenied) else { unreachable!() };
    let response = answered(Rejection::Ticket { refusal, ticket: "016f84e8".to_owned() });
    assert_eq!(response.status(), 401);
    let challenge = response.headers()[WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.starts_with("UMA ") && challenge.ends_with(r#"ticket="016f84e8""#), "{challenge}");
}

#[test]
fn requests_that_fit_no_route_have_their_own_statuses() {
    assert_eq!(answered(Rejection::NoRoute).status(), 404);
    assert_eq!(answered(Rejection::BadRequest("the request has no `Host`")).status(), 400);
    assert_eq!(answered(Rejection::Path(PathError::DotSegment)).status(), 400);
    assert_eq!(answered(Rejection::BodyTooLarge(5)).status(), 413);
    assert_eq!(answered(Rejection::MethodRefused).status(), 405);
    let response = answered(Rejection::MethodNotAllowed(vec![Method::GET, Method::PUT]));
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()[ALLOW], "GET, PUT");
}

#[test]
fn failures_of_the_upstream_name_their_source_and_not_its_address() {
    for (kind, status) in [
        (ForwardErrorKind::Connect, 502),
        (ForwardErrorKind::Lost, 502),
        (ForwardErrorKind::Malformed, 502),
        (ForwardErrorKind::ConnectTimeout, 504),
        (ForwardErrorKind::FirstByteTimeout, 504),
    ] {
        let response = answered(forwarding(kind));
        assert_eq!(response.status(), status);
        assert_eq!(body(&response)["source"], "upstream");
        assert_eq!(body(&response)["code"], kind.code());
        assert!(!String::from_utf8_lossy(response.body()).contains("127.0.0.1"));
    }
    assert_eq!(answered(forwarding(ForwardErrorKind::RequestTooLarge)).status(), 413);
    assert_eq!(answered(forwarding(ForwardErrorKind::RequestBody)).status(), 400);
    assert_eq!(answered(forwarding(ForwardErrorKind::RequestTimeout)).status(), 408);
    assert_eq!(answered(Rejection::TotalTimeout).status(), 504);
}

#[test]
fn head_gets_the_head_alone() {
    let facts = Facts { is_head: true, ..facts() };
    let response = answered_to(&facts, Rejection::Token(TokenError::TokenMissing));
    assert_eq!(response.status(), 401);
    assert!(response.body().is_empty());
}

#[test]
fn grpc_callers_get_a_grpc_status() {
    let facts = Facts { is_grpc: true, ..facts() };
    for (rejection, status) in [
        (Rejection::Token(TokenError::TokenMissing), "16"),
        (refused(RefusalCode::RoleMissing), "7"),
        (Rejection::NoRoute, "12"),
        (Rejection::Path(PathError::Backslash), "3"),
        (Rejection::Token(TokenError::KeysUnavailable), "14"),
        (Rejection::TotalTimeout, "4"),
    ] {
        let code = rejection.code();
        let response = answered_to(&facts, rejection);
        assert_eq!(response.status(), 200);
        assert!(response.body().is_empty());
        assert_eq!(response.headers()[CONTENT_TYPE], "application/grpc");
        assert_eq!(response.headers()["grpc-status"], status);
        assert_eq!(response.headers()["grpc-message"], code);
    }
}

#[test]
fn a_body_left_unread_ends_the_connection() {
    let facts = Facts { has_body_on_http1: true, ..facts() };
    let response = answered_to(&facts, Rejection::Token(TokenError::TokenMissing));
    assert_eq!(response.headers()[CONNECTION], "close");
    assert!(!answered(Rejection::NoRoute).headers().contains_key(CONNECTION));
}

#[test]
fn texts_with_quotes_stay_json() {
    assert_eq!(body(&answered(Rejection::BadRequest("a \"quoted\" word")))["detail"], "a \"quoted\" word");
}
