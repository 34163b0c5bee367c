//! Claim information points: facts of the request that policies are judged by.

use serde_json::{Value, json};

use super::scene::{self, Enforced};
use crate::keycloak::admin::{Realm, claims};
use crate::keycloak::counters::decisions;
use crate::keycloak::keycloak;

const UMA_TICKET: &str = "urn:ietf:params:oauth:grant-type:uma-ticket";

/// `Tenants` is for the tenant acme, `Guarded` for all but evil; who the tenant is says the request.
fn paths() -> Value {
    let by = |placeholder: &str| json!({ "claims": { "tenant": placeholder } });
    let path = |path: &str, name: &str, point: Value| json!({ "path": path, "name": name, "claim-information-point": point });
    json!([
        path("/tenants", "Tenants", by("{request.header['X-Tenant']}")),
        path("/guarded", "Guarded", by("{request.header['X-Tenant']}")),
        path("/by-parameter", "Tenants", by("{request.parameter['tenant']}")),
        path("/by-text", "Tenants", by("ac{request.parameter['rest']}")),
        path("/stored", "Stored", by("{request.header['X-Tenant']}")),
        { "path": "/plain/tenants", "name": "Tenants" },
        { "path": "/plain/guarded", "name": "Guarded" },
    ])
}

fn start(part: Value, name: &str) -> Option<Enforced> {
    Some(Enforced::start(Realm::create(keycloak()?, scene::representation), part, name))
}

/// A token of bob's that was issued to the confidential client `app`.
fn token_of_app(realm: &Realm) -> String {
    let form = [
        ("client_id", "app"),
        ("client_secret", "app-secret"),
        ("grant_type", "password"),
        ("username", "bob"),
        ("password", "bob"),
    ];
    realm.token_answer(&form)["access_token"].as_str().expect("a token").to_owned()
}

/// A token with a permission in it, asked for by bob with these claims.
fn requesting_party_token(realm: &Realm, resource: &str, claims: Option<Value>) -> String {
    use base64::Engine as _;
    let claims =
        claims.map(|claims| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut form = vec![("grant_type", UMA_TICKET), ("audience", "gateway"), ("permission", resource)];
    if let Some(claims) = &claims {
        form.push(("claim_token", claims));
        form.push(("claim_token_format", "urn:ietf:params:oauth:token-type:jwt"));
    }
    let (status, answer) = realm.token_endpoint(&form, Some(&token_of_app(realm)));
    assert_eq!(status, 200, "{answer}");
    answer["access_token"].as_str().expect("a token").to_owned()
}

/// Path, header and the status that the Java policy enforcer gave, with tokens of public and of confidential clients.
const REQUESTS: [(&str, Option<&str>, u16); 11] = [
    ("/tenants", Some("acme"), 200),
    ("/tenants", Some("evil"), 403),
    ("/tenants", None, 403),
    ("/guarded", Some("acme"), 200),
    ("/guarded", Some("evil"), 403),
    ("/guarded", None, 200),
    ("/by-parameter?tenant=acme", None, 200),
    ("/by-parameter?tenant=other", None, 403),
    ("/by-parameter", Some("acme"), 403),
    ("/by-text?rest=me", None, 200),
    ("/plain/tenants", Some("acme"), 403),
];

#[test]
fn claims_of_the_request_decide_for_tokens_of_every_kind_of_client() {
    let Some(scene) = start(json!({ "paths": paths() }), "pushed") else { return };
    for token in [scene.realm.access_token("bob"), token_of_app(&scene.realm)] {
        for (path, tenant, status) in REQUESTS {
            let headers: Vec<_> = tenant.iter().map(|tenant| ("X-Tenant", *tenant)).collect();
            assert_eq!(scene.status("GET", path, Some(&token), &headers), status, "{path} {tenant:?}");
        }
    }
    // All but `/stored`, which nobody asks for here.
    for route in [1, 2, 3, 4, 6] {
        let route = format!("pushed-{route}");
        assert_eq!(decisions(scene.ops(), &route, "keycloak"), 0, "{route}");
        assert!(decisions(scene.ops(), &route, "local") > 0, "{route}");
    }
}

#[test]
fn claims_of_the_request_reach_keycloak_for_tokens_of_every_kind_of_client() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, scene::representation);
    // Without settings there is nobody else to decide.
    let scene = Enforced::without_settings(realm, json!({ "paths": paths() }), "pushed-remote");
    for token in [scene.realm.access_token("bob"), token_of_app(&scene.realm)] {
        for (path, tenant, status) in REQUESTS {
            let headers: Vec<_> = tenant.iter().map(|tenant| ("X-Tenant", *tenant)).collect();
            assert_eq!(scene.status("GET", path, Some(&token), &headers), status, "{path} {tenant:?}");
        }
    }
}

