//! Exactly one credential, in one place, of the right kind: section R5 and R6 of the field's history, end to end.

use gatecloak::testing::Mint;

use crate::stage::{Stage, echoed};

const ROUTES: &str = "[routes.me]\npath = \"/me\"\n";

#[test]
fn a_token_anywhere_but_in_one_authorization_field_is_not_seen() {
    let stage = Stage::start(ROUTES);
    let token = stage.token("bob");
    assert_eq!(stage.status(&format!("/me?access_token={token}"), None), 401);
    let cookie = format!("access_token={token}; Authorization=Bearer {token}");
    for header in [
        ("Cookie", cookie.as_str()),
        ("X-Authorization", &format!("Bearer {token}")),
        ("Authorization_", &format!("Bearer {token}")),
        ("X-Forwarded-Access-Token", &token),
        ("Proxy-Authorization", &format!("Bearer {token}")),
    ] {
        assert_eq!(stage.request("GET", "/me", &[header], b"").status, 401, "{}", header.0);
    }
    let form = format!("access_token={token}");
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    assert_eq!(stage.request("POST", "/me", &[kind], form.as_bytes()).status, 401);
}

#[test]
fn two_credentials_are_refused_whatever_they_are() {
    let stage = Stage::start(ROUTES);
    let good = format!("Bearer {}", stage.token("bob"));
    for other in [good.as_str(), "Bearer x.y.z", "Basic eDp5", ""] {
        for headers in [
            [("Authorization", good.as_str()), ("Authorization", other)],
            [("Authorization", other), ("Authorization", good.as_str())],
        ] {
            assert_eq!(stage.request("GET", "/me", &headers, b"").status, 400, "{other}");
        }
    }
    assert_eq!(
        stage.request("GET", "/me", &[("Authorization", &format!("{good}, {good}"))], b"").status,
        400
    );
    assert_eq!(stage.request("GET", "/me", &[("Authorization", &format!("{good} x"))], b"").status, 400);
}

#[test]
fn the_scheme_is_bearer_in_any_case_and_the_field_name_too() {
    let stage = Stage::start(ROUTES);
    let token = stage.token("bob");
    for (name, scheme) in
        [("Authorization", "bearer"), ("authorization", "BEARER"), ("AUTHORIZATION", "BeArEr")]
    {
        assert_eq!(stage.request("GET", "/me", &[(name, &format!("{scheme} {token}"))], b"").status, 200);
    }
    for scheme in ["Basic", "DPoP", "Token", "Bearer:"] {
        let answer = stage.request("GET", "/me", &[("Authorization", &format!("{scheme} {token}"))], b"");
        assert!(matches!(answer.status, 400 | 401), "{scheme}: {}", answer.status);
    }
}

#[test]
fn a_challenge_names_an_error_only_when_a_token_was_sent() {
    let stage = Stage::start(ROUTES);
    let none = stage.get("/me", None);
    assert_eq!(none.status, 401);
    assert_eq!(none.all("www-authenticate").len(), 1);
    assert!(!none.header("www-authenticate").expect("a challenge").contains("error"));
    let bad = stage.get("/me", Some("x.y.z"));
    assert_eq!(bad.status, 401);
    assert!(bad.header("www-authenticate").expect("a challenge").contains("error=\"invalid_token\""));
}

#[test]
fn tokens_with_one_thing_wrong_are_refused() {
    let stage = Stage::start(ROUTES);
    let key = stage.idp.key();
    let mint = || Mint::new(&stage.idp.issuer()).user("bob").audience("gateway");
    assert_eq!(stage.status("/me", Some(&mint().sign(&key))), 200, "the one that is right");
    let wrong = [
        ("alg none", mint().alg_none()),
        ("the public key as an HMAC secret", mint().hs256_with_public_key(&key)),
        ("another signature", mint().bad_signature(&key)),
        ("a claim changed after signing", mint().tampered(&key, "preferred_username", "alice")),
        ("expired", mint().expired().sign(&key)),
        ("not yet", mint().not_before_in(3600).sign(&key)),
        ("issued in the future", mint().issued_in(3600).sign(&key)),
        ("no exp", mint().without("exp").sign(&key)),
        ("exp as text", mint().claim("exp", "9999999999").sign(&key)),
        ("no aud", mint().without("aud").sign(&key)),
        ("another aud", mint().claim("aud", "other").sign(&key)),
        ("aud as a number", mint().claim("aud", 1).sign(&key)),
        ("aud that only begins right", mint().claim("aud", "gateway2").sign(&key)),
        ("another issuer", mint().claim("iss", "https://evil.example/realms/demo").sign(&key)),
        ("an issuer with a slash more", mint().claim("iss", format!("{}/", stage.idp.issuer())).sign(&key)),
        ("no issuer", mint().without("iss").sign(&key)),
        ("an ID token", mint().typ_id().sign(&key)),
        ("a refresh token", mint().typ_refresh().sign(&key)),
        ("bound to a key", mint().claim("cnf", serde_json::json!({ "jkt": "x" })).sign(&key)),
        ("critical parameters", mint().header("crit", serde_json::json!(["b64"])).sign(&key)),
        ("an unknown key", mint().header("kid", "nobody").sign(&key)),
        ("a key of its own", mint().header("jwk", key.jwk()).header("kid", "own").sign(&key)),
    ];
    for (what, token) in wrong {
        let answer = stage.get("/me", Some(&token));
        assert_eq!(answer.status, 401, "{what}: {}", answer.text());
        assert!(
            answer.header("www-authenticate").is_some_and(|text| text.contains("invalid_token")),
            "{what}"
        );
    }
    assert_eq!(stage.upstream.requests(), 1);
}

#[test]
fn what_is_forwarded_is_what_was_checked() {
    let routes = "[routes.pass]\npath = \"/pass\"\nauthorization_header = \"pass\"\n\
                  [routes.strip]\npath = \"/strip\"\nauthorization_header = \"strip\"\n\
                  [routes.replace]\npath = \"/replace\"\nauthorization_header = { replace = \"file:secret\" }\n";
    let stage = Stage::start(routes);
    let token = stage.token("bob");
    assert_eq!(echoed(&stage.get("/pass", Some(&token)), "authorization"), [format!("Bearer {token}")]);
    assert_eq!(echoed(&stage.get("/strip", Some(&token)), "authorization"), Vec::<String>::new());
    assert_eq!(echoed(&stage.get("/replace", Some(&token)), "authorization"), ["demo-gateway-secret"]);
}

#[test]
fn no_answer_and_no_log_line_holds_a_token_or_a_secret() {
    let stage = Stage::start(ROUTES);
    let token = stage.token("bob");
    let forged =
        Mint::new(&stage.idp.issuer()).user("bob").audience("gateway").bad_signature(&stage.idp.key());
    let mut seen = String::new();
    for token in [&token, &forged] {
        seen.push_str(&stage.get("/nowhere", Some(token)).text());
        seen.push_str(&stage.get("/me?x=1", Some(&format!("{token}x"))).text());
        seen.push_str(&format!("{:?}", stage.get("/me", Some(&forged)).headers));
    }
    let ops = gatecloak::testing::RawClient::get(stage.gateway.ops_address().expect("ops"), "/config", &[]);
    seen.push_str(&ops.expect("an answer").text());
    seen.push_str(&stage.gateway.access_log());
    assert!(seen.contains("\"code\"") || seen.contains("code"), "something was seen");
    for secret in [&token, &forged, "demo-gateway-secret"] {
        for part in secret.split('.').filter(|part| part.len() >= 19) {
            assert!(!seen.contains(part), "a part of a token or a secret was shown");
        }
    }
}
