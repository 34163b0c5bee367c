//! Authenticate.

use std::time::Instant;

use super::*;

const READERS: &str = "[routes.all]\npath = \"/*\"\nrequire = { realm_role = \"reader\" }\n";

#[test]
fn a_good_token_is_let_through_and_a_missing_one_is_not() {
    let scene = Scene::with(READERS);
    let response = scene.get_as(scene.token(), "/a");
    assert_eq!(response.status, 200, "{}", response.text());
    let response = scene.get("/a", &[]);
    assert_eq!(response.status, 401);
    assert_eq!(response.header("www-authenticate"), Some("Bearer realm=\"demo\""));
    assert_eq!(scene.upstream.requests(), 1);
}

#[test]
fn a_role_that_is_missing_is_403_without_a_challenge() {
    let scene = Scene::with(READERS);
    let response = scene.get_as(scene.token().realm_roles(&["writer"]), "/a");
    assert_eq!((response.status, code(&response).as_str()), (403, "role_missing"));
    assert_eq!(response.header("www-authenticate"), None);
}

#[test]
fn bad_tokens_are_401_and_reach_no_upstream() {
    let scene = Scene::with(READERS);
    let key = scene.idp.key();
    for (token, code_expected) in [
        (scene.token().expired().sign(&key), "token_expired"),
        (scene.token().bad_signature(&key), "signature_invalid"),
        (scene.token().audience("other").sign(&key), "audience_mismatch"),
        (scene.token().typ_id().sign(&key), "type_mismatch"),
        (scene.token().claim("iss", "http://elsewhere/realms/demo").sign(&key), "issuer_unknown"),
    ] {
        let response = scene.get("/a", &[("Authorization", &format!("Bearer {token}"))]);
        assert_eq!((response.status, code(&response).as_str()), (401, code_expected));
        assert!(response.header("www-authenticate").unwrap().contains("invalid_token"));
    }
    assert_eq!(scene.upstream.requests(), 0);
}

#[test]
fn two_credentials_are_400() {
    let scene = Scene::with(READERS);
    let token = scene.sign(scene.token());
    let response = scene.get("/a", &[("Authorization", &token), ("Authorization", &token)]);
    assert_eq!((response.status, code(&response).as_str()), (400, "credential_repeated"));
}

#[test]
fn each_request_of_a_connection_is_judged_by_its_own_token() {
    let scene = Scene::with(READERS);
    let (alice, bob) =
        (scene.sign(scene.token()), scene.sign(scene.token().user("bob").realm_roles(&["reader"])));
    let denied = scene.sign(scene.token().realm_roles(&["writer"]));
    let mut client = RawClient::connect(scene.gateway.address()).unwrap();
    let mut ask = |token: Option<&str>| {
        let credential = token.map_or(String::new(), |token| format!("Authorization: {token}\r\n"));
        client.send(format!("GET /a HTTP/1.1\r\nHost: a\r\n{credential}\r\n")).unwrap();
        client.response().unwrap()
    };
    let subject = |response: &RawResponse| sent(response, "x-auth-username");
    for _ in 0..3 {
        assert_eq!(subject(&ask(Some(&alice))), ["alice"]);
        assert_eq!(subject(&ask(Some(&alice))), ["alice"]);
        assert_eq!(subject(&ask(Some(&bob))), ["bob"]);
        assert_eq!(ask(Some(&denied)).status, 403);
        assert_eq!(ask(None).status, 401);
    }
}

#[test]
fn a_remembered_token_is_refused_on_a_route_with_another_requirement() {
    let scene = Scene::with(
        "[routes.read]\npath = \"/read\"\nrequire = { realm_role = \"reader\" }\n\
         [routes.write]\npath = \"/write\"\nrequire = { realm_role = \"writer\" }\n",
    );
    let token = scene.sign(scene.token());
    let answers = scene.raw(&format!(
        "GET /read HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\n\r\n\
         GET /write HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\n\r\n\
         GET /read HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n"
    ));
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 403, 200]);
}

#[test]
fn a_reload_judges_remembered_tokens_anew() {
    let scene = Scene::with(READERS);
    let token = scene.sign(scene.token());
    let mut client = RawClient::connect(scene.gateway.address()).unwrap();
    let mut ask = || {
        client.send(format!("GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\n\r\n")).unwrap();
        client.response().unwrap().status
    };
    assert_eq!((ask(), ask(), ask()), (200, 200, 200));
    let file = scene.gateway.folder().join("gateway.toml");
    let tightened = std::fs::read_to_string(file).unwrap().replace("reader", "auditor");
    scene.gateway.reload_with(&tightened).unwrap();
    assert_eq!(ask(), 403);
}

#[test]
fn rotated_keys_are_fetched_when_a_token_needs_them() {
    let scene = Scene::with_provider("[providers.demo.jwks]\ncool_down = \"10ms\"", READERS);
    assert_eq!(scene.get_as(scene.token(), "/a").status, 200);
    scene.idp.rotate_keys(crate::testing::OldKeys::Keep);
    // The fetch at the start may have begun a cool-down.
    let end = Instant::now() + PATIENCE;
    while scene.get_as(scene.token(), "/a").status != 200 {
        assert!(Instant::now() < end, "the new key is never fetched");
    }
}

