//! Every refusal for what the request is: status, challenge, code, and its line in the log.

use gatecloak::config::Algorithm;
use gatecloak::testing::{Mint, RawClient, SigningKey};
use serde_json::{Value, json};

use super::problem::{check, id_of, line_of};
use crate::stage::Stage;

const ROUTES: &str = r#"
[routes.any]
path = "/any/*"
methods = ["GET", "HEAD", "PUT"]
[routes.public]
path = "/public/*"
require = "public"
limits.body_bytes = "1KiB"
[routes.managers]
path = "/managers/*"
require = { realm_role = "manager" }
[routes.scoped]
path = "/scoped/*"
require = { scope = "orders:write" }
[routes.staff]
path = "/staff/*"
require = { group = "/nobody" }
[routes.claim]
path = "/claim/*"
require = { claim = { name = "tier", equals = "gold" } }
[routes.orders]
path = "/orders/*"
require.permission = { scopes = ["edit"] }
[routes.tickets]
path = "/tickets/*"
require.permission = { resource = "Orders", scopes = ["edit"] }
ticket = true
"#;

const BARE: &str = "Bearer realm=\"demo\"";

fn invalid(description: &str) -> String {
    format!("{BARE}, error=\"invalid_token\", error_description=\"{description}\"")
}

#[test]
fn no_credentials_are_401_with_a_challenge_that_blames_nobody() {
    let stage = Stage::start(ROUTES);
    for headers in [&[][..], &[("Authorization", "Basic YTpi")], &[("Cookie", "token=x")]] {
        let answer = stage.request("GET", "/any/x?access_token=x", headers, b"");
        assert_eq!(answer.status, 401);
        assert_eq!(answer.all("www-authenticate"), [BARE]);
        let code = check(&stage, &answer);
        assert!(["token_missing", "scheme_unsupported"].contains(&code.as_str()), "{code}");
    }
}

#[test]
fn a_credential_that_is_not_one_token_is_400_invalid_request() {
    let stage = Stage::start(ROUTES);
    let bearer = format!("Bearer {}", stage.token("alice"));
    let twice = format!("{bearer}, {bearer}");
    let rows: [(&[(&str, &str)], &str); 4] = [
        (&[("Authorization", &bearer), ("Authorization", &bearer)], "credential_repeated"),
        (&[("Authorization", &bearer), ("Authorization", "Basic YTpi")], "credential_repeated"),
        (&[("Authorization", &twice)], "credential_malformed"),
        (&[("Authorization", "Bearer")], "credential_malformed"),
    ];
    for (headers, code) in rows {
        let answer = stage.request("GET", "/any/x", headers, b"");
        assert_eq!(answer.status, 400, "{headers:?}");
        let challenge = answer.header("www-authenticate").expect("a challenge");
        assert!(challenge.starts_with(&format!("{BARE}, error=\"invalid_request\"")), "{challenge}");
        assert_eq!(check(&stage, &answer), code);
    }
    assert_eq!(stage.upstream.requests(), 0);
}

#[test]
fn a_bad_token_is_401_invalid_token_with_the_kind_of_its_fault() {
    let stage = Stage::start(ROUTES);
    let (issuer, key) = (stage.idp.issuer(), stage.idp.key());
    let good = || Mint::new(&issuer).audience("gateway");
    assert_eq!(stage.status("/any/x", Some(&good().sign(&key))), 200, "the minted token is good");
    let foreign = SigningKey::fresh(Algorithm::ES256).with_kid("nobody's");
    for (token, code, description) in [
        // Opaque: the realm is asked.
        ("garbage".to_owned(), "token_inactive", "the token is not active"),
        ("a.b.c".to_owned(), "token_malformed", "the token is malformed"),
        (good().expired().sign(&key), "token_expired", "the token expired"),
        (good().not_before_in(600).sign(&key), "token_not_yet_valid", "the token is not valid yet"),
        (good().audience("other").sign(&key), "audience_mismatch", "the token is for another audience"),
        (good().typ_id().sign(&key), "type_mismatch", "the token is not an access token"),
        (good().bad_signature(&key), "signature_invalid", "the token's signature is not valid"),
        (good().alg_none(), "algorithm_unsupported", "the token's algorithm is not accepted"),
        (good().sign(&foreign), "key_unknown", "the token's key is not known"),
        (good().claim("exp", "soon").sign(&key), "claim_invalid", "the token has a claim of the wrong type"),
        (
            Mint::new("https://elsewhere.example").sign(&key),
            "issuer_unknown",
            "the token's issuer is not accepted",
        ),
    ] {
        let answer = stage.get("/any/x", Some(&token));
        assert_eq!((answer.status, check(&stage, &answer).as_str()), (401, code));
        assert_eq!(answer.all("www-authenticate"), [invalid(description)], "{code}");
        assert!(!answer.text().contains(&token) && !stage.gateway.access_log().contains(&token), "{code}");
    }
    assert_eq!(stage.upstream.requests(), 1);
}

