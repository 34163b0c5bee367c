use std::sync::Arc;

use super::*;

fn headers_of(claims: &str) -> HeaderMap {
    let identity = Identity::compile(&IdentityConfig::default()).unwrap();
    written(&identity, claims)
}

fn written(identity: &Identity, claims: &str) -> HeaderMap {
    let principal = Principal::from_claims(Arc::from("shop"), claims.as_bytes()).unwrap();
    identity.headers_of(&principal).iter().cloned().collect()
}

fn config(headers: &[(&str, &str)]) -> IdentityConfig {
    let headers = headers.iter().map(|(name, source)| ((*name).to_owned(), (*source).to_owned())).collect();
    IdentityConfig { headers, ..IdentityConfig::default() }
}

#[test]
fn the_defaults_tell_who_calls() {
    let headers = headers_of(
        r#"{"sub":"7","preferred_username":"alice","email":"a@example.com","azp":"web","scope":"openid orders",
            "realm_access":{"roles":["reader","writer"]},"groups":["/staff"]}"#,
    );
    assert_eq!(headers["x-auth-subject"], "7");
    assert_eq!(headers["x-auth-username"], "alice");
    assert_eq!(headers["x-auth-email"], "a@example.com");
    assert_eq!(headers["x-auth-client"], "web");
    assert_eq!(headers["x-auth-scopes"], "openid,orders");
    assert_eq!(headers["x-auth-roles"], "reader,writer");
    assert_eq!(headers["x-auth-groups"], "/staff");
}

#[test]
fn a_missing_or_empty_claim_sets_no_header() {
    let headers = headers_of(r#"{"sub":"7","email":"","realm_access":{"roles":[]}}"#);
    assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["x-auth-subject"]);
}

#[test]
fn what_cannot_stand_in_a_header_is_percent_encoded() {
    let headers =
        headers_of(r#"{"sub":"7\r\nx-auth-roles: admin","preferred_username":"Zoë 100%","email":" a "}"#);
    assert_eq!(headers["x-auth-subject"], "7%0D%0Ax-auth-roles: admin");
    assert_eq!(headers["x-auth-username"], "Zo%C3%AB 100%25");
    assert_eq!(headers["x-auth-email"], "%20a%20");
}

#[test]
fn an_entry_with_a_comma_stays_one_entry() {
    let headers = headers_of(r#"{"sub":"a,b","realm_access":{"roles":["reader,admin","writer"]}}"#);
    assert_eq!(headers["x-auth-roles"], "reader%2Cadmin,writer");
    assert_eq!(headers["x-auth-subject"], "a,b");
}

#[test]
fn claims_of_any_scalar_type_and_lists_of_them_are_written() {
    let identity = Identity::compile(&config(&[
        ("x-level", "level"),
        ("x-staff", "staff"),
        ("x-tags", "/deep/tags"),
        ("x-object", "deep"),
        ("x-mixed", "mixed"),
    ]))
    .unwrap();
    let headers =
        written(&identity, r#"{"level":3,"staff":true,"deep":{"tags":["a",1]},"mixed":["a",{"b":1}]}"#);
    assert_eq!(headers["x-level"], "3");
    assert_eq!(headers["x-staff"], "true");
    assert_eq!(headers["x-tags"], "a,1");
    assert!(!headers.contains_key("x-object"));
    assert!(!headers.contains_key("x-mixed"));
}

#[test]
fn every_spelling_of_an_inbound_identity_header_is_removed() {
    let identity = Identity::compile(&IdentityConfig {
        remove: vec!["X-Internal".to_owned()],
        ..IdentityConfig::default()
    })
    .unwrap();
    let mut headers = HeaderMap::new();
    for name in [
        "x-auth-roles",
        "x_auth_roles",
        "x-auth_roles",
        "x.auth.roles",
        "x_internal",
        "x-request-id",
        "x-other",
    ] {
        headers.append(HeaderName::from_static(name), HeaderValue::from_static("forged"));
    }
    identity.remove(&mut headers);
    assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["x-other"]);
}

#[test]
fn headers_that_requests_are_read_by_cannot_carry_an_identity() {
    for name in ["Host", "authorization", "Content-Length", "connection", "x-request-id", "bad name"] {
        let problems = Identity::compile(&config(&[(name, "sub")])).unwrap_err();
        assert_eq!(problems[0].key, format!("identity.headers.{name}"));
    }
    assert!(Identity::compile(&config(&[("x-a", "@rolez")])).is_err());
    assert!(Identity::compile(&config(&[("x-a", "")])).is_err());
}
