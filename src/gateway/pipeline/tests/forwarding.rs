//! Forward.

use super::*;

const ANY: &str = "[routes.all]\npath = \"/*\"\n";

#[test]
fn the_upstream_learns_who_calls_from_the_token_only() {
    let scene = Scene::with(ANY);
    let token = scene.sign(scene.token());
    let response = scene.get(
        "/a",
        &[
            ("Authorization", &token),
            ("X-Auth-Roles", "admin"),
            ("x_auth_roles", "admin"),
            ("X-Auth-Email", "root@example.org"),
            ("Connection", "x-auth-subject, x-auth-roles"),
        ],
    );
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(sent(&response, "x-auth-username"), ["alice"]);
    assert_eq!(sent(&response, "x-auth-roles"), ["reader"]);
    assert!(sent(&response, "x_auth_roles").is_empty());
    assert_eq!(sent(&response, "x-auth-subject").len(), 1);
    assert_eq!(sent(&response, "authorization"), [token]);
}

#[test]
fn authorization_is_passed_stripped_or_replaced_by_route() {
    let scene = Scene::with(
        "[routes.pass]\npath = \"/pass\"\n\
         [routes.strip]\npath = \"/strip\"\nauthorization_header = \"strip\"\n\
         [routes.replace]\npath = \"/replace\"\nauthorization_header = { replace = \"file:secret\" }\n",
    );
    let token = scene.sign(scene.token());
    let seen = |path| sent(&scene.get(path, &[("Authorization", &token)]), "authorization");
    assert_eq!(seen("/pass"), std::slice::from_ref(&token));
    assert!(seen("/strip").is_empty());
    assert_eq!(seen("/replace"), ["demo-gateway-secret"]);
}

#[test]
fn the_canonical_path_is_what_is_forwarded() {
    let scene =
        Scene::with("[routes.all]\npath = \"/api/*\"\nrequire = \"public\"\nstrip_prefix = \"/api\"\n");
    let told = scene.get("/api/%61/b?x=%41&y", &[]).json().unwrap();
    assert_eq!((told["path"].as_str(), told["query"].as_str()), (Some("/a/b"), Some("x=%41&y")));
    assert_eq!(scene.get("/api", &[]).json().unwrap()["path"], "/");
    for path in ["/api/../x", "/api//x", "/api/%2e%2e/x", "/api/a%2fb", "/api/a;b", "/api/\\x"] {
        let answers = scene.raw(&format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        assert_eq!(answers[0].status, 400, "{path}");
    }
}

#[test]
fn the_client_is_told_to_the_upstream_and_cannot_be_forged() {
    let scene = Scene::with("[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    let response = scene
        .get("/a", &[("X-Forwarded-For", "1.2.3.4"), ("X-Request-Id", "mine"), ("Host", "shop.example")]);
    assert_eq!(sent(&response, "x-forwarded-for"), ["127.0.0.1"]);
    assert_eq!(sent(&response, "x-forwarded-host"), ["shop.example"]);
    assert_eq!(sent(&response, "host"), ["shop.example"]);
    let id = sent(&response, "x-request-id");
    assert_eq!(id.len(), 1);
    assert_eq!(id[0].len(), 32);
}

#[test]
fn a_body_over_the_limit_is_413_before_the_upstream_hears_of_it() {
    let scene =
        Scene::with("[routes.all]\npath = \"/*\"\nrequire = \"public\"\nlimits = { body_bytes = \"10B\" }\n");
    let post = |body: &[u8]| RawClient::request(scene.gateway.address(), "POST", "/a", &[], body).unwrap();
    assert_eq!(post(b"0123456789").status, 200);
    let response = post(b"0123456789a");
    assert_eq!((response.status, code(&response).as_str()), (413, "request_body_too_large"));
    assert_eq!(scene.upstream.requests(), 1);
    let answers = scene.raw(
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
         b\r\n0123456789a\r\n0\r\n\r\n",
    );
    assert_eq!(answers[0].status, 413);
}

#[test]
fn an_upstream_that_takes_too_long_is_504() {
    let scene = Scene::with(
        "[routes.all]\npath = \"/*\"\nrequire = \"public\"\nlimits = { total_timeout = \"50ms\" }\n",
    );
    let response = scene.get("/hang", &[]);
    assert_eq!((response.status, code(&response).as_str()), (504, "total_timeout"));
}

#[test]
fn an_answer_cut_by_the_whole_time_is_not_whole() {
    let scene = Scene::with(
        "[routes.all]\npath = \"/*\"\nrequire = \"public\"\nlimits = { total_timeout = \"300ms\" }\n",
    );
    let response = scene.get("/sse", &[]);
    assert_eq!(response.status, 200);
    assert!(!response.complete);
}

#[test]
fn an_expectation_is_not_met_for_a_refused_request() {
    let scene = Scene::with(ANY);
    let mut client = RawClient::connect(scene.gateway.address()).unwrap();
    client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n").unwrap();
    let answer = String::from_utf8(client.rest().unwrap()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
}

#[test]
fn an_unread_body_is_never_read_as_the_next_request() {
    let scene = Scene::with(ANY);
    let smuggled = "GET /status/299 HTTP/1.1\r\nHost: a\r\n\r\n";
    let answers = scene
        .raw(&format!("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{smuggled}", smuggled.len()));
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].status, 401);
}

#[test]
fn websockets_are_carried_through() {
    let scene = Scene::with("[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    let mut client = RawClient::connect(scene.gateway.address()).unwrap();
    client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n").unwrap();
    let response = client.response_to_head().unwrap();
    assert_eq!(response.status, 101);
    assert_eq!(response.header("upgrade"), Some("websocket"));
    client.send("hello").unwrap();
    assert_eq!(client.bytes(5).unwrap(), b"hello");
}
