//! The client owns no identity header: CVE-2025-64484, CVE-2026-33433, CVE-2026-54763, CVE-2026-30851, CVE-2026-52845, CVE-2026-44087,
//! CVE-2026-31908, CVE-2017-6413, CVE-2020-14359.

use crate::stage::{Stage, echoed};

const ROUTES: &str = r#"
[routes.public]
path = "/public"
require = "public"
[routes.off]
path = "/off"
enforcement = "disabled"
[routes.trial]
path = "/trial"
enforcement = "permissive"
require = { realm_role = "nobody" }
[routes.me]
path = "/me"
"#;

/// Spellings that a server, a framework or a CGI might take for `X-Auth-Username`.
const SPELLINGS: &[&str] = &[
    "X-Auth-Username",
    "x-auth-username",
    "X-AUTH-USERNAME",
    "x-AUTH-uSERNAME",
    "X_Auth_Username",
    "x_auth_username",
    "X-Auth_Username",
    "X_Auth-Username",
    "X.Auth.Username",
    "X-Auth.Username",
    "X!Auth!Username",
    "X~Auth~Username",
    "X+Auth-Username",
    "X'Auth'Username",
    "X|Auth|Username",
    "X#Auth$Username",
];

#[test]
fn an_identity_header_of_the_client_never_arrives_on_any_route() {
    let stage = Stage::start(ROUTES);
    let bearer = format!("Bearer {}", stage.token("bob"));
    for spelling in SPELLINGS {
        for target in ["/public", "/off", "/trial", "/me"] {
            let headers =
                [("Authorization", bearer.as_str()), (*spelling, "root"), ("X-Auth-Roles", "manager")];
            let answer = stage.request("GET", target, &headers, b"");
            assert_eq!(answer.status, 200, "{target}");
            assert!(!answer.text().contains("root"), "{spelling} arrived at {target}: {}", answer.text());
            let roles = echoed(&answer, "x-auth-roles");
            assert!(roles.iter().all(|roles| !roles.contains("manager")), "{target}: {roles:?}");
        }
    }
}

#[test]
fn a_claim_that_is_missing_or_empty_sets_no_header_and_lets_none_through() {
    let routes =
        format!("{ROUTES}\n[identity.headers]\nx-tenant = \"tenant\"\nx-auth-username = \"@username\"\n");
    let stage = Stage::start(&routes);
    let bearer = format!("Bearer {}", stage.token("bob"));
    let answer = stage.request("GET", "/me", &[("Authorization", &bearer), ("X-Tenant", "acme")], b"");
    assert_eq!(echoed(&answer, "x-tenant"), Vec::<String>::new());
    assert_eq!(echoed(&answer, "x-auth-username"), ["bob"]);
}

#[test]
fn a_claim_with_line_breaks_cannot_make_a_header() {
    let stage = Stage::start("[routes.me]\npath = \"/me\"\n[identity.headers]\nx-name = \"name\"\n");
    let mint = gatecloak::testing::Mint::new(&stage.idp.issuer()).user("eve").audience("gateway");
    let token = mint.claim("name", "eve\r\nX-Auth-Roles: manager\r\n\r\n\u{0}ü").sign(&stage.idp.key());
    let answer = stage.get("/me", Some(&token));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(echoed(&answer, "x-auth-roles"), Vec::<String>::new());
    let name = echoed(&answer, "x-name");
    assert!(name.iter().all(|name| name.bytes().all(|byte| (0x20..0x7f).contains(&byte))), "{name:?}");
}

#[test]
fn connection_cannot_delete_what_the_gateway_set() {
    let stage = Stage::start(ROUTES);
    let token = stage.token("bob");
    let named = "close, X-Auth-Username, x-auth-roles, X_Auth_Username, Authorization, X-Forwarded-For, Host, Forwarded";
    let request = format!(
        "GET /me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nConnection: {named}\r\n\r\n"
    );
    let answers = stage.raw(request);
    let answer = answers.first().expect("an answer");
    assert_eq!(answer.status, 200);
    assert_eq!(echoed(answer, "x-auth-username"), ["bob"]);
    assert_eq!(echoed(answer, "x-forwarded-for"), ["127.0.0.1"]);
    assert_eq!(echoed(answer, "connection"), Vec::<String>::new());
}

#[test]
fn an_identity_header_among_the_trailers_does_not_arrive() {
    let stage = Stage::start(ROUTES);
    let bearer = format!("Bearer {}", stage.token("bob"));
    for target in ["/public", "/off", "/trial", "/me"] {
        let names = SPELLINGS.iter().map(|spelling| format!("{spelling}: root\r\n")).collect::<String>();
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: a\r\nAuthorization: {bearer}\r\nTransfer-Encoding: chunked\r\n\
             Trailer: X-Auth-Username, X-Kept\r\nTE: trailers\r\nConnection: close, TE\r\n\r\n\
             1\r\nx\r\n0\r\n{names}X-Forwarded-For: root\r\nForwarded: for=root\r\nX-Kept: 1\r\n\r\n"
        );
        let answers = stage.raw(request);
        let answer = answers.first().expect("an answer");
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        assert!(!answer.text().contains("root"), "{target}: {}", answer.text());
        assert_eq!(answer.json().expect("the echo")["trailers"], serde_json::json!([["x-kept", "1"]]));
    }
}
