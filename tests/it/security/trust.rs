//! What a client says about the request is not believed: CVE-2026-40575, CVE-2023-27487, CVE-2026-33495, CVE-2026-35051, CVE-2026-54764,
//! CVE-2024-45806, CVE-2026-34457, CVE-2022-24112, CVE-2024-52003.

use crate::stage::{Stage, echoed, echoed_path};

const ROUTES: &str = r#"
[routes.public]
path = "/public/*"
require = "public"
[routes.api]
path = "/api/*"
"#;

const DECOYS: &[(&str, &str)] = &[
    ("X-Original-URL", "/public/x"),
    ("X-Rewrite-URL", "/public/x"),
    ("X-Forwarded-Uri", "/public/x"),
    ("X-Forwarded-Path", "/public/x"),
    ("X-Forwarded-Prefix", "/public"),
    ("X-Envoy-Original-Path", "/public/x"),
    ("X-Original-Method", "OPTIONS"),
    ("X-HTTP-Method-Override", "OPTIONS"),
    ("X-Forwarded-Method", "OPTIONS"),
    ("X-Forwarded-Host", "public.example"),
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Real-IP", "127.0.0.1"),
    ("Forwarded", "for=127.0.0.1;host=public.example;proto=https"),
    ("User-Agent", "kube-probe/1.30"),
    ("User-Agent", "GoogleHC/1.0"),
    ("X-Gatecloak", "skip"),
    ("Cookie", "access_token=x"),
];

#[test]
fn no_header_opens_a_route_or_changes_the_path() {
    let stage = Stage::start(ROUTES);
    let bearer = format!("Bearer {}", stage.token("bob"));
    for decoy in DECOYS {
        assert_eq!(stage.request("GET", "/api/x", &[*decoy], b"").status, 401, "{decoy:?}");
        let answer = stage.request("GET", "/api/x", &[*decoy, ("Authorization", &bearer)], b"");
        assert_eq!((answer.status, echoed_path(&answer).as_str()), (200, "/api/x"), "{decoy:?}");
    }
}

#[test]
fn forwarded_headers_of_a_stranger_are_replaced_in_every_spelling() {
    let stage = Stage::start("[routes.public]\npath = \"/*\"\nrequire = \"public\"\n");
    let names = [
        "X-Forwarded-For",
        "X_Forwarded_For",
        "X-Forwarded_For",
        "x-forwarded-for",
        "X-Forwarded-Host",
        "X_Forwarded_Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X_Forwarded_Prefix",
        "X-Forwarded-Server",
        "X-Real-IP",
        "X_Real_IP",
        "Forwarded",
    ];
    for name in names {
        let answer = stage.request("GET", "/x", &[(name, "6.6.6.6"), ("Host", "shop.example")], b"");
        assert!(!answer.text().contains("6.6.6.6"), "{name}: {}", answer.text());
        assert_eq!(echoed(&answer, "x-forwarded-for"), ["127.0.0.1"], "{name}");
        assert_eq!(echoed(&answer, "x-forwarded-proto"), ["http"], "{name}");
        assert_eq!(echoed(&answer, "x-forwarded-host"), ["shop.example"], "{name}");
    }
}

#[test]
fn a_stranger_cannot_tell_the_upstream_another_path_or_method() {
    let stage = Stage::start("[routes.public]\npath = \"/*\"\nrequire = \"public\"\n");
    for name in [
        "X-Original-URL",
        "X_Original_URL",
        "X-Original-URI",
        "X-Original-Method",
        "X-Original-Host",
        "X-Rewrite-URL",
        "X-Envoy-Original-Path",
        "X-HTTP-Method",
        "X-HTTP-Method-Override",
        "X_HTTP_Method_Override",
        "X-Method-Override",
        "X-Forwarded-Uri",
        "X-Forwarded-Method",
    ] {
        let answer = stage.request("GET", "/x", &[(name, "DELETE")], b"");
        assert_eq!(answer.status, 200, "{name}");
        assert!(!answer.text().contains("DELETE"), "{name}: {}", answer.text());
    }
}

#[test]
fn a_trusted_proxys_chain_is_continued() {
    let stage = Stage::start(
        "[listener]\ntrusted_proxies = [\"127.0.0.0/8\"]\n[routes.public]\npath = \"/*\"\nrequire = \"public\"\n",
    );
    let headers = [("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "https")];
    let answer = stage.request("GET", "/x", &headers, b"");
    assert_eq!(echoed(&answer, "x-forwarded-for"), ["198.51.100.7, 127.0.0.1"]);
    assert_eq!(echoed(&answer, "x-forwarded-proto"), ["https"]);
}

#[test]
fn a_host_is_exactly_one_host() {
    let stage = Stage::start("[routes.a]\nhosts = [\"a.example\"]\npath = \"/*\"\nrequire = \"public\"\n");
    let statuses = |head: &str| -> Vec<u16> { stage.raw(head).iter().map(|answer| answer.status).collect() };
    assert_eq!(statuses("GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"), [200]);
    assert_eq!(statuses("GET / HTTP/1.1\r\nHost: A.EXAMPLE:8080\r\nConnection: close\r\n\r\n"), [200]);
    assert_eq!(
        statuses("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"),
        [200]
    );
    for refused in [
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example, b.example\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x@a.example\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example/x\r\nConnection: close\r\n\r\n",
        "GET http://b.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: b.example\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example.evil\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example..\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a..example\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example:\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example:80x\r\nConnection: close\r\n\r\n",
        "GET http://a.example@b.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n",
        "GET http://a.example:80@b.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n",
    ] {
        assert!(statuses(refused).iter().all(|status| *status >= 400), "{refused}");
    }
}

#[test]
fn a_guarded_host_is_found_in_every_spelling() {
    let stage = Stage::start(
        "[routes.any]\npath = \"/*\"\nrequire = \"public\"\n\
         [routes.guarded]\nhosts = [\"a.example\", \"*.b.example\", \"[2001:db8::1]\"]\npath = \"/*\"\n",
    );
    let mut hosts: Vec<String> = [
        "a.example",
        "A.Example",
        "a.example.",
        "a.example:8080",
        "a.example.:8080",
        "x.b.example",
        "X.y.B.example.",
        "[2001:db8::1]",
        "[2001:DB8:0:0:0:0:0:1]:8080",
        "[2001:0db8::0001]",
    ]
    .map(str::to_owned)
    .to_vec();
    // Beyond a number of hosts another way of looking them up must not be another reading.
    hosts.extend((0..200).map(|number| format!("H{number}.b.EXAMPLE")));
    for host in hosts {
        let origin = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let absolute =
            format!("GET http://{host}/ HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n");
        for request in [origin, absolute] {
            let statuses: Vec<u16> = stage.raw(&request).iter().map(|answer| answer.status).collect();
            assert_eq!(statuses, [401], "{request}");
        }
    }
}
