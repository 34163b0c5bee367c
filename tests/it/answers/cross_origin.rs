//! Cross-origin requests: preflights, and answers that scripts can read, refusals too.

use gatecloak::testing::RawResponse;

use crate::stage::Stage;

const ROUTES: &str = r#"
[routes.api]
path = "/api/*"
methods = ["GET", "PUT"]
[routes.api.cors]
origins = ["https://app.example", "https://other.example"]
headers = ["x-custom"]
expose = ["x-request-id"]
credentials = true
max_age = "10m"
[routes.managers]
path = "/managers/*"
require = { realm_role = "manager" }
cors = { origins = ["*"] }
[routes.plain]
path = "/plain/*"
"#;

fn preflight(stage: &Stage, path: &str, origin: &str, method: &str) -> RawResponse {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", "authorization, x-custom"),
    ];
    stage.request("OPTIONS", path, &headers, b"")
}

#[test]
fn a_preflight_of_an_allowed_origin_is_answered_here() {
    let stage = Stage::start(ROUTES);
    let answer = preflight(&stage, "/api/x", "https://app.example", "PUT");
    assert_eq!((answer.status, answer.text().as_str()), (204, ""));
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example"));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(answer.header("access-control-allow-methods"), Some("PUT"));
    let allowed = answer.header("access-control-allow-headers").expect("headers");
    for name in ["authorization", "content-type", "x-custom"] {
        assert!(allowed.split(", ").any(|allowed| allowed == name), "{name}: {allowed}");
    }
    assert_eq!(answer.header("access-control-max-age"), Some("600"));
    assert!(answer.all("vary").contains(&"origin"), "{answer:?}");
    assert_eq!(answer.header("content-type"), None);
    assert_eq!(stage.upstream.requests(), 0);
}

#[test]
fn a_preflight_of_another_origin_or_method_is_not() {
    let stage = Stage::start(ROUTES);
    for origin in ["https://evil.example", "https://app.example.evil", "http://app.example", "null", ""] {
        let answer = preflight(&stage, "/api/x", origin, "PUT");
        assert_eq!(answer.status, 403, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(answer.json().expect("a problem")["code"], "origin_not_allowed", "{origin}");
    }
    let answer = preflight(&stage, "/api/x", "https://app.example", "DELETE");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (405, None));
    assert_eq!(preflight(&stage, "/plain/x", "https://app.example", "GET").status, 401);
    assert_eq!(stage.upstream.requests(), 0);
}

#[test]
fn scripts_of_an_allowed_origin_can_read_answers_and_refusals() {
    let stage = Stage::start(ROUTES);
    let (alice, bob) = (format!("Bearer {}", stage.token("alice")), format!("Bearer {}", stage.token("bob")));
    for (path, bearer, origin, allowed, status) in [
        ("/api/x", &*alice, "https://app.example", Some("https://app.example"), 200),
        ("/api/x", &*alice, "https://other.example", Some("https://other.example"), 200),
        ("/api/x", &*alice, "https://evil.example", None, 200),
        ("/api/x", "", "https://app.example", Some("https://app.example"), 401),
        ("/api/x", "", "https://evil.example", None, 401),
        ("/managers/x", &*bob, "https://any.example", Some("*"), 403),
        ("/plain/x", "", "https://app.example", None, 401),
    ] {
        let mut headers = vec![("Origin", origin)];
        if !bearer.is_empty() {
            headers.push(("Authorization", bearer));
        }
        let answer = stage.request("GET", path, &headers, b"");
        assert_eq!(answer.status, status, "{path} {origin}");
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{path} {origin}");
        if path == "/api/x" {
            let exposed = allowed.map(|_| "x-request-id");
            assert_eq!(answer.header("access-control-expose-headers"), exposed, "{origin}");
            assert!(answer.all("vary").contains(&"origin"), "{origin}");
        }
    }
}

#[test]
fn a_request_without_an_origin_is_not_told_of_any() {
    let stage = Stage::start(ROUTES);
    for (path, token) in [("/api/x", None), ("/api/x", Some(stage.token("alice"))), ("/managers/x", None)] {
        let answer = stage.get(path, token.as_deref());
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}
