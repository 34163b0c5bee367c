use serde_json::{Value, json};

use super::*;
use crate::token::fixture::{
    ISSUER, NOW, claims, config, header, keys_for, sign, token, verify, verify_with, with,
};

fn refusal(changes: Value) -> TokenError {
    verify(&token(changes)).unwrap_err()
}

fn accepts(changes: Value, settings: Value) -> Result<(), TokenError> {
    let keys = keys_for(Algorithm::RS256);
    verify_with(&token(changes), &keys, &config(json!({ "token": settings }))).map(|_| ())
}

#[test]
fn keycloaks_access_token_is_good() {
    let verified = verify(&token(json!({}))).unwrap();
    assert_eq!(verified.principal.username(), Some("alice"));
    assert_eq!(verified.principal.provider(), "shop");
    assert_eq!(verified.source, TokenSource::Signature);
    assert_eq!(verified.usable_until, NOW + 300);
}

#[test]
fn a_lightweight_token_is_good_without_the_claims_it_lacks() {
    let light = json!({
        "sub": null, "sid": null, "acr": null, "realm_access": null, "resource_access": null, "groups": null,
        "preferred_username": null, "email": null, "name": null, "email_verified": null, "allowed-origins": null,
        "iat": null, "jti": null, "azp": null, "scope": null,
    });
    assert!(verify(&token(light)).is_ok());
}

#[test]
fn the_issuer_is_compared_byte_for_byte() {
    for issuer in [
        "https://sso.example.com/realms/shop/",
        "https://sso.example.com/realms/Shop",
        "https://SSO.example.com/realms/shop",
        "http://sso.example.com/realms/shop",
        "https://sso.example.com/realms/shop ",
        "https://sso.example.com/realms/shop2",
        "https://sso.example.com/realms/sho",
        "",
    ] {
        assert_eq!(refusal(json!({ "iss": issuer })), TokenError::IssuerUnknown, "{issuer}");
    }
}

#[test]
fn the_boundaries_of_the_times_are_exact() {
    // The leeway is five seconds.
    assert!(verify(&token(json!({ "exp": NOW - 4 }))).is_ok());
    assert_eq!(refusal(json!({ "exp": NOW - 5 })), TokenError::TokenExpired(5));
    assert_eq!(refusal(json!({ "exp": (NOW - 4) as f64 - 0.5 })), TokenError::TokenExpired(5));
    assert!(verify(&token(json!({ "nbf": NOW + 5 }))).is_ok());
    assert_eq!(refusal(json!({ "nbf": NOW + 6 })), TokenError::TokenNotYetValid(6));
    assert_eq!(refusal(json!({ "nbf": (NOW + 5) as f64 + 0.5 })), TokenError::TokenNotYetValid(6));
    assert!(verify(&token(json!({ "iat": NOW + 5 }))).is_ok());
    assert!(matches!(refusal(json!({ "iat": NOW + 6 })), TokenError::TimesImplausible(_)));
    let strict = json!({ "leeway": "0s" });
    assert_eq!(accepts(json!({ "exp": NOW + 1 }), strict.clone()), Ok(()));
    assert_eq!(accepts(json!({ "exp": NOW }), strict.clone()), Err(TokenError::TokenExpired(0)));
    assert_eq!(accepts(json!({ "nbf": NOW }), strict), Ok(()));
}

#[test]
fn times_are_numbers_that_a_clock_can_show() {
    assert_eq!(refusal(json!({ "exp": null })), TokenError::ClaimMissing("exp".to_owned()));
    assert!(matches!(refusal(json!({ "exp": -1 })), TokenError::TokenExpired(_)));
    assert!(matches!(refusal(json!({ "exp": 0 })), TokenError::TokenExpired(_)));
    assert!(verify(&token(json!({ "exp": NOW as f64 + 300.5 }))).is_ok());
    for (name, value) in [
        ("exp", json!((NOW + 300).to_string())),
        ("exp", json!(u64::MAX)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!([NOW + 300])),
        ("exp", json!(true)),
        ("nbf", json!(NOW.to_string())),
        ("nbf", json!({})),
        ("iat", json!("now")),
        ("iat", json!(i64::MIN)),
    ] {
        let refused = refusal(json!({ name: value }));
        assert!(
            matches!(refused, TokenError::ClaimInvalid(claim) if claim == name),
            "{name} {value}: {refused}"
        );
    }
    for exp in ["null", "111111111111111111111111111111111111111111111111111111111111", "1e400", "0x7fffffff"]
    {
        let payload = with(claims(), json!({ "exp": "EXP" })).to_string().replace("\"EXP\"", exp);
        let token = sign(Algorithm::RS256, &header(Algorithm::RS256).to_string(), &payload);
        assert!(verify(&token).is_err(), "{exp}");
    }
}

