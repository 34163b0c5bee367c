use serde_json::json;

use super::*;
use crate::token::fixture;

fn parse(json: &str) -> Result<Claims, TokenError> {
    Claims::parse(json.as_bytes().to_vec())
}

fn refusal(json: &str) -> TokenError {
    parse(json).err().unwrap_or_else(|| panic!("accepted: {}", json.get(..200).unwrap_or(json)))
}

#[test]
fn keycloaks_claims_are_read() {
    let claims = parse(&fixture::claims().to_string()).unwrap();
    assert_eq!(claims.issuer(), Some(fixture::ISSUER));
    assert_eq!(claims.subject(), Some("6d1f9b2e-4d53-4f7a-9c55-0a0b0c0d0e0f"));
    assert_eq!(claims.username(), Some("alice"));
    assert_eq!(claims.client(), Some("web"));
    assert_eq!(claims.kind(), Some("Bearer"));
    assert_eq!(claims.expires_at(), Some(fixture::NOW + 300));
    assert_eq!(claims.issued_at(), Some(fixture::NOW));
    assert_eq!(claims.not_before(), None);
    assert!(claims.audience().eq(["gateway", "account"]));
    assert!(claims.realm_roles().eq(["manager", "offline_access"]));
    let mut client_roles: Vec<_> = claims.client_roles().collect();
    client_roles.sort_unstable();
    assert_eq!(client_roles, [("account", "view-profile"), ("gateway", "orders-read")]);
    assert!(claims.scopes().eq(["openid", "email", "profile"]));
    assert!(claims.groups().eq(["/staff", "/staff/night"]));
    assert!(!claims.is_bound());
}

#[test]
fn nothing_is_mandatory() {
    let claims = parse("{}").unwrap();
    assert_eq!(claims.issuer(), None);
    assert_eq!(claims.client(), None);
    assert_eq!(claims.realm_roles().count(), 0);
    assert!(claims.permissions().is_empty());
    assert!(!claims.has("realm_access") && !claims.has("scope") && !claims.has("name"));
}

#[test]
fn any_claim_can_be_asked_for_by_name_or_pointer() {
    let claims = parse(&fixture::claims().to_string()).unwrap();
    assert_eq!(claims.get("azp"), Some(&json!("web")));
    assert_eq!(claims.get("exp"), Some(&json!(fixture::NOW + 300)));
    assert_eq!(claims.get("email_verified"), Some(&json!(true)));
    assert_eq!(claims.get("/resource_access/gateway/roles/0"), Some(&json!("orders-read")));
    assert_eq!(claims.get("/allowed-origins/0"), Some(&json!("https://shop.example.com")));
    assert_eq!(claims.get("nothing"), None);
    assert_eq!(claims.get("/realm_access/nothing"), None);
    assert!(
        claims.has("realm_access") && claims.has("groups") && claims.has("name") && claims.has("/groups/1")
    );
    assert!(!claims.has("/groups/2"));
}

#[test]
fn a_glance_agrees_with_the_tree() {
    let claims = parse(
        r#"{"sub": "a1", "email": "a@b.c", "name": "Zo\u00eb", "nick": "Zoë", "level": 3, "tags": ["x"], "none": null,
            "preferred_username": null, "": "empty", "typ": "Bearer"}"#,
    )
    .unwrap();
    for (name, seen) in [
        ("sub", Glance::Text("a1")),
        ("email", Glance::Text("a@b.c")),
        ("nick", Glance::Text("Zoë")),
        ("", Glance::Text("empty")),
        ("typ", Glance::Text("Bearer")),
        ("azp", Glance::Absent),
        ("nothing", Glance::Absent),
        // Not as it stands in the text, no text, or a pointer.
        ("name", Glance::Unclear),
        ("level", Glance::Unclear),
        ("tags", Glance::Unclear),
        ("none", Glance::Unclear),
        ("preferred_username", Glance::Unclear),
        ("/sub", Glance::Unclear),
    ] {
        assert_eq!(claims.glance(name), seen, "{name}");
        match (seen, claims.get(name)) {
            (Glance::Text(text), value) => assert_eq!(value, Some(&json!(text)), "{name}"),
            (Glance::Absent, value) => assert_eq!(value, None, "{name}"),
            (Glance::Unclear, value) => assert!(value.is_some(), "{name}"),
        }
    }
}