#[test]
fn what_a_good_token_lacks_is_403_and_a_challenge_only_for_a_scope() {
    let stage = Stage::start(ROUTES);
    let bob = stage.token("bob");
    let scope = format!("{BARE}, error=\"insufficient_scope\", scope=\"orders:write\"");
    for (path, code, challenge) in [
        ("/managers/x", "role_missing", None),
        ("/scoped/x", "scope_missing", Some(scope.as_str())),
        ("/staff/x", "group_missing", None),
        ("/claim/x", "claim_mismatch", None),
        ("/orders/1", "permission_denied", None),
    ] {
        let answer = stage.get(path, Some(&bob));
        assert_eq!((answer.status, answer.header("www-authenticate")), (403, challenge), "{path}");
        assert_eq!(check(&stage, &answer), code, "{path}");
        let id = answer.header("x-request-id").expect("an id");
        let line = line_of(&stage, id);
        assert_eq!(line["decision.result"], "refused", "{line}");
        assert!(!line["error.reason"].as_str().unwrap_or_default().is_empty(), "{line}");
        for told in ["manager", "nobody", "gold", "Orders", "bob"] {
            assert!(!answer.text().contains(told), "{path} tells `{told}`: {}", answer.text());
        }
    }
    assert_eq!(stage.upstream.requests(), 0);
}

#[test]
fn the_id_of_a_refusal_leads_to_the_policy_that_said_no() {
    let stage = Stage::start(ROUTES);
    let bob = stage.token("bob");
    let expected = "`Orders#edit`: refused; permission `Edit orders` says no: policy `Managers` says no, it wants role `manager`";
    for path in ["/orders/1", "/tickets/1"] {
        let answer = stage.get(path, Some(&bob));
        let line = line_of(&stage, answer.header("x-request-id").expect("an id"));
        assert_eq!(
            (&line["decision.source"], &line["error.code"]),
            (&json!("local"), &json!("permission_denied"))
        );
        assert_eq!(line["decision.explanation"], expected, "{line}");
        assert!(!answer.text().contains("Managers"), "{}", answer.text());
    }
    let signature = bob.rsplit('.').next().expect("a signature");
    assert!(!stage.gateway.access_log().contains(signature));
    // What the settings have no part in, and what is granted, is not explained.
    for (path, user) in [("/managers/x", "bob"), ("/orders/1", "alice"), ("/nowhere", "bob")] {
        let answer = stage.get(path, Some(&stage.token(user)));
        let line = line_of(&stage, &id_of(&answer));
        assert_eq!(line["decision.explanation"], Value::Null, "{path}: {line}");
    }
}

