//! The issuer over its sockets: token shape, introspection, permissions, faults.

use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;
use crate::config::Algorithm;
use crate::testing::{Mint, RawClient, RawResponse, SigningKey};

const REALM: &str = include_str!("../../../config/demo-realm.json");
const CONNECT: &str = "/realms/demo/protocol/openid-connect";
const SECRET: &str = "demo-gateway-secret";

fn idp() -> DevIdp {
    DevIdp::new(Realm::demo().unwrap()).start().unwrap()
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn post(idp: &DevIdp, path: &str, bearer: Option<&str>, parameters: &[(&str, &str)]) -> RawResponse {
    let bearer = bearer.map(|token| format!("Bearer {token}"));
    let headers: Vec<_> = bearer.iter().map(|value| ("Authorization", value.as_str())).collect();
    RawClient::post_form(idp.address(), &format!("{CONNECT}/{path}"), &headers, parameters).unwrap()
}

fn introspect(idp: &DevIdp, token: &str) -> Value {
    let client = [("client_id", "gateway"), ("client_secret", SECRET), ("token", token)];
    post(idp, "token/introspect", None, &client).json().unwrap()
}

fn ask(idp: &DevIdp, token: &str, more: &[(&str, &str)]) -> (u16, Value) {
    let mut parameters = vec![("grant_type", grant::UMA_TICKET)];
    parameters.extend(more);
    let answer = post(idp, "token", Some(token), &parameters);
    (answer.status, answer.json().unwrap())
}

fn ask_permission(idp: &DevIdp, user: &str, permissions: &[&str]) -> (u16, Value) {
    let token = idp.token("web", user).unwrap();
    let mut more = vec![("audience", "gateway"), ("response_mode", "permissions")];
    more.extend(permissions.iter().map(|permission| ("permission", *permission)));
    ask(idp, &token, &more)
}

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn access_token_has_the_claims_of_keycloak_26() {
    let idp = idp();
    let token = idp.token("web", "alice").unwrap();
    let header = part(&token, 0);
    assert_eq!(header, json!({ "alg": "RS256", "typ": "JWT", "kid": idp.key().kid() }));
    let claims = part(&token, 1);
    // Recorded from Keycloak 26.7.3 with the same realm, but for `allowed-origins`.
    let recorded = [
        "acr",
        "aud",
        "azp",
        "email",
        "email_verified",
        "exp",
        "family_name",
        "given_name",
        "groups",
        "iat",
        "iss",
        "jti",
        "name",
        "preferred_username",
        "realm_access",
        "resource_access",
        "scope",
        "sid",
        "sub",
        "typ",
    ];
    assert_eq!(names(&claims), recorded);
    assert_eq!(claims["aud"], json!(["account", "gateway"]));
    assert_eq!(claims["iss"], idp.issuer());
    assert_eq!(claims["typ"], "Bearer");
    assert_eq!(claims["azp"], "web");
    assert_eq!(claims["groups"], json!(["/staff"]));
    assert_eq!(claims["scope"], "email profile");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
    let roles = ["default-roles-demo", "manager", "offline_access", "reader", "uma_authorization"];
    assert_eq!(claims["realm_access"]["roles"], json!(roles));
}

#[test]
fn a_client_without_audience_mapper_has_tokens_for_somebody_else() {
    let idp = idp();
    let claims = part(&idp.token("other", "alice").unwrap(), 1);
    assert_eq!(claims["aud"], "account");
}

#[test]
fn openid_scope_adds_an_id_token_that_says_so() {
    let idp = idp();
    let parameters = [
        ("grant_type", "password"),
        ("client_id", "web"),
        ("username", "bob"),
        ("password", "bob"),
        ("scope", "openid phone"),
    ];
    let answer = post(&idp, "token", None, &parameters).json().unwrap();
    assert_eq!(answer["scope"], "openid phone email profile");
    assert_eq!(part(answer["id_token"].as_str().unwrap(), 1)["typ"], "ID");
    let refresh = answer["refresh_token"].as_str().unwrap();
    assert_eq!(part(refresh, 0)["alg"], "HS512");
    assert_eq!(part(refresh, 1)["typ"], "Refresh");
}

#[test]
fn refresh_token_gives_a_token_of_the_same_session_until_logout() {
    let idp = idp();
    let login = [("grant_type", "password"), ("client_id", "web"), ("username", "bob"), ("password", "bob")];
    let answer = post(&idp, "token", None, &login).json().unwrap();
    let refresh = answer["refresh_token"].as_str().unwrap();
    let parameters = [("grant_type", "refresh_token"), ("client_id", "web"), ("refresh_token", refresh)];
    let again = post(&idp, "token", None, &parameters).json().unwrap();
    let sid = |answer: &Value| part(answer["access_token"].as_str().unwrap(), 1)["sid"].clone();
    assert_eq!(sid(&again), sid(&answer));
    let out = post(&idp, "logout", None, &[("client_id", "web"), ("refresh_token", refresh)]);
    assert_eq!(out.status, 204);
    assert_eq!(post(&idp, "token", None, &parameters).json().unwrap()["error"], "invalid_grant");
}

#[test]
fn wrong_credentials_are_refused_in_keycloaks_words() {
    let idp = idp();
    let login = |client, password, scope| {
        let parameters = [
            ("grant_type", "password"),
            ("client_id", client),
            ("username", "alice"),
            ("password", password),
            ("scope", scope),
        ];
        let answer = post(&idp, "token", None, &parameters);
        (answer.status, answer.json().unwrap()["error"].as_str().unwrap().to_owned())
    };
    assert_eq!(login("web", "wrong", ""), (400, "invalid_grant".to_owned()));
    assert_eq!(login("nobody", "alice", ""), (401, "invalid_client".to_owned()));
    assert_eq!(login("batch", "alice", ""), (401, "unauthorized_client".to_owned()));
    assert_eq!(login("web", "alice", "nonsense"), (400, "invalid_scope".to_owned()));
}

#[test]
fn service_account_token_has_no_session_and_the_role_to_protect() {
    let idp = idp();
    let parameters =
        [("grant_type", "client_credentials"), ("client_id", "gateway"), ("client_secret", SECRET)];
    let claims = part(&idp.grant(&parameters).unwrap(), 1);
    assert_eq!(claims["preferred_username"], "service-account-gateway");
    assert_eq!(claims["client_id"], "gateway");
    assert!(claims.get("sid").is_none());
    assert_eq!(claims["resource_access"]["gateway"]["roles"], json!(["uma_protection"]));
}

#[test]
fn introspection_is_active_for_the_audience_and_for_nobody_else() {
    let idp = idp();
    let answer = introspect(&idp, &idp.token("web", "alice").unwrap());
    assert_eq!(answer["active"], true);
    assert_eq!(answer["username"], "alice");
    assert_eq!(answer["client_id"], "web");
    assert_eq!(introspect(&idp, &idp.token("other", "alice").unwrap()), json!({ "active": false }));
    assert_eq!(introspect(&idp, "opaque"), json!({ "active": false }));
    let forged = Mint::new(&idp.issuer()).audience("gateway").bad_signature(&idp.key());
    assert_eq!(introspect(&idp, &forged), json!({ "active": false }));
    let unnamed = post(&idp, "token/introspect", None, &[("token", "x")]);
    assert_eq!(unnamed.status, 401);
}

#[test]
fn introspection_tells_what_a_lightweight_token_lacks() {
    let idp = idp();
    let token = idp.token("light", "alice").unwrap();
    let claims = part(&token, 1);
    assert_eq!(names(&claims), ["azp", "exp", "iat", "iss", "jti", "scope", "sid", "typ"]);
    let answer = introspect(&idp, &token);
    assert_eq!(answer["active"], true);
    assert_eq!(answer["preferred_username"], "alice");
    assert!(answer["realm_access"]["roles"].as_array().unwrap().contains(&json!("manager")));
}

#[test]
fn a_lightweight_token_has_what_its_mappers_are_marked_for() {
    let marked = REALM.replace(
        "\"claim.name\": \"groups\",",
        "\"claim.name\": \"groups\", \"lightweight.claim\": \"true\",",
    );
    let idp = DevIdp::new(Realm::from_json(&marked).unwrap()).start().unwrap();
    let claims = part(&idp.token("light", "alice").unwrap(), 1);
    assert_eq!(claims["groups"], json!(["/staff"]));
    assert!(claims.get("aud").is_none());
}

#[test]
fn revoked_session_is_inactive_and_the_next_login_is_not() {
    let idp = idp();
    let token = idp.token("web", "alice").unwrap();
    assert_eq!(idp.revoke_sessions("alice"), 1);
    assert_eq!(introspect(&idp, &token), json!({ "active": false }));
    assert_eq!(introspect(&idp, &idp.token("web", "alice").unwrap())["active"], true);
}

#[test]
fn permissions_are_those_of_the_real_server() {
    // Recorded from Keycloak 26.7.3 with the same realm.
    let idp = idp();
    let cases = [
        ("alice", "Orders#view", true),
        ("alice", "Orders#edit", true),
        ("alice", "Prices#view", true),
        ("bob", "Orders#view", true),
        ("bob", "Orders#edit", false),
        ("bob", "Prices#view", false),
        ("carol", "Orders#view", false),
        ("carol", "Orders#edit", false),
        ("carol", "Prices#view", false),
    ];
    for (user, permission, granted) in cases {
        let (status, answer) = ask_permission(&idp, user, &[permission]);
        assert_eq!(status == 200, granted, "{user} {permission} {answer}");
        if granted {
            let (resource, scope) = permission.split_once('#').unwrap();
            assert_eq!(
                answer,
                json!([{ "scopes": [scope], "rsid": stable_id(resource), "rsname": resource }])
            );
        } else {
            assert_eq!(answer, json!({ "error": "access_denied", "error_description": "not_authorized" }));
        }
    }
}

#[test]
fn several_permissions_are_granted_in_part() {
    let idp = idp();
    let (status, answer) = ask_permission(&idp, "bob", &["Orders#view,edit", "Prices#view"]);
    assert_eq!(status, 200);
    assert_eq!(answer, json!([{ "scopes": ["view"], "rsid": stable_id("Orders"), "rsname": "Orders" }]));
    let token = idp.token("web", "bob").unwrap();
    let decision =
        [("audience", "gateway"), ("response_mode", "decision"), ("permission", "Orders#view,edit")];
    assert_eq!(ask(&idp, &token, &decision), (200, json!({ "result": true })));
}

#[test]
fn unknown_names_are_errors_and_not_refusals() {
    let idp = idp();
    let (status, answer) = ask_permission(&idp, "alice", &["Nothing#view"]);
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_resource")));
    let (status, answer) = ask_permission(&idp, "alice", &["Orders#fly"]);
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_scope")));
    let token = idp.token("web", "alice").unwrap();
    let (status, answer) = ask(&idp, &token, &[("permission", "Orders#view")]);
    assert_eq!((status, &answer["error_description"]), (400, &json!("You must provide the issuedFor")));
    let (status, answer) = ask(&idp, &token, &[("audience", "web"), ("permission", "Orders#view")]);
    assert_eq!((status, &answer["error_description"]), (400, &json!("Client does not support permissions")));
    let (status, answer) = ask(&idp, "forged", &[("audience", "gateway")]);
    assert_eq!((status, &answer["error_description"]), (400, &json!("Invalid bearer token")));
}

#[test]
fn an_over_long_question_becomes_another_question() {
    let idp = idp();
    let long = format!("Orders#edit,{}", "x".repeat(4000));
    let (status, answer) = ask_permission(&idp, "bob", &[&long]);
    assert_eq!(status, 200, "the parameter is dropped, and without one everything is asked");
    assert_eq!(answer[0]["scopes"], json!(["view"]));
}

#[test]
fn resources_are_found_by_uri() {
    let idp = idp();
    let token = idp.token("web", "bob").unwrap();
    let ask_uri = |uri: &str, matching: &str| {
        let more = [
            ("audience", "gateway"),
            ("response_mode", "decision"),
            ("permission_resource_format", "uri"),
            ("permission_resource_matching_uri", matching),
            ("permission", uri),
        ];
        ask(&idp, &token, &more).0
    };
    assert_eq!(ask_uri("/orders/1#view", "true"), 200);
    assert_eq!(ask_uri("/orders/1#view", "false"), 400);
    assert_eq!(ask_uri("/orders/*#view", "false"), 200);
    assert_eq!(ask_uri("/ordersX#view", "true"), 400);
}

#[test]
fn a_ticket_leads_to_a_token_with_the_permission_inside() {
    let idp = idp();
    let own = [("grant_type", "client_credentials"), ("client_id", "gateway"), ("client_secret", SECRET)];
    let own = format!("Bearer {}", idp.grant(&own).unwrap());
    let ticket = |authorization: &str, body: &str| {
        let headers = [("Authorization", authorization), ("Content-Type", "application/json")];
        let path = "/realms/demo/authz/protection/permission";
        RawClient::request(idp.address(), "POST", path, &headers, body.as_bytes()).unwrap()
    };
    let answer = ticket(&own, r#"[{"resource_id":"Orders","resource_scopes":["edit"]}]"#);
    assert_eq!(answer.status, 201);
    let ticket_text = answer.json().unwrap()["ticket"].as_str().unwrap().to_owned();
    let (status, answer) = ask(&idp, &idp.token("web", "alice").unwrap(), &[("ticket", &ticket_text)]);
    assert_eq!(status, 200, "{answer}");
    let claims = part(answer["access_token"].as_str().unwrap(), 1);
    let granted = json!([{ "scopes": ["edit"], "rsid": stable_id("Orders"), "rsname": "Orders" }]);
    assert_eq!(claims["authorization"]["permissions"], granted);
    assert_eq!(ask(&idp, &idp.token("web", "bob").unwrap(), &[("ticket", &ticket_text)]).0, 403);
    assert_eq!(ask(&idp, &idp.token("web", "bob").unwrap(), &[("ticket", "x.y.z")]).0, 403);
    assert_eq!(ticket("Bearer x", "[]").status, 403);
    assert_eq!(ticket(&own, r#"{"resource_id":"Nothing"}"#).json().unwrap()["error"], "invalid_resource_id");
    let wrong = ticket(&own, r#"{"resource_id":"Orders","resource_scopes":["fly"]}"#);
    assert_eq!(wrong.json().unwrap()["error"], "invalid_scope");
}

#[test]
fn rotated_keys_sign_and_old_ones_stay_until_they_are_withdrawn() {
    let idp = idp();
    let old = idp.token("web", "alice").unwrap();
    let key = idp.rotate_keys(OldKeys::Keep);
    let new = idp.token("web", "alice").unwrap();
    assert_eq!(part(&new, 0)["kid"], key.kid());
    assert_eq!(introspect(&idp, &old)["active"], true);
    idp.withdraw_old_keys();
    assert_eq!(introspect(&idp, &old)["active"], false);
    assert_eq!(introspect(&idp, &new)["active"], true);
    let kids: Vec<_> = idp.jwks()["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect();
    assert_eq!(kids, [json!("for-encryption"), json!(key.kid())]);
}

#[test]
fn a_key_set_of_ones_own_is_published() {
    let idp = idp();
    let jwks = json!({ "keys": [SigningKey::shared(Algorithm::EdDSA).jwk(), { "kty": "new" }] });
    idp.set_jwks(Some(jwks.clone()));
    let answer = RawClient::get(idp.address(), &format!("{CONNECT}/certs"), &[]).unwrap();
    assert_eq!(answer.json().unwrap(), jwks);
}

#[test]
fn faults_are_answered_counted_and_healed() {
    let idp = idp();
    let certs = || RawClient::get(idp.address(), &format!("{CONNECT}/certs"), &[]);
    let answer_with = |fault| {
        idp.answer_with(Endpoint::Certs, fault);
        certs()
    };
    assert!(answer_with(Fault::Html).unwrap().text().starts_with("<!doctype html>"));
    assert!(answer_with(Fault::Garbage).unwrap().json().is_err());
    assert_eq!(answer_with(Fault::Status(503)).unwrap().status, 503);
    assert_eq!(answer_with(Fault::EmptyKeySet).unwrap().json().unwrap(), json!({ "keys": [] }));
    assert_eq!(answer_with(Fault::Null).unwrap().json().unwrap(), Value::Null);
    assert_eq!(answer_with(Fault::Huge(1 << 20)).unwrap().body.len(), (1 << 20) + "{\"keys\":[".len());
    let redirect = answer_with(Fault::Redirect("http://canary/".to_owned())).unwrap();
    assert_eq!((redirect.status, redirect.header("location")), (302, Some("http://canary/")));
    assert_eq!(answer_with(Fault::Drop).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    assert_eq!(answer_with(Fault::Delay(Duration::from_millis(1))).unwrap().json().unwrap(), idp.jwks());
    idp.answer_rightly(Endpoint::Certs);
    assert_eq!(certs().unwrap().json().unwrap(), idp.jwks());
    assert_eq!(idp.calls(Endpoint::Certs), 10);
    assert_eq!(idp.calls(Endpoint::Token), 0);
}

#[test]
fn a_drip_goes_on() {
    let idp = idp();
    idp.answer_with(Endpoint::Certs, Fault::Drip);
    let mut client = RawClient::connect(idp.address()).unwrap();
    client.send(format!("GET {CONNECT}/certs HTTP/1.1\r\nHost: x\r\n\r\n")).unwrap();
    let begin = client.bytes(400).unwrap();
    assert!(String::from_utf8_lossy(&begin).starts_with("HTTP/1.1 200"));
}

#[test]
fn permission_requests_are_counted_apart_from_other_grants() {
    let idp = idp();
    ask_permission(&idp, "alice", &["Orders#view"]);
    assert_eq!((idp.calls(Endpoint::Token), idp.calls(Endpoint::Uma)), (1, 1));
}

#[test]
fn a_stopped_issuer_refuses_connections_and_comes_back_with_its_keys_and_sessions() {
    let idp = idp();
    let token = idp.token("web", "alice").unwrap();
    idp.stop();
    assert!(RawClient::connect(idp.address()).is_err());
    idp.restart().unwrap();
    assert_eq!(introspect(&idp, &token)["active"], true);
}

#[test]
fn a_public_issuer_name_is_in_tokens_and_discovery() {
    let realm = Realm::demo().unwrap();
    let idp = DevIdp::new(realm).issuer("https://sso.example.com/realms/demo").start().unwrap();
    let path = "/realms/demo/.well-known/openid-configuration";
    let discovery = RawClient::get(idp.address(), path, &[]).unwrap().json().unwrap();
    assert_eq!(discovery["issuer"], "https://sso.example.com/realms/demo");
    let certs = "https://sso.example.com/realms/demo/protocol/openid-connect/certs";
    assert_eq!(discovery["jwks_uri"], certs);
    assert_eq!(part(&idp.token("web", "bob").unwrap(), 1)["iss"], "https://sso.example.com/realms/demo");
}

#[test]
fn a_taken_address_is_an_error() {
    let idp = idp();
    let error = DevIdp::new(Realm::demo().unwrap()).at(idp.address()).start().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
}

#[test]
fn what_is_no_realm_export_is_an_error() {
    assert_eq!(Realm::from_json("[]").unwrap_err().kind(), io::ErrorKind::InvalidData);
}

#[test]
fn exported_settings_are_those_of_the_realms_client() {
    let settings: Value = serde_json::from_str(include_str!("../../../config/authorization.json")).unwrap();
    let realm: Value = serde_json::from_str(REALM).unwrap();
    let gateway =
        realm["clients"].as_array().unwrap().iter().find(|client| client["clientId"] == "gateway").unwrap();
    assert_eq!(gateway["authorizationSettings"], settings);
    assert_eq!(gateway["secret"], include_str!("../../../config/demo-client-secret").trim());
}

#[test]
fn userinfo_needs_the_openid_scope() {
    let idp = idp();
    let userinfo = |token: &str| {
        let value = format!("Bearer {token}");
        RawClient::get(idp.address(), &format!("{CONNECT}/userinfo"), &[("Authorization", &value)]).unwrap()
    };
    assert_eq!(userinfo("x").status, 401);
    assert_eq!(userinfo(&idp.token("web", "alice").unwrap()).status, 403);
    let login = [
        ("grant_type", "password"),
        ("client_id", "web"),
        ("username", "alice"),
        ("password", "alice"),
        ("scope", "openid"),
    ];
    let answer = userinfo(&idp.grant(&login).unwrap());
    assert_eq!(answer.json().unwrap()["preferred_username"], "alice");
}