#[test]
fn a_name_with_escapes_is_not_overlooked() {
    let claims = parse(r#"{"\u0065mail": "a@b.c", "name": "Alice"}"#).unwrap();
    assert_eq!(claims.glance("email"), Glance::Unclear);
    assert_eq!(claims.get("email"), Some(&json!("a@b.c")));
    assert_eq!(claims.glance("name"), Glance::Text("Alice"));
    assert!(claims.has("email") && !claims.has("mail"));
}

#[test]
fn the_permissions_of_an_rpt_are_read() {
    let claims = parse(
        r#"{"authorization": {"permissions": [
            {"rsid": "1", "rsname": "Order", "scopes": ["view", "edit"], "claims": {"a": ["b"]}}, {"rsid": "2"}]}}"#,
    )
    .unwrap();
    let names: Vec<_> = claims.permissions().iter().map(|permission| permission.rsname.as_deref()).collect();
    assert_eq!(names, [Some("Order"), None]);
    assert_eq!(claims.permissions()[0].scopes, ["view", "edit"]);
}

#[test]
fn a_member_that_stands_twice_is_refused_wherever_it_stands() {
    for json in [
        r#"{"exp": 1, "exp": 2}"#,
        r#"{"exp": 1, "\u0065xp": 2}"#,
        r#"{"aud": "a", "aud": "b"}"#,
        r#"{"cnf": {}, "cnf": {}}"#,
        r#"{"jti": "a", "jti": "a"}"#,
        r#"{"authorization": {}, "authorization": {}}"#,
        r#"{"name": "a", "name": "b"}"#,
        r#"{"address": {"a": 1, "a": 2}}"#,
        r#"{"list": [{"a": [{"b": 1, "b": 1}]}]}"#,
        r#"{"realm_access": {"roles": [], "roles": ["admin"]}}"#,
        r#"{"realm_access": {"x": 1, "x": 1}}"#,
        r#"{"resource_access": {"a": {"roles": []}, "a": {"roles": []}}}"#,
        r#"{"resource_access": {"a": {"roles": [], "roles": []}}}"#,
        r#"{"authorization": {"permissions": [], "permissions": []}}"#,
        r#"{"authorization": {"permissions": [{"rsid": "a", "rsid": "b"}]}}"#,
        r#"{"authorization": {"permissions": [{"claims": {"a": 1, "a": 2}}]}}"#,
    ] {
        let refused = refusal(json);
        assert!(matches!(refused, TokenError::TokenMalformed(_) | TokenError::ClaimInvalid(_)), "{json}");
    }
    assert_eq!(refusal(r#"{"exp": 1, "exp": 2}"#), NOT_UNIQUE);
}

#[test]
fn many_members_are_still_told_apart() {
    let names: Vec<_> = (0..2000).map(|index| format!("\"c{index}\": {index}")).collect();
    assert!(parse(&format!("{{{}}}", names.join(","))).is_ok());
    for repeated in [3, 15, 16, 1999] {
        let json = format!("{{{}, \"c{repeated}\": 0}}", names.join(","));
        assert_eq!(refusal(&json), NOT_UNIQUE);
    }
}

#[test]
fn standard_claims_of_the_wrong_type_are_refused_by_name() {
    for name in ["exp", "nbf", "iat"] {
        for value in [
            "\"1800000300\"",
            "true",
            "null",
            "[1]",
            "{}",
            "\"\"",
            "18446744073709551615",
            "9223372036854775807",
            "-9223372036854775808",
            "1e300",
            "-1e300",
            "1e19",
            "111111111111111111111111111111111111111111111111111111111111",
        ] {
            let refused = refusal(&format!("{{\"{name}\": {value}}}"));
            assert!(
                matches!(refused, TokenError::ClaimInvalid(claim) if claim == name),
                "{name} {value}: {refused}"
            );
        }
    }
    for (json, name) in [
        (r#"{"iss": ["a"]}"#, "iss"),
        (r#"{"iss": null}"#, "iss"),
        (r#"{"iss": {"a": 1}}"#, "iss"),
        (r#"{"sub": 7}"#, "sub"),
        (r#"{"aud": 7}"#, "aud"),
        (r#"{"aud": null}"#, "aud"),
        (r#"{"aud": {"gateway": true}}"#, "aud"),
        (r#"{"aud": ["gateway", 7]}"#, "aud"),
        (r#"{"aud": [["gateway"]]}"#, "aud"),
        (r#"{"azp": ["web"]}"#, "azp"),
        (r#"{"typ": ["Bearer"]}"#, "typ"),
        (r#"{"typ": null}"#, "typ"),
        (r#"{"scope": ["a"]}"#, "scope"),
        (r#"{"jti": 7}"#, "jti"),
        (r#"{"sid": {}}"#, "sid"),
        (r#"{"client_id": 7}"#, "client_id"),
        (r#"{"preferred_username": ["a"]}"#, "preferred_username"),
        (r#"{"realm_access": ["admin"]}"#, "realm_access"),
        (r#"{"realm_access": {"roles": "admin"}}"#, "realm_access"),
        (r#"{"realm_access": {"roles": [7]}}"#, "realm_access"),
        (r#"{"resource_access": {"gateway": ["admin"]}}"#, "resource_access"),
        (r#"{"resource_access": []}"#, "resource_access"),
        (r#"{"groups": {}}"#, "groups"),
        (r#"{"authorization": []}"#, "authorization"),
        (r#"{"authorization": {"permissions": {}}}"#, "authorization"),
        (r#"{"authorization": {"permissions": [{"rsid": 7}]}}"#, "authorization"),
    ] {
        let refused = refusal(json);
        assert!(matches!(refused, TokenError::ClaimInvalid(claim) if claim == name), "{json}: {refused}");
    }
}

#[test]
fn a_number_beyond_every_float_is_refused() {
    assert_eq!(refusal(r#"{"exp": 1e400}"#), NOT_JSON);
}

#[test]
fn fractions_of_a_second_never_lengthen_a_life() {
    let claims = parse(r#"{"exp": 10.9, "nbf": 10.1, "iat": 10.5}"#).unwrap();
    assert_eq!((claims.expires_at(), claims.not_before()), (Some(10), Some(11)));
    let claims = parse(r#"{"exp": -0.5, "nbf": -0.5}"#).unwrap();
    assert_eq!((claims.expires_at(), claims.not_before()), (Some(-1), Some(0)));
    assert_eq!(parse(r#"{"exp": 1.8e9}"#).unwrap().expires_at(), Some(1_800_000_000));
}

#[test]
fn null_is_nothing_where_keycloaks_introspection_writes_it() {
    let claims = parse(r#"{"client_id": null, "preferred_username": null, "azp": "web"}"#).unwrap();
    assert_eq!((claims.client(), claims.username()), (Some("web"), None));
}

#[test]
fn a_confirmation_counts_whatever_it_holds() {
    for value in ["{}", "null", "{\"jkt\": \"a\"}", "7"] {
        assert!(parse(&format!("{{\"cnf\": {value}}}")).unwrap().is_bound(), "{value}");
    }
}

#[test]
fn what_is_not_one_json_object_is_refused() {
    for json in [
        "",
        "[]",
        "7",
        "\"a\"",
        "null",
        "{",
        "{\"a\"}",
        "{}x",
        "{} {}",
        "{\"a\": 1,}",
        "{'a': 1}",
        "{\"a\": NaN}",
    ] {
        assert!(matches!(refusal(json), TokenError::TokenMalformed(_)), "{json}");
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_exhaust_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}0{}", open.repeat(100_000), close.repeat(100_000));
        for name in ["x", "aud", "exp", "authorization", "realm_access", "cnf"] {
            let refused = refusal(&format!("{{\"{name}\": {deep}}}"));
            assert!(matches!(refused, TokenError::TokenMalformed(_) | TokenError::ClaimInvalid(_)), "{name}");
        }
    }
}

#[test]
fn the_tree_is_there_for_everything_that_was_accepted() {
    let nested = format!("{}0{}", "[".repeat(120), "]".repeat(120));
    for json in [format!("{{\"cnf\": {nested}}}"), format!("{{\"x\": {nested}}}")] {
        let claims = parse(&json).unwrap();
        assert!(claims.get("cnf").or(claims.get("x")).is_some());
    }
}