#[test]
fn without_keys_a_guarded_route_is_503_and_a_public_one_is_served() {
    let scene =
        Scene::with("[routes.all]\npath = \"/*\"\n[routes.open]\npath = \"/open\"\nrequire = \"public\"\n");
    let scene2 = {
        scene.idp.answer_with(Endpoint::Certs, Fault::Status(500));
        let toml = std::fs::read_to_string(scene.gateway.folder().join("gateway.toml")).unwrap();
        TestGateway::start_with(&toml, &[("secret", b"demo-gateway-secret")]).unwrap()
    };
    let token = scene.sign(scene.token());
    let response = RawClient::get(scene2.address(), "/a", &[("Authorization", &token)]).unwrap();
    assert_eq!((response.status, code(&response).as_str()), (503, "keys_unavailable"));
    assert!(response.header("retry-after").is_some());
    assert_eq!(RawClient::get(scene2.address(), "/open", &[]).unwrap().status, 200);
}

#[test]
fn always_asks_the_realm_and_sees_a_revoked_session() {
    let scene = Scene::with_provider(
        "[providers.demo.introspection]\nactive_ttl = \"1ms\"\n",
        "[routes.all]\npath = \"/*\"\n[routes.strict]\npath = \"/strict\"\nintrospection = \"always\"\n",
    );
    let token = format!("Bearer {}", scene.idp.token("web", "alice").unwrap());
    let ask = |path| scene.get(path, &[("Authorization", &token)]).status;
    assert_eq!(ask("/a"), 200);
    assert_eq!(scene.idp.calls(Endpoint::Introspection), 0);
    assert_eq!(ask("/strict"), 200);
    assert_eq!(scene.idp.calls(Endpoint::Introspection), 1);
    scene.idp.revoke_sessions("alice");
    assert_eq!(ask("/a"), 200);
    // An answer counts for a while.
    let end = Instant::now() + PATIENCE;
    while ask("/strict") == 200 {
        assert!(Instant::now() < end, "the revocation is never seen");
    }
    assert_eq!(ask("/strict"), 401);
}

#[test]
fn a_lightweight_token_is_completed_by_the_realm_where_the_route_needs_more() {
    let scene = Scene::with_provider(
        "[providers.demo.token]\nany_audience = true\n",
        &format!("{READERS}[routes.any]\npath = \"/any\"\n"),
    );
    let token = format!("Bearer {}", scene.idp.token("light", "alice").unwrap());
    let ask = |path| scene.get(path, &[("Authorization", &token)]);
    assert_eq!(ask("/any").status, 200);
    assert_eq!(scene.idp.calls(Endpoint::Introspection), 0);
    for _ in 0..3 {
        let response = ask("/a");
        assert_eq!(response.status, 200, "{}", response.text());
        assert!(sent(&response, "x-auth-roles")[0].contains("reader"));
    }
    assert_eq!(scene.idp.calls(Endpoint::Introspection), 1);
}

#[test]
fn a_lightweight_token_without_an_audience_is_for_us_if_the_realm_says_so() {
    let scene = Scene::with("[routes.any]\npath = \"/*\"\n");
    let token = format!("Bearer {}", scene.idp.token("light", "alice").unwrap());
    for _ in 0..3 {
        assert_eq!(scene.get("/a", &[("Authorization", &token)]).status, 200);
    }
    assert_eq!(scene.idp.calls(Endpoint::Introspection), 1);
}

#[test]
fn a_lightweight_token_is_503_while_the_realm_cannot_be_asked() {
    let scene = Scene::with(READERS);
    scene.idp.answer_with(Endpoint::Introspection, Fault::Status(500));
    let token = format!("Bearer {}", scene.idp.token("light", "alice").unwrap());
    let response = scene.get("/a", &[("Authorization", &token)]);
    assert_eq!((response.status, code(&response).as_str()), (503, "introspection_unavailable"));
}

#[test]
fn an_opaque_token_is_asked_about_and_refused_if_inactive() {
    let scene = Scene::with(READERS);
    let response = scene.get("/a", &[("Authorization", "Bearer opaque")]);
    assert_eq!((response.status, code(&response).as_str()), (401, "token_inactive"));
    assert_eq!(scene.idp.calls(Endpoint::Introspection), 1);
}

#[test]
fn a_token_of_a_realm_that_the_route_does_not_accept_is_401_also_when_remembered() {
    let other = DevIdp::new(realm()).start().unwrap();
    let providers = format!("[providers.other]\nissuer = \"{}\"\nclient_id = \"gateway\"\n", other.issuer());
    let scene = Scene::with_provider(
        &providers,
        "[routes.all]\npath = \"/*\"\n[routes.mine]\npath = \"/mine\"\nproviders = [\"demo\"]\n",
    );
    let mint = Mint::new(&other.issuer()).user("alice").audience("gateway");
    let token = format!("Bearer {}", mint.sign(&other.key()));
    for _ in 0..2 {
        assert_eq!(scene.get("/a", &[("Authorization", &token)]).status, 200);
        let response = scene.get("/mine", &[("Authorization", &token)]);
        assert_eq!((response.status, code(&response).as_str()), (401, "issuer_unknown"));
    }
}

#[test]
fn an_opaque_token_is_refused_where_the_realm_may_not_be_asked() {
    let scene = Scene::with("[routes.all]\npath = \"/*\"\nintrospection = \"never\"\n");
    let response = scene.get("/a", &[("Authorization", "Bearer opaque")]);
    assert_eq!((response.status, code(&response).as_str()), (401, "introspection_disabled"));
    assert_eq!(scene.idp.calls(Endpoint::Introspection), 0);
}

#[test]
fn a_public_route_does_not_look_at_the_token() {
    let scene = Scene::with("[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    let response = scene.get("/a", &[("Authorization", "Bearer nonsense"), ("X_Auth_Subject", "forged")]);
    assert_eq!(response.status, 200);
    assert!(sent(&response, "x_auth_subject").is_empty() && sent(&response, "x-auth-subject").is_empty());
}
