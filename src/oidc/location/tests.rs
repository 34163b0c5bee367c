use serde_json::json;

use super::*;

fn location(issuer: &str, internal: Option<&str>) -> Result<RealmLocation, Vec<Problem>> {
    let mut config: ProviderConfig =
        serde_json::from_value(json!({ "issuer": issuer, "client_id": "g" })).unwrap();
    config.internal_url = internal.map(str::to_owned);
    RealmLocation::parse("providers.shop", &config)
}

#[test]
fn document_is_beside_the_realm_with_or_without_a_slash() {
    for issuer in ["https://sso.example.com/auth/realms/shop", "https://sso.example.com/auth/realms/shop/"] {
        let url = location(issuer, None).unwrap().well_known("openid-configuration");
        assert_eq!(url.as_str(), "https://sso.example.com/auth/realms/shop/.well-known/openid-configuration");
    }
    let url = location("https://sso.example.com", Some("http://kc:8080")).unwrap().well_known("x");
    assert_eq!(url.as_str(), "http://kc:8080/.well-known/x");
}

#[test]
fn endpoints_are_moved_to_the_internal_url() {
    let location =
        location("https://sso.example.com/realms/shop", Some("http://kc:8080/auth/realms/shop/")).unwrap();
    let cases = [
        ("https://sso.example.com/realms/shop/a/token?x=1#f", "http://kc:8080/auth/realms/shop/a/token?x=1"),
        ("https://sso.example.com:443/realms/shop", "http://kc:8080/auth/realms/shop"),
        ("https://sso.example.com/realms/shopping/token", "http://kc:8080/realms/shopping/token"),
        ("http://kc:8080/auth/realms/shop/token", "http://kc:8080/auth/realms/shop/token"),
    ];
    for (named, called) in cases {
        assert_eq!(location.endpoint(named).unwrap().as_str(), called);
    }
}

#[test]
fn same_origin_with_another_path_is_moved_once() {
    let location = location("https://kc/realms/shop", Some("https://kc/auth/realms/shop")).unwrap();
    for named in ["https://kc/realms/shop/token", "https://kc/auth/realms/shop/token"] {
        assert_eq!(location.endpoint(named).unwrap().as_str(), "https://kc/auth/realms/shop/token");
    }
}

#[test]
fn endpoints_elsewhere_are_refused() {
    let elsewhere = [
        "https://evil.example.com/realms/shop/token",
        "http://sso.example.com/realms/shop/token",
        "https://sso.example.com:8443/realms/shop/token",
        "https://sso.example.com@evil.example.com/token",
        "https://user:pw@sso.example.com/token",
        "//sso.example.com/token",
        "/token",
        "file:///etc/passwd",
        "data:application/json,1",
        "",
    ];
    for internal in [None, Some("http://kc:8080/realms/shop")] {
        let location = location("https://sso.example.com/realms/shop", internal).unwrap();
        for named in elsewhere {
            assert!(location.endpoint(named).is_err(), "{named}");
        }
    }
}

#[test]
fn issuers_that_cannot_be_called_are_problems() {
    for issuer in
        ["", "shop", "ftp://sso/realms/shop", "https://u:p@sso/x", "https://sso/x?a=b", "https://sso/x#a"]
    {
        let problems = location(issuer, None).unwrap_err();
        assert_eq!(problems[0].key, "providers.shop.issuer", "{issuer}");
        assert!(!problems[0].message.contains("u:p"), "{problems:?}");
    }
}

#[test]
fn a_realms_url_ends_with_its_name() {
    let cases = [
        ("https://sso.example.com/realms/shop", Some(("https://sso.example.com", "shop"))),
        ("https://sso.example.com/realms/shop/", Some(("https://sso.example.com", "shop"))),
        ("https://sso.example.com/auth/realms/a%20b", Some(("https://sso.example.com/auth", "a%20b"))),
        ("http://kc/realms/x/realms/y", Some(("http://kc/realms/x", "y"))),
        ("https://sso.example.com/realms/shop/account", None),
        ("https://sso.example.com/realms/", None),
        ("https://sso.example.com", None),
    ];
    for (url, expected) in cases {
        assert_eq!(split_realm(url), expected, "{url}");
    }
    assert_eq!(realm_name("https://sso.example.com/realms/a%20b/").as_deref(), Some("a b"));
}