#[test]
fn users_that_a_policy_lists_are_told_only_where_subjects_are() {
    let mut settings: Value =
        serde_json::from_slice(include_bytes!("../../../config/authorization.json")).expect("JSON");
    for policy in settings["policies"].as_array_mut().expect("policies") {
        if policy["name"] == "Managers" {
            policy["type"] = json!("user");
            policy["config"] = json!({"users": r#"["dorothea"]"#});
        }
    }
    for (subject, words) in [(true, "user `dorothea`"), (false, "one of 1 users")] {
        let stage = Stage::start(&format!(
            "{ROUTES}[telemetry.access_log]\nfile = \"access.log\"\nsubject = {subject}\n"
        ));
        stage.gateway.write("authorization.json", settings.to_string()).expect("written");
        stage.gateway.reload().expect("loaded");
        let answer = stage.get("/orders/1", Some(&stage.token("bob")));
        let line = line_of(&stage, answer.header("x-request-id").expect("an id"));
        let told = line["decision.explanation"].as_str().unwrap_or_default();
        assert!(told.ends_with(&format!("policy `Managers` says no, it wants {words}")), "{line}");
        assert_eq!(stage.gateway.access_log().contains("dorothea"), subject);
    }
}

#[test]
fn a_missing_permission_is_401_with_a_ticket_where_the_route_gives_them() {
    let stage = Stage::start(ROUTES);
    let answer = stage.get("/tickets/1", Some(&stage.token("bob")));
    assert_eq!(answer.status, 401, "{}", answer.text());
    let challenge = answer.header("www-authenticate").expect("a challenge");
    let begin = format!("UMA realm=\"demo\", as_uri=\"{}\", ticket=\"", stage.idp.issuer());
    let ticket = challenge.strip_prefix(&begin).and_then(|rest| rest.strip_suffix('"'));
    assert!(ticket.is_some_and(|ticket| !ticket.is_empty() && !ticket.contains('"')), "{challenge}");
    check(&stage, &answer);
}

#[test]
fn what_no_route_takes_is_404_405_or_400() {
    let stage = Stage::start(ROUTES);
    let alice = format!("Bearer {}", stage.token("alice"));
    let headers = [("Authorization", alice.as_str())];
    for (method, target, status, code) in [
        ("GET", "/nowhere", 404, "no_route"),
        ("POST", "/any/x", 405, "method_not_allowed"),
        ("BREW", "/any/x", 405, "method_not_allowed"),
        ("TRACE", "/any/x", 405, "method_not_allowed"),
        ("GET", "/any/../public/x", 400, "path_dot_segment"),
        ("GET", "/any//x", 400, "path_empty_segment"),
        ("GET", "/any/a%2Fb", 400, "path_encoded_separator"),
        ("GET", "/any/a%zz", 400, "path_bad_encoding"),
        ("GET", "/any/a;b=c", 400, "path_semicolon"),
    ] {
        let answer = stage.request(method, target, &headers, b"");
        assert_eq!(answer.status, status, "{method} {target}");
        assert_eq!(answer.header("www-authenticate"), None, "{method} {target}");
        assert_eq!(check(&stage, &answer), code, "{method} {target}");
        let allow = answer.header("allow").map(|allow| allow.split(", ").collect::<Vec<_>>());
        match (status, method) {
            (405, "TRACE") => assert_eq!(allow, Some(vec![""]), "no method is offered in its place"),
            (405, _) => assert_eq!(allow, Some(vec!["GET", "HEAD", "PUT"])),
            _ => assert_eq!(allow, None),
        }
    }
    assert_eq!(stage.upstream.requests(), 0);
}

#[test]
fn a_request_without_one_good_host_is_400() {
    let stage = Stage::start(ROUTES);
    for hosts in ["", "Host: a\r\nHost: b\r\n", "Host: a b\r\n", "Host: a@b\r\n"] {
        let head = format!("GET /public/x HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        let answers = RawClient::raw(stage.gateway.address(), head).expect("an answer");
        assert_eq!(answers[0].status, 400, "{hosts:?}");
    }
    assert_eq!(stage.upstream.requests(), 0);
}

#[test]
fn a_body_that_is_too_long_is_413() {
    let stage = Stage::start(ROUTES);
    let answer = stage.request("POST", "/public/x", &[], &[b'x'; 2048]);
    assert_eq!(answer.status, 413);
    assert_eq!(check(&stage, &answer), "request_body_too_large");
}

#[test]
fn every_id_is_another_and_a_strangers_is_not_taken() {
    let stage = Stage::start(ROUTES);
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let answer = stage.request("GET", "/any/x", &[("X-Request-Id", "mine")], b"");
        ids.insert(answer.header("x-request-id").expect("an id").to_owned());
    }
    assert_eq!(ids.len(), 20);
    assert!(!ids.contains("mine"));
}
