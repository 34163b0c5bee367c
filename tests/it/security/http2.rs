//! What only HTTP/2 can say: CVE-2026-33186, CVE-2021-39155, CVE-2023-47106, CVE-2025-64763 and their kin, with frames that no library would
//! send.

use crate::frames::{DATA, END_HEADERS, END_STREAM, Frames, HEADERS, block};
use crate::security::paths::{ROUTES, TRICKS, is_guarded};
use crate::stage::Stage;

fn get<'a>(path: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields =
        vec![(":method", "GET"), (":scheme", "http"), (":authority", "a.example"), (":path", path)];
    fields.extend(more);
    fields
}

#[test]
fn no_spelling_of_a_guarded_path_passes_over_http2() {
    let stage = Stage::start(ROUTES);
    let bearer = format!("Bearer {}", stage.token("bob"));
    for trick in
        TRICKS.iter().chain(&["*", "", "?", "api/admin/x?", "/api/admin/x\0", "\t/report", "/report "])
    {
        for more in [vec![], vec![("authorization", bearer.as_str())]] {
            let answer = Frames::request(stage.gateway.address(), &get(trick, &more));
            if answer.status == Some(200) {
                let path = answer.json()["path"].as_str().expect("a path").to_owned();
                assert!(!is_guarded(&path), "{trick} reached {path}");
                assert!(
                    !more.is_empty() || !path.starts_with("/api"),
                    "{trick} reached {path} without a token"
                );
            }
        }
    }
}

#[test]
fn a_request_whose_head_is_not_one_request_is_refused() {
    let stage = Stage::start("[routes.a]\nhosts = [\"a.example\"]\npath = \"/*\"\nrequire = \"public\"\n");
    let good = get("/x", &[("host", "a.example"), ("te", "trailers")]);
    assert_eq!(Frames::request(stage.gateway.address(), &good).status, Some(200));
    let before = stage.upstream.requests();
    let (method, scheme, path) = ((":method", "GET"), (":scheme", "http"), (":path", "/x"));
    let authority = (":authority", "a.example");
    let heads: &[&[(&str, &str)]] = &[
        &[method, scheme, authority, path, (":path", "/y")],
        &[method, scheme, authority, (":authority", "b.example"), path],
        &[method, scheme, authority, path, ("host", "b.example")],
        &[method, scheme, authority, path, ("host", "a.example"), ("host", "a.example")],
        &[method, scheme, path],
        &[method, scheme, (":authority", ""), path],
        &[method, scheme, (":authority", "x@a.example"), path],
        &[method, scheme, (":authority", "a.example@b.example"), path],
        &[method, scheme, (":authority", "a.example/x"), path],
        &[method, scheme, (":authority", "a.example, b.example"), path],
        &[method, (":scheme", "ftp"), authority, path],
        &[method, scheme, authority],
        &[scheme, authority, path],
        &[method, scheme, authority, ("x", "y"), path],
        &[method, scheme, authority, path, (":status", "200")],
        &[method, scheme, authority, path, (":x", "y")],
        &[method, scheme, authority, path, ("X-Upper", "y")],
        &[method, scheme, authority, path, ("x y", "z")],
        &[method, scheme, authority, path, ("x", "y\r\nz: 1")],
        &[method, scheme, authority, path, ("x", "y\0")],
        &[method, scheme, authority, path, ("connection", "close")],
        &[method, scheme, authority, path, ("transfer-encoding", "chunked")],
        &[method, scheme, authority, path, ("keep-alive", "1")],
        &[method, scheme, authority, path, ("upgrade", "websocket")],
        &[method, scheme, authority, path, ("te", "gzip")],
        &[method, scheme, authority, path, ("content-length", "5")],
        &[method, scheme, authority, path, ("content-length", "x")],
        &[(":method", "get"), scheme, authority, path],
        &[(":method", "TRACE"), scheme, authority, path],
        &[(":method", "CONNECT"), (":authority", "a.example:80")],
        &[(":method", "CONNECT"), (":protocol", "websocket"), scheme, authority, path],
        &[(":method", "G T"), scheme, authority, path],
    ];
    for head in heads {
        let answer = Frames::request(stage.gateway.address(), head);
        assert!(answer.status.is_none_or(|status| status >= 400), "{head:?}: {}", answer.text());
    }
    assert_eq!(stage.upstream.requests(), before);
}

#[test]
fn no_spelling_of_an_identity_field_or_trailer_passes_over_http2() {
    let stage = Stage::start("[routes.public]\npath = \"/*\"\nrequire = \"public\"\n");
    let named = [
        ("x-auth-username", "root"),
        ("x_auth_username", "root"),
        ("x-auth.username", "root"),
        ("x!auth!username", "root"),
        ("x-auth-roles", "root"),
        ("x-forwarded-for", "root"),
        ("x_forwarded_for", "root"),
    ];
    let mut client = Frames::connect(stage.gateway.address(), &[]);
    let post = [(":method", "POST"), (":scheme", "http"), (":authority", "a.example"), (":path", "/x")];
    let announced = [("trailer", "x-kept, x-auth-username, x_auth_username")];
    let head: Vec<_> = post.into_iter().chain(named).chain(announced).collect();
    client.send(HEADERS, END_HEADERS, 1, &block(&head)).expect("sent");
    client.send(DATA, 0, 1, b"body").expect("sent");
    let trailers: Vec<_> = named.into_iter().chain([("x-kept", "1")]).collect();
    client.send(HEADERS, END_HEADERS | END_STREAM, 1, &block(&trailers)).expect("sent");
    let answer = client.answer(1);
    assert_eq!(answer.status, Some(200), "{}", answer.text());
    assert!(!answer.text().contains("root"), "{}", answer.text());
    assert_eq!(answer.json()["trailers"], serde_json::json!([["x-kept", "1"]]));
}
