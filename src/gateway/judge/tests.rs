use std::path::Path;

use super::*;

fn judge(test: &str) -> Judged {
    let config = r#"
        [providers.shop]
        issuer = "http://localhost:1/realms/shop"
        client_id = "gateway"
        [upstreams.echo]
        endpoints = ["http://localhost:1"]
        [routes.open]
        path = "/open"
        require = "public"
        [routes.orders]
        path = "/orders/*"
        methods = ["GET"]
        require = { realm_role = "reader" }
        [routes.permission]
        path = "/permission"
        require = { permission = { resource = "Orders", scopes = ["view"] } }
        [routes.trial]
        path = "/trial"
        enforcement = "permissive"
        require = { realm_role = "reader" }
        [routes.admin]
        path = "/*"
        hosts = ["admin.example"]
        require = "public"
    "#;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = toml::from_str(config).unwrap();
    let gateway = Gateway::compile(&config, Path::new("."), runtime.handle(), None).unwrap();
    gateway.judge(&toml::from_str(&format!("expect = \"allow\"\n{test}")).unwrap())
}

fn expectation(test: &str) -> Expectation {
    judge(test).expectation
}

#[test]
fn a_request_is_judged_by_its_route_and_claims() {
    let reader = "claims = { realm_access = { roles = [\"reader\"] } }";
    assert_eq!(expectation("request = \"GET /open\""), Expectation::Allow);
    assert_eq!(expectation("request = \"GET /orders/1\""), Expectation::Unauthenticated);
    assert_eq!(expectation(&format!("request = \"GET /orders/1\"\n{reader}")), Expectation::Allow);
    assert_eq!(expectation("request = \"GET /orders/1\"\nclaims = {}"), Expectation::Deny);
    assert_eq!(expectation("request = \"GET /trial\"\nclaims = {}"), Expectation::Allow);
    assert_eq!(judge("request = \"GET /orders/1\"").route.as_deref(), Some("orders"));
}

#[test]
fn what_has_no_route_is_told_apart() {
    for request in ["GET /nowhere", "PUT /orders/1", "GET /orders/../open", "GET /orders/a%2fb", "nonsense"] {
        assert_eq!(expectation(&format!("request = \"{request}\"")), Expectation::NoRoute, "{request}");
    }
}

#[test]
fn a_host_can_be_named() {
    assert_eq!(judge("request = \"GET http://admin.example/x\"").route.as_deref(), Some("admin"));
    assert_eq!(judge("request = \"GET /x\"").route, None);
}

#[test]
fn permissions_are_those_that_the_test_names() {
    let with = |permissions: &str| {
        expectation(&format!("request = \"GET /permission\"\nclaims = {{}}\npermissions = {permissions}"))
    };
    assert_eq!(with("[\"Orders#view\"]"), Expectation::Allow);
    assert_eq!(with("[\"Orders#edit, view\"]"), Expectation::Allow);
    assert_eq!(with("[\"Orders\"]"), Expectation::Allow);
    assert_eq!(with("[\"Orders#edit\"]"), Expectation::Deny);
    assert_eq!(with("[]"), Expectation::Deny);
}

#[test]
fn a_provider_that_is_not_there_authenticates_nobody() {
    assert_eq!(
        expectation("request = \"GET /orders/1\"\nclaims = {}\nprovider = \"other\""),
        Expectation::Unauthenticated
    );
}
