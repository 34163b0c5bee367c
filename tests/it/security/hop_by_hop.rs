//! Fields that are for one connection only, and `Connection` as a weapon: CVE-2021-32813, CVE-2024-45410, CVE-2026-29054, CVE-2021-33197,
//! CVE-2026-105299, GHSA-w9mr-28mw-j8hg.

use crate::stage::{Stage, echoed};

#[test]
fn hop_by_hop_fields_do_not_pass() {
    let stage = Stage::start("[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    let headers = [
        ("Keep-Alive", "timeout=5"),
        ("Proxy-Connection", "keep-alive"),
        ("Proxy-Authorization", "Basic eA=="),
        ("TE", "trailers, deflate"),
        ("Upgrade", "h2c"),
        ("HTTP2-Settings", "AAMAAABkAAQAAP__"),
        ("X-Kept", "1"),
    ];
    let answer = stage.request("GET", "/x", &headers, b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
    for name in
        ["keep-alive", "proxy-connection", "proxy-authorization", "upgrade", "http2-settings", "connection"]
    {
        assert_eq!(echoed(&answer, name), Vec::<String>::new(), "{name}");
    }
    assert!(echoed(&answer, "te").iter().all(|te| te == "trailers"));
    assert_eq!(echoed(&answer, "x-kept"), ["1"]);
}

#[test]
fn fields_that_connection_names_do_not_pass_in_any_case() {
    let stage = Stage::start("[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    let request = "GET /x HTTP/1.1\r\nHost: a\r\nX-Secret: 1\r\nX-Other: 2\r\nX-Kept: 3\r\n\
                   Connection: x-sECRET , close\r\nConnection: X-Other\r\n\r\n";
    let answers = stage.raw(request);
    let answer = answers.first().expect("an answer");
    assert_eq!(echoed(answer, "x-secret"), Vec::<String>::new());
    assert_eq!(echoed(answer, "x-other"), Vec::<String>::new());
    assert_eq!(echoed(answer, "x-kept"), ["3"]);
}

#[test]
fn an_upstreams_hop_by_hop_fields_do_not_pass() {
    use gatecloak::testing::{BadUpstream, Misbehaviour};
    let upstream = BadUpstream::start(Misbehaviour::HopByHop).expect("an upstream");
    let toml = format!(
        "[upstreams.x]\nendpoints = [\"http://{}\"]\n[routes.all]\npath = \"/*\"\nrequire = \"public\"\n",
        upstream.address()
    );
    let gateway = crate::stage::start_gateway(&toml);
    let answer = gatecloak::testing::RawClient::get(gateway.address(), "/", &[]).expect("an answer");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-public"), Some("1"));
    for name in ["x-private", "keep-alive", "proxy-authenticate"] {
        assert_eq!(answer.header(name), None, "{name}");
    }
}
