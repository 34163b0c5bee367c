use serde_json::json;

use super::*;
use crate::token::fixture;

#[test]
fn a_principal_is_made_of_claims() {
    let alice = Principal::from_claims("shop".into(), fixture::claims().to_string().as_bytes()).unwrap();
    assert_eq!(alice.provider(), "shop");
    assert_eq!(alice.issuer(), Some(fixture::ISSUER));
    assert_eq!(alice.username(), Some("alice"));
    assert_eq!(alice.client(), Some("web"));
    assert_eq!(alice.expires_at(), Some(fixture::NOW + 300));
    assert!(alice.realm_roles().eq(["manager", "offline_access"]));
    assert!(alice.groups().eq(["/staff", "/staff/night"]));
    assert_eq!(alice.claim("email"), Some(&json!("alice@example.com")));
    assert!(alice.has_claim("resource_access") && !alice.has_claim("department"));
}

#[test]
fn an_introspection_answer_makes_a_principal_too() {
    let answer = json!({ "active": true, "client_id": "batch", "username": "service-account-batch", "token_type": "Bearer" });
    let batch = Principal::from_claims("shop".into(), answer.to_string().as_bytes()).unwrap();
    assert_eq!(batch.client(), Some("batch"));
}

#[test]
fn a_lightweight_token_lacks_what_conditions_need() {
    let light = json!({ "exp": 1, "iss": fixture::ISSUER, "typ": "Bearer", "azp": "web", "scope": "openid" });
    let light = Principal::from_claims("shop".into(), light.to_string().as_bytes()).unwrap();
    for missing in ["realm_access", "resource_access", "groups", "sub", "email"] {
        assert!(!light.has_claim(missing), "{missing}");
    }
    assert!(light.has_claim("scope"));
}

#[test]
fn weight_grows_with_the_claims() {
    let weigh = |name: String| {
        let claims = json!({ "name": name }).to_string();
        Principal::from_claims("shop".into(), claims.as_bytes()).unwrap().weight()
    };
    assert!(weigh("a".repeat(1000)) >= weigh(String::new()) + 1000);
}

#[test]
fn debug_output_holds_no_claims() {
    let alice = Principal::from_claims("shop".into(), fixture::claims().to_string().as_bytes()).unwrap();
    let shown = format!("{alice:?}");
    assert!(shown.contains("shop") && !shown.contains("alice"), "{shown}");
}
