//! Two readings of one path: the largest class of gateway bypass.
//!
//! CVE-2019-9901, CVE-2021-29492, CVE-2021-31920, CVE-2021-32779, CVE-2021-39156, CVE-2020-8595, CVE-2023-33189, CVE-2025-54576,
//! CVE-2025-46821, CVE-2026-0976, CVE-2026-9800, CVE-2026-15573, CVE-2026-33186, CVE-2026-33494, CVE-2026-41059, CVE-2026-74909 and
//! their kin.

use crate::stage::{Stage, echoed_path};

pub(super) const ROUTES: &str = r#"
[routes.public]
path = "/public/*"
require = "public"
[routes.api]
path = "/api/*"
[routes.admin]
path = "/api/admin/*"
require = { realm_role = "manager" }
[routes.exact]
path = "/report"
require = { realm_role = "manager" }
"#;

/// Ways to write `/api/admin/x` or `/report` so that somebody might not see it.
pub(super) const TRICKS: &[&str] = &[
    "/public/../api/admin/x",
    "/public/./../api/admin/x",
    "/public/..%2fapi/admin/x",
    "/public/..%2Fapi%2Fadmin%2Fx",
    "/public/%2e%2e/api/admin/x",
    "/public/%2E./api/admin/x",
    "/public/.%2e/api/admin/x",
    "/public/..;/api/admin/x",
    "/public/..;a=b/api/admin/x",
    "/public/..%3b/api/admin/x",
    "/public/..%3B/api/admin/x",
    "/public/..%00/api/admin/x",
    "/public/..\\api\\admin\\x",
    "/public/..%5capi%5cadmin%5cx",
    "/public/%2e%2e%2fapi/admin/x",
    "/public/%252e%252e/api/admin/x",
    "/public/%252e%252e%252fapi/admin/x",
    "/public/..%c0%afapi/admin/x",
    "/public/%c0%ae%c0%ae/api/admin/x",
    "/public/..%ef%bc%8fapi/admin/x",
    "/public//../api/admin/x",
    "//api/admin/x",
    "/api//admin/x",
    "/api/./admin/x",
    "/api/.//admin/x",
    "/api/x/../admin/x",
    "/api/%61dmin/x",
    "/api/ad%6din/x",
    "/api/ad%6Din/x",
    "/api/admin%2fx",
    "/api%2fadmin/x",
    "/api%2Fadmin%2Fx",
    "/api/admin;a=b/x",
    "/api/admin;/x",
    "/api;/admin/x",
    "/api/admin%3b/x",
    "/api\\admin\\x",
    "/api/%5cadmin/x",
    "/api/%2e/admin/x",
    "/api/admin%00/x",
    "/api/admin%0a/x",
    "/api/admin%20/x",
    "/api/admin%09/x",
    "/api/admin./x",
    "/api/admin#/../../public/x",
    "/api/admin/x#/public/",
    "/api/admin/x?/public/x",
    "/api/admin?x=/public/",
    "/public/x#/../../api/admin/x",
    "/public?/../api/admin/x",
    "/report#",
    "/report#x",
    "/report?x",
    "/report?",
    "/report;x",
    "/report%23",
    "/report%3f",
    "/report%20",
    "/report/",
    "/report/.",
    "/report//",
    "/./report",
    "/%2e/report",
    "/rep%6frt",
    "/public/..%2freport",
    "/public/../report?/public/",
    "report",
    "api/admin/x",
    "http://other.example/api/admin/x",
    "http://other.example//api/admin/x",
    "/api/admin/x?x=/public/../../public/",
];

