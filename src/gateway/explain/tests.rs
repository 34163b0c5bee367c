use std::path::Path;

use super::*;
use crate::authz::Basis;

/// What is said of a gateway with two realms, without settings.
fn with_gateway<T>(look: impl FnOnce(&Gateway) -> T) -> T {
    let config = r#"
        [providers.shop]
        issuer = "http://localhost:1/realms/shop"
        client_id = "gateway"
        [providers.partners]
        issuer = "http://localhost:1/realms/partners"
        client_id = "gateway"
        [upstreams.echo]
        endpoints = ["http://localhost:1"]
        [routes.orders]
        path = "/orders/{id}"
        providers = ["shop"]
        require = { realm_role = "reader" }
        [routes.new_order]
        path = "/orders/x"
        hosts = ["*.shop.example"]
        require = { not = { group = "/guests" } }
        [routes.permission]
        path = "/permission"
        require = { permission = { resource = "Orders", method_as_scope = true } }
        [routes.trial]
        path = "/trial"
        enforcement = "permissive"
        require = { realm_role = "manager" }
    "#;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let gateway =
        Gateway::compile(&toml::from_str(config).unwrap(), Path::new("."), runtime.handle(), None).unwrap();
    look(&gateway)
}

fn explain(request: &str, provider: Option<&str>, claims: &str) -> Explanation {
    let caller = ProbeCaller::Token { provider, claims: claims.as_bytes(), introspected: false };
    let probe =
        Probe { request, caller, headers: &HeaderMap::new(), client: None, now: 0, open_ended: false };
    with_gateway(|gateway| gateway.explain(&probe).unwrap())
}

#[test]
fn the_provider_is_the_one_of_the_issuer() {
    let claims = |realm: &str| {
        format!(r#"{{"iss":"http://localhost:1/realms/{realm}","realm_access":{{"roles":["reader"]}}}}"#)
    };
    let shop = explain("GET /orders/1", None, &claims("shop"));
    assert_eq!(shop.answer, ProbeAnswer::Allowed);
    for other in ["partners", "elsewhere"] {
        let refused = explain("GET /orders/1", None, &claims(other));
        assert_eq!((refused.answer, refused.code), (ProbeAnswer::Unauthenticated, "issuer_unknown"));
    }
    assert_eq!(explain("GET /orders/1", None, "{}").answer, ProbeAnswer::Unauthenticated);
    assert_eq!(explain("GET /orders/1", Some("shop"), "{}").answer, ProbeAnswer::Refused);
    assert_eq!(explain("GET /orders/1", Some("shop"), "[]").code, "token_malformed");
}

#[test]
fn a_permission_without_settings_is_keycloaks() {
    let explanation = explain("GET /permission", Some("shop"), "{}");
    assert_eq!(explanation.answer, ProbeAnswer::AsksKeycloak);
    assert_eq!(explanation.reason, "keycloak would be asked: no authorization settings are loaded");
    assert_eq!(explanation.requirement.unwrap().basis, Basis::Keycloak);
}

#[test]
fn a_permission_inside_the_token_counts_for_its_resource_server() {
    let rpt = |audience: &str| {
        format!(
            r#"{{"aud":"{audience}","authorization":{{"permissions":[{{"rsname":"Orders","scopes":["GET"]}}]}}}}"#
        )
    };
    let explanation = explain("GET /permission", Some("shop"), &rpt("gateway"));
    assert_eq!(explanation.answer, ProbeAnswer::Allowed);
    assert_eq!(explanation.requirement.unwrap().basis, Basis::Rpt);
    let other = explain("GET /permission", Some("shop"), &rpt("other"));
    assert_eq!(other.answer, ProbeAnswer::AsksKeycloak);
}

#[test]
fn a_permissive_route_lets_through_and_says_what_it_would_refuse() {
    let explanation = explain("GET /trial", Some("shop"), r#"{"realm_access":{"roles":[]}}"#);
    assert_eq!(explanation.answer, ProbeAnswer::Allowed);
    assert_eq!(explanation.reason, "the route is permissive, though realm role `manager` is missing");
}

#[test]
fn the_surface_has_a_request_for_every_route_and_method() {
    let rows = with_gateway(Gateway::surface);
    let row = |route: &str| -> Vec<String> {
        rows.iter().filter(|row| row.route == route).map(SurfaceRow::request).collect()
    };
    assert_eq!(row("orders"), ["GET /orders/x"]);
    assert_eq!(row("new_order"), ["GET http://any.shop.example/orders/x"]);
    assert_eq!(row("permission").len(), 5);
    let answers: Vec<ProbeAnswer> = with_gateway(|gateway| {
        let ask = |row: &SurfaceRow| {
            let (request, headers) = (&row.request(), &HeaderMap::new());
            let probe = Probe {
                request,
                caller: ProbeCaller::Nobody,
                headers,
                client: None,
                now: 0,
                open_ended: true,
            };
            gateway.explain(&probe).unwrap().answer
        };
        rows.iter().map(ask).collect()
    });
    assert!(answers.iter().all(|answer| *answer == ProbeAnswer::Unauthenticated), "{answers:?}");
}

#[test]
fn named_callers_are_those_of_each_realm_with_all_claims() {
    let callers = with_gateway(Gateway::named_callers);
    let names: Vec<&str> = callers.iter().map(|caller| caller.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "anonymous",
            "any token of partners",
            "realm role manager of partners",
            "group /guests of partners",
            "any token of shop",
            "realm role manager of shop",
            "realm role reader of shop",
            "group /guests of shop",
        ]
    );
    // A token that says nothing shows that it is in no group, so that `not` can be judged.
    let answer = |name: &str| {
        let caller = callers.iter().find(|caller| caller.name == name).unwrap();
        let request = "GET http://a.shop.example/orders/x";
        let (caller, headers) = (caller.as_probe_caller(), &HeaderMap::new());
        let probe = Probe { request, caller, headers, client: None, now: 0, open_ended: true };
        with_gateway(|gateway| gateway.explain(&probe).unwrap().answer)
    };
    assert_eq!(answer("any token of shop"), ProbeAnswer::Allowed);
    assert_eq!(answer("group /guests of shop"), ProbeAnswer::Refused);
}
