//! Routes, hosts, CORS, gRPC, the access log.

use std::time::Instant;

use super::*;

const ANY: &str = "[routes.all]\npath = \"/a/*\"\nmethods = [\"GET\", \"HEAD\"]\n";

#[test]
fn no_route_is_404_and_another_method_405() {
    let scene = Scene::with(ANY);
    assert_eq!(scene.get("/b", &[]).status, 404);
    let response = RawClient::request(scene.gateway.address(), "PUT", "/a/b", &[], b"").unwrap();
    assert_eq!(response.status, 405);
    let allow = response.header("allow").unwrap();
    assert!(allow.contains("GET") && allow.contains("HEAD"), "{allow}");
    for method in ["TRACE", "CONNECT"] {
        let target = if method == "CONNECT" { "a:80" } else { "/a/b" };
        let answers =
            scene.raw(&format!("{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        assert_eq!(answers[0].status, 405, "{method}");
    }
}

#[test]
fn a_request_without_one_host_is_400() {
    let scene = Scene::with(ANY);
    for hosts in ["", "Host: a\r\nHost: b\r\n", "Host: a@b\r\n"] {
        let answers = scene.raw(&format!("GET /a/b HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n"));
        assert_eq!(answers[0].status, 400, "{hosts}");
    }
}

#[test]
fn routes_of_a_host_are_found_whatever_the_spelling_of_it() {
    let scene = Scene::with(
        "[routes.open]\npath = \"/*\"\nrequire = \"public\"\n\
         [routes.admin]\npath = \"/*\"\nhosts = [\"admin.example\"]\n",
    );
    for host in ["admin.example", "ADMIN.example", "admin.example.", "admin.example:80", "admin.example.:80"]
    {
        assert_eq!(scene.get("/a", &[("Host", host)]).status, 401, "{host}");
    }
    assert_eq!(scene.get("http://admin.example/a", &[("Host", "other.example")]).status, 401);
    assert_eq!(scene.get("/a", &[("Host", "other.example")]).status, 200);
}

#[test]
fn a_preflight_is_answered_before_a_token_is_asked_for() {
    let scene = Scene::with(
        "[routes.all]\npath = \"/a/*\"\nmethods = [\"GET\"]\ncors = { origins = [\"https://app.example\"] }\n",
    );
    let preflight = |origin| {
        let headers = [("Origin", origin), ("Access-Control-Request-Method", "GET")];
        RawClient::request(scene.gateway.address(), "OPTIONS", "/a/b", &headers, b"").unwrap()
    };
    let response = preflight("https://app.example");
    assert_eq!(response.status, 204);
    assert_eq!(response.header("access-control-allow-origin"), Some("https://app.example"));
    let response = preflight("https://evil.example");
    assert_eq!(response.status, 403);
    assert_eq!(response.header("access-control-allow-origin"), None);
    assert_eq!(scene.upstream.requests(), 0);

    let response = scene.get("/a/b", &[("Origin", "https://app.example")]);
    assert_eq!(response.status, 401);
    assert_eq!(response.header("access-control-allow-origin"), Some("https://app.example"));
    let token = scene.sign(scene.token());
    let response = scene.get("/a/b", &[("Origin", "https://app.example"), ("Authorization", &token)]);
    assert_eq!(response.status, 200);
    assert_eq!(response.header("access-control-allow-origin"), Some("https://app.example"));
}

#[test]
fn grpc_callers_read_the_refusal_as_a_grpc_status() {
    let scene = Scene::with(ANY);
    let response = scene.get("/a/b", &[("Content-Type", "application/grpc")]);
    assert_eq!((response.status, response.header("grpc-status")), (200, Some("16")));
}

#[test]
fn head_is_refused_without_a_body() {
    let scene = Scene::with(ANY);
    let mut client = RawClient::connect(scene.gateway.address()).unwrap();
    client.send("HEAD /a/b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
    let answer = String::from_utf8(client.rest().unwrap()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

#[test]
fn permissive_lets_a_refusal_pass_but_not_a_missing_token() {
    let scene = Scene::with(
        "[routes.all]\npath = \"/*\"\nrequire = { realm_role = \"nobody\" }\nenforcement = \"permissive\"\n",
    );
    assert_eq!(scene.get_as(scene.token(), "/a").status, 200);
    assert_eq!(scene.get("/a", &[]).status, 401);
}

#[test]
fn a_refusal_and_its_line_in_the_log_have_the_same_id() {
    let scene = Scene::with("[routes.all]\npath = \"/*\"\nrequire = { realm_role = \"nobody\" }\n");
    let response = scene.get_as(scene.token(), "/a?b=c");
    let id = response.json().unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(response.header("x-request-id"), Some(id.as_str()));
    let end = Instant::now() + PATIENCE;
    while !scene.gateway.access_log().contains(&id) {
        assert!(Instant::now() < end, "the line is never written");
        std::thread::yield_now();
    }
    let log = scene.gateway.access_log();
    let line: Value = serde_json::from_str(log.lines().find(|line| line.contains(&id)).unwrap()).unwrap();
    let text = line.to_string();
    for word in ["role_missing", "refused", "\"all\"", "403", "/a?b=c"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    assert!(!text.contains("Bearer") && !text.contains("eyJ"), "{text}");
}