#[test]
fn a_longest_lifetime_is_kept_and_needs_to_know_the_start() {
    let settings = json!({ "max_lifetime": "10m" });
    assert_eq!(accepts(json!({ "exp": NOW + 600 }), settings.clone()), Ok(()));
    let longer = accepts(json!({ "exp": NOW + 601 }), settings.clone());
    assert!(matches!(longer, Err(TokenError::TimesImplausible(_))));
    let unknown = accepts(json!({ "iat": null }), settings);
    assert_eq!(unknown, Err(TokenError::ClaimMissing("iat".to_owned())));
}

#[test]
fn the_audience_must_hold_our_client() {
    for audience in [json!("gateway"), json!(["gateway"]), json!(["account", "gateway", "other"])] {
        assert!(verify(&token(json!({ "aud": audience }))).is_ok());
    }
    let mismatch = TokenError::AudienceMismatch { expected: "gateway".to_owned() };
    for audience in [
        json!("account"),
        json!(""),
        json!([""]),
        json!("Gateway"),
        json!("gateway "),
        json!("gateway,account"),
        json!("gateway account"),
        json!(["gate", "way"]),
        json!(["*"]),
    ] {
        assert_eq!(refusal(json!({ "aud": audience })), mismatch, "{audience}");
    }
    for audience in [json!([]), json!(null)] {
        assert_eq!(
            refusal(json!({ "aud": audience })),
            TokenError::ClaimMissing("aud".to_owned()),
            "{audience}"
        );
    }
    for audience in
        [json!({ "gateway": true }), json!(7), json!(true), json!(["gateway", 7]), json!([["gateway"]])]
    {
        assert_eq!(refusal(json!({ "aud": audience })), TokenError::ClaimInvalid("aud"), "{audience}");
    }
}

#[test]
fn other_audiences_are_accepted_where_the_configuration_says_so() {
    let others = json!({ "audience": ["api", "batch"] });
    assert_eq!(accepts(json!({ "aud": "batch" }), others.clone()), Ok(()));
    let mismatch = TokenError::AudienceMismatch { expected: "api` or `batch".to_owned() };
    assert_eq!(accepts(json!({ "aud": "gateway" }), others), Err(mismatch));
    assert_eq!(accepts(json!({ "aud": null }), json!({ "any_audience": true })), Ok(()));
}

#[test]
fn the_authorized_party_counts_where_parties_are_listed() {
    let settings = json!({ "authorized_parties": ["mobile", "web"] });
    assert_eq!(accepts(json!({}), settings.clone()), Ok(()));
    for party in [json!("other"), json!("Web"), json!(""), json!(null)] {
        assert_eq!(
            accepts(json!({ "azp": party }), settings.clone()),
            Err(TokenError::AuthorizedPartyMismatch)
        );
    }
    // `client_id` does not stand in for a missing `azp`.
    let refused = accepts(json!({ "azp": null, "client_id": "web" }), settings);
    assert_eq!(refused, Err(TokenError::AuthorizedPartyMismatch));
}

#[test]
fn only_access_tokens_are_accepted() {
    for kind in ["ID", "Refresh", "Offline", "Logout", "Registration", "Bearer2", "", "Bearer "] {
        assert!(matches!(refusal(json!({ "typ": kind })), TokenError::TypeMismatch(_)), "{kind}");
    }
    assert_eq!(refusal(json!({ "typ": "ID" })), TokenError::TypeMismatch("ID".to_owned()));
    assert!(verify(&token(json!({ "typ": "bearer" }))).is_ok());
    assert_eq!(refusal(json!({ "typ": null })), TokenError::TypeMismatch("none".to_owned()));
    assert_eq!(accepts(json!({ "typ": "DPoP" }), json!({ "types": ["Bearer", "DPoP"] })), Ok(()));
}

#[test]
fn a_header_of_type_at_jwt_stands_in_for_a_missing_claim_and_not_for_a_wrong_one() {
    let judge = |typ: &str, claim: Value| {
        let header = with(header(Algorithm::RS256), json!({ "typ": typ })).to_string();
        verify(&sign(Algorithm::RS256, &header, &with(claims(), json!({ "typ": claim })).to_string()))
            .map(|_| ())
    };
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt"] {
        assert_eq!(judge(typ, json!(null)), Ok(()), "{typ}");
        assert_eq!(judge(typ, json!("Bearer")), Ok(()), "{typ}");
        assert_eq!(judge(typ, json!("ID")), Err(TokenError::TypeMismatch("ID".to_owned())), "{typ}");
    }
    assert_eq!(judge("JWT", json!(null)), Err(TokenError::TypeMismatch("none".to_owned())));
}