/// How a careless upstream might read a path: decodes until nothing changes, drops matrix parameters, folds separators,
/// resolves dots.
fn careless(path: &str) -> String {
    let mut text = path.split(['?', '#']).next().unwrap_or_default().to_owned();
    for _ in 0..4 {
        text = percent_encoding::percent_decode_str(&text).decode_utf8_lossy().replace('\\', "/");
    }
    let mut segments = Vec::new();
    for segment in text.split('/') {
        let segment = segment.split(';').next().unwrap_or_default();
        match segment.trim_matches(['\0', ' ', '\n', '\t']) {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    format!("/{}", segments.join("/"))
}

pub(super) fn is_guarded(path: &str) -> bool {
    let path = careless(path);
    ["/api/admin", "/report"]
        .iter()
        .any(|guarded| path == *guarded || path.starts_with(&format!("{guarded}/")))
}

#[test]
fn no_spelling_of_a_guarded_path_reaches_the_upstream_without_the_role() {
    let stage = Stage::start(ROUTES);
    let bob = stage.token("bob");
    for trick in TRICKS {
        for token in [None, Some(bob.as_str())] {
            let bearer = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
            let request =
                format!("GET {trick} HTTP/1.1\r\nHost: gateway.example\r\n{bearer}Connection: close\r\n\r\n");
            for answer in stage.raw(request) {
                let passed = answer.status == 200;
                assert!(
                    !passed || !is_guarded(&echoed_path(&answer)),
                    "{trick} reached {}",
                    echoed_path(&answer)
                );
                assert!(answer.status < 500, "{trick}: {}", answer.status);
            }
        }
    }
}

#[test]
fn no_spelling_of_an_authenticated_path_reaches_the_upstream_without_a_token() {
    let stage = Stage::start(ROUTES);
    for trick in TRICKS {
        let request = format!("GET {trick} HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\n\r\n");
        for answer in stage.raw(request) {
            let passed = answer.status == 200;
            assert!(
                !passed || !careless(&echoed_path(&answer)).starts_with("/api"),
                "{trick} reached {}",
                echoed_path(&answer)
            );
        }
    }
}

#[test]
fn the_same_holds_when_paths_are_normalized() {
    let rules = format!("[path]\nnormalize = true\nsemicolons = true\n{ROUTES}");
    let stage = Stage::start(&rules);
    let bob = stage.token("bob");
    for trick in TRICKS {
        let bearer = format!("Authorization: Bearer {bob}\r\n");
        let request =
            format!("GET {trick} HTTP/1.1\r\nHost: gateway.example\r\n{bearer}Connection: close\r\n\r\n");
        for answer in stage.raw(request) {
            // With `semicolons` the operator has said that the upstream reads `;` as an ordinary character.
            let read = |path: &str| is_guarded(&path.replace(';', "-").replace("%3B", "-"));
            let passed = answer.status == 200;
            assert!(!passed || !read(&echoed_path(&answer)), "{trick} reached {}", echoed_path(&answer));
        }
    }
}

#[test]
fn a_manager_reaches_the_guarded_path_and_the_upstream_sees_the_canonical_bytes() {
    let stage = Stage::start(ROUTES);
    let alice = stage.token("alice");
    for (target, seen) in [
        ("/api/admin/x", "/api/admin/x"),
        ("/api/ad%6din/x", "/api/admin/x"),
        ("/api/admin/a%2bb", "/api/admin/a%2Bb"),
        ("/api/admin/caf%c3%a9", "/api/admin/caf%C3%A9"),
        ("/api/admin/x?a=%2f..%2f", "/api/admin/x"),
    ] {
        let answer = stage.get(target, Some(&alice));
        assert_eq!((answer.status, echoed_path(&answer).as_str()), (200, seen), "{target}");
    }
}

#[test]
fn encoded_slashes_pass_where_the_route_says_so_and_never_separate() {
    let routes =
        format!("{ROUTES}\n[routes.projects]\npath = \"/projects/{{id}}/files\"\nencoded_slashes = true\n");
    let stage = Stage::start(&routes);
    let bob = stage.token("bob");
    let answer = stage.get("/projects/group%2fname/files", Some(&bob));
    assert_eq!((answer.status, echoed_path(&answer).as_str()), (200, "/projects/group%2Fname/files"));
    assert_eq!(stage.status("/projects/..%2f..%2fapi%2fadmin/files", Some(&bob)), 400);
    assert_eq!(stage.status("/api/group%2fname", Some(&bob)), 400);
}

#[test]
fn what_matches_no_route_is_refused() {
    let stage = Stage::start(ROUTES);
    let alice = stage.token("alice");
    for target in ["/", "/apix", "/API/admin/x", "/Report", "/publicx/../public/x", "/favicon.ico"] {
        assert!(matches!(stage.status(target, Some(&alice)), 400 | 404), "{target}");
    }
    assert_eq!(stage.upstream.requests(), 0);
}

#[test]
fn a_method_in_another_case_or_unknown_is_not_let_through() {
    let routes = "[routes.read]\npath = \"/x\"\nmethods = [\"GET\"]\n[routes.rest]\npath = \"/*\"\nrequire = \"public\"\n";
    let stage = Stage::start(routes);
    for method in ["get", "Get", "POST", "PROPFIND", "TRACE", "CONNECT", "GETX", "DELETE"] {
        let request = format!("{method} /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let answers = stage.raw(request);
        assert!(answers.iter().all(|answer| answer.status >= 400), "{method}: {answers:?}");
    }
    assert_eq!(stage.upstream.requests(), 0);
}