#[test]
fn permission_inside_a_token_counts_only_with_the_claims_of_the_request() {
    let Some(scene) = start(json!({ "paths": paths() }), "rpt") else { return };
    let status = |path: &str, token: &str, tenant: Option<&str>| {
        let headers: Vec<_> = tenant.iter().map(|tenant| ("X-Tenant", *tenant)).collect();
        scene.status("GET", path, Some(token), &headers)
    };
    // Whoever has a confidential client pushes what he likes.
    let acme = requesting_party_token(&scene.realm, "Tenants", Some(json!({ "tenant": ["acme"] })));
    assert_eq!(status("/tenants", &acme, Some("acme")), 200);
    assert_eq!(status("/tenants", &acme, Some("evil")), 403);
    assert_eq!(status("/tenants", &acme, None), 403);
    assert_eq!(status("/plain/tenants", &acme, Some("acme")), 403);
    // Without claims the policy that refuses a tenant had nothing to refuse. The Java policy enforcer takes it.
    let guarded = requesting_party_token(&scene.realm, "Guarded", None);
    assert_eq!(status("/guarded", &guarded, Some("acme")), 200);
    assert_eq!(status("/guarded", &guarded, Some("evil")), 403);
    assert_eq!(status("/plain/guarded", &guarded, Some("evil")), 200);
}

#[test]
fn ticket_carries_the_claims_of_the_request() {
    let part = json!({ "user-managed-access": {}, "paths": paths() });
    let Some(scene) = start(part, "ticket") else { return };
    let bob = scene.realm.access_token("bob");
    // The Java policy enforcer asks nobody and gives a ticket at once; here the ticket is for those who may not.
    assert_eq!(scene.status("GET", "/tenants", Some(&bob), &[("X-Tenant", "acme")]), 200);
    let answer = scene.send("GET", "/tenants", Some(&bob), &[("X-Tenant", "evil")]);
    assert_eq!(answer.status(), 401);
    let challenge = answer.headers()["www-authenticate"].to_str().expect("text").to_owned();
    let (_, ticket) = challenge.split_once("ticket=\"").expect("a ticket");
    let ticket = ticket.split('"').next().expect("its end");
    let ticket: Value = serde_json::from_slice(&claims(ticket)).expect("JSON");
    assert_eq!(ticket["claims"], json!({ "tenant": ["evil"] }));
}

#[test]
fn what_settings_and_claims_do_not_determine_is_handed_on() {
    let Some(scene) = start(json!({ "paths": paths() }), "handed") else { return };
    let status = |user: &str, tenant: &str| {
        let token = scene.realm.access_token(user);
        scene.status("GET", "/stored", Some(&token), &[("X-Tenant", tenant)])
    };
    let decided = || ["local", "keycloak"].map(|source| decisions(scene.ops(), "handed-5", source));
    // The roles that Keycloak has stored would be needed, if the tenant did not decide alone.
    assert_eq!(status("bob", "evil"), 403);
    assert_eq!(decided(), [1, 0]);
    assert_eq!(status("bob", "acme"), 200);
    assert_eq!(status("carol", "acme"), 403);
    assert_eq!(decided(), [1, 2]);
}
