use super::*;

fn map(fields: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers
            .append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn names_of(headers: &HeaderMap) -> Vec<&str> {
    let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn every_hop_by_hop_field_is_removed() {
    let mut headers = map(&[
        ("connection", "keep-alive"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "keep-alive"),
        ("proxy-authenticate", "Basic"),
        ("proxy-authorization", "Basic eA=="),
        ("te", "gzip"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "websocket"),
        ("http2-settings", "AAMAAABk"),
        ("trailer", "grpc-status"),
        ("accept", "*/*"),
    ]);
    assert_eq!(strip_hop_by_hop(&mut headers), None);
    assert_eq!(names_of(&headers), ["accept", "trailer"]);
}

#[test]
fn what_connection_names_is_removed_whatever_its_case_and_line() {
    let mut headers = map(&[
        ("connection", "close, X-Foo"),
        ("connection", " ,x-BAR ,"),
        ("x-foo", "1"),
        ("x-bar", "2"),
        ("x-baz", "3"),
        ("authorization", "Bearer x"),
    ]);
    strip_hop_by_hop(&mut headers);
    assert_eq!(names_of(&headers), ["authorization", "x-baz"]);
}

#[test]
fn host_and_length_stay_although_connection_names_them() {
    let mut headers = map(&[
        ("connection", "host, content-length, content-type, cookie, bad name"),
        ("host", "a"),
        ("content-length", "5"),
        ("content-type", "text/plain"),
        ("cookie", "a=b"),
    ]);
    strip_hop_by_hop(&mut headers);
    assert_eq!(names_of(&headers), ["content-length", "content-type", "host"]);
}

#[test]
fn te_stays_for_trailers_alone() {
    let mut headers = map(&[("te", "gzip;q=0.5, Trailers"), ("connection", "TE")]);
    strip_hop_by_hop(&mut headers);
    assert_eq!(headers.get(TE).unwrap(), "trailers");

    let mut headers = map(&[("te", "trailers;q=0.5x, gzip")]);
    strip_hop_by_hop(&mut headers);
    assert!(headers.is_empty());
}

#[test]
fn an_upgrade_is_given_back_if_connection_names_it() {
    let mut headers = map(&[("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")]);
    let protocol = strip_hop_by_hop(&mut headers).unwrap();
    assert_eq!(protocol, "websocket");
    assert!(headers.is_empty());
    put_upgrade(&mut headers, protocol);
    assert!(is_upgrade(&headers));

    let mut headers = map(&[("connection", "keep-alive"), ("upgrade", "websocket")]);
    assert_eq!(strip_hop_by_hop(&mut headers), None);
}

#[test]
fn an_upgrade_that_leads_past_the_gateway_is_not_given_back() {
    for protocol in ["h2c", "H2C", "websocket, h2c", "HTTP/2.0", "TLS/1.0", "h2"] {
        let mut headers = map(&[("connection", "upgrade"), ("upgrade", protocol)]);
        assert_eq!(strip_hop_by_hop(&mut headers), None, "{protocol}");
        assert!(headers.is_empty(), "{protocol}");
    }
}

#[test]
fn an_answer_keeps_its_cookies_and_its_length() {
    let mut headers = map(&[
        ("connection", "keep-alive, set-cookie, content-length, x-internal"),
        ("keep-alive", "timeout=5"),
        ("transfer-encoding", "chunked"),
        ("set-cookie", "a=b"),
        ("content-length", "5"),
        ("x-internal", "1"),
    ]);
    strip_response_hop_by_hop(&mut headers);
    assert_eq!(names_of(&headers), ["content-length", "set-cookie"]);
}