#[test]
fn a_bound_token_is_refused_without_its_proof() {
    for confirmation in [json!({ "jkt": "a" }), json!({ "x5t#S256": "a" }), json!({}), json!("a"), json!([])]
    {
        assert_eq!(refusal(json!({ "cnf": confirmation })), TokenError::TokenBound, "{confirmation}");
    }
}

#[test]
fn required_claims_must_be_there() {
    let settings = json!({ "required_claims": ["sub", "department", "/realm_access/roles"] });
    let missing = TokenError::ClaimMissing("department".to_owned());
    assert_eq!(accepts(json!({}), settings.clone()), Err(missing));
    assert_eq!(accepts(json!({ "department": "sales" }), settings.clone()), Ok(()));
    let missing = TokenError::ClaimMissing("sub".to_owned());
    assert_eq!(accepts(json!({ "department": "sales", "sub": null }), settings), Err(missing));
}

#[test]
fn algorithms_that_are_not_listed_are_refused_though_the_key_has_them() {
    let settings = json!({ "algorithms": ["ES256", "PS256"] });
    assert_eq!(accepts(json!({}), settings), Err(TokenError::AlgorithmUnsupported));
}

#[test]
fn a_forged_token_is_told_of_its_signature_and_nothing_else() {
    let good = token(json!({ "exp": NOW - 1000, "aud": "other", "typ": "ID" }));
    let (signed, _) = good.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", crate::token::fixture::encode([7; 256]));
    assert_eq!(verify(&forged).unwrap_err(), TokenError::SignatureInvalid);
}

#[test]
fn without_keys_nothing_is_verified() {
    let token = token(json!({}));
    let unverified = crate::token::UnverifiedToken::parse(&token, 1 << 20).unwrap();
    let rules = Rules::new(&config(json!({})));
    let refused = rules.verify(&Arc::from("shop"), unverified.jws().unwrap(), None, NOW).unwrap_err();
    assert_eq!(refused, TokenError::KeysUnavailable);
}

#[test]
fn a_token_longer_than_the_provider_reads_is_refused() {
    let rules = Rules::new(&config(json!({ "token": { "max_bytes": 100 } })));
    assert_eq!(rules.check_size(&"a".repeat(100)), Ok(()));
    assert_eq!(rules.check_size(&"a".repeat(101)), Err(TokenError::TokenOversized(100)));
}

#[test]
fn the_clock_may_show_anything() {
    let rules = Rules::new(&config(json!({})));
    let claims = Claims::parse(claims().to_string().into_bytes()).unwrap();
    assert!(rules.judge(&claims, MediaType::Jwt, i64::MAX).is_err());
    assert!(rules.judge(&claims, MediaType::Jwt, i64::MIN).is_err());
    assert!(rules.judge(&claims, MediaType::Jwt, 0).is_err());
}

#[test]
fn an_introspection_answer_is_judged_like_a_token() {
    let rules = Rules::new(&config(json!({})));
    let judge = |changes: Value| {
        let claims = with(with(claims(), json!({ "active": true })), changes);
        let claims = Claims::parse(claims.to_string().into_bytes()).unwrap();
        rules.accept_answer(&Arc::from("shop"), claims, NOW).map(|verified| verified.source)
    };
    assert_eq!(judge(json!({})), Ok(TokenSource::Introspection));
    assert_eq!(judge(json!({ "iss": null })), Ok(TokenSource::Introspection));
    assert_eq!(judge(json!({ "iss": format!("{ISSUER}2") })), Err(TokenError::IssuerUnknown));
    assert_eq!(judge(json!({ "typ": "ID" })), Err(TokenError::TypeMismatch("ID".to_owned())));
    assert_eq!(judge(json!({ "typ": null })), Err(TokenError::TypeMismatch("none".to_owned())));
    assert_eq!(judge(json!({ "exp": null })), Err(TokenError::ClaimMissing("exp".to_owned())));
    assert_eq!(judge(json!({ "exp": NOW - 60 })), Err(TokenError::TokenExpired(60)));
    assert_eq!(judge(json!({ "cnf": {} })), Err(TokenError::TokenBound));
    assert!(matches!(judge(json!({ "aud": "other" })), Err(TokenError::AudienceMismatch { .. })));
}
