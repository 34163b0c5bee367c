use std::net::Ipv6Addr;

use super::*;

fn client(peer: &str, trusted: bool) -> Client {
    Client { peer: peer.parse().unwrap(), trusted, scheme: "https" }
}

/// What a stranger's request to this host is given.
fn written_for(host: &[u8], peer: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(HOST, HeaderValue::from_bytes(host).unwrap());
    write_forwarded(&mut headers, client(peer, false), &Written::default());
    headers
}

fn map(fields: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers
            .append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn all(headers: &HeaderMap) -> Vec<(&str, &str)> {
    let mut fields: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    fields.sort_unstable();
    fields
}

#[test]
fn a_strangers_claims_are_replaced_in_every_spelling() {
    let mut headers = map(&[
        ("host", "shop.example"),
        ("x-forwarded-for", "1.1.1.1"),
        ("x-forwarded-for", "2.2.2.2"),
        ("x_forwarded_for", "1.1.1.1"),
        ("x.forwarded.for", "1.1.1.1"),
        ("x-forwarded_proto", "http"),
        ("x-forwarded-port", "1"),
        ("x-forwarded-prefix", "/evil"),
        ("x-forwarded-user", "admin"),
        ("x-real-ip", "1.1.1.1"),
        ("x_real_ip", "1.1.1.1"),
        ("forwarded", "for=1.1.1.1"),
        ("forwarded", "for=2.2.2.2"),
        ("x-forward", "stays"),
        ("from", "stays"),
    ]);
    write_forwarded(&mut headers, client("203.0.113.7", false), &Written::default());
    assert_eq!(
        all(&headers),
        [
            ("forwarded", "for=203.0.113.7;host=shop.example;proto=https"),
            ("from", "stays"),
            ("host", "shop.example"),
            ("x-forward", "stays"),
            ("x-forwarded-for", "203.0.113.7"),
            ("x-forwarded-host", "shop.example"),
            ("x-forwarded-proto", "https"),
        ]
    );
}

#[test]
fn a_trusted_proxys_chain_is_continued() {
    let mut headers = map(&[
        ("host", "shop.example"),
        ("x-forwarded-for", "198.51.100.1"),
        ("x-forwarded-for", "198.51.100.2"),
        ("x_forwarded_for", "6.6.6.6"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", "outside.example"),
        ("x-forwarded-port", "80"),
        ("forwarded", "for=198.51.100.1"),
    ]);
    write_forwarded(&mut headers, client("10.0.0.10", true), &Written::default());
    assert_eq!(
        all(&headers),
        [
            ("forwarded", "for=198.51.100.1, for=10.0.0.10;host=shop.example;proto=https"),
            ("host", "shop.example"),
            ("x-forwarded-for", "198.51.100.1, 198.51.100.2, 10.0.0.10"),
            ("x-forwarded-host", "outside.example"),
            ("x-forwarded-port", "80"),
            ("x-forwarded-proto", "http"),
        ]
    );
}

#[test]
fn ipv6_is_quoted_in_forwarded_and_bare_elsewhere() {
    let peer = "2001:db8::1";
    let headers = written_for(b"shop.example:8443", peer);
    assert_eq!(headers.get("x-forwarded-for").unwrap(), peer);
    assert_eq!(
        headers.get("forwarded").unwrap(),
        "for=\"[2001:db8::1]\";host=\"shop.example:8443\";proto=https"
    );
}

#[test]
fn a_mapped_address_is_written_as_ipv4() {
    let mut headers = HeaderMap::new();
    let peer = IpAddr::V6(Ipv6Addr::from_bits(0xffff_0102_0304));
    write_forwarded(&mut headers, Client { peer, ..client("::1", false) }, &Written::default());
    assert_eq!(headers.get("x-forwarded-for").unwrap(), "1.2.3.4");
}

#[test]
fn a_host_can_not_break_out_of_its_quotes() {
    let headers = written_for(br#"a";for="6.6.6.6\"#, "1.2.3.4");
    assert_eq!(
        headers.get("forwarded").unwrap(),
        "for=1.2.3.4;host=\"a\\\";for=\\\"6.6.6.6\\\\\";proto=https"
    );
    let headers = written_for(b"caf\xc3\xa9", "1.2.3.4");
    assert_eq!(headers.get("forwarded").unwrap(), "for=1.2.3.4;proto=https");
    assert!(!headers.contains_key("x-forwarded-host"));
}

#[test]
fn what_was_written_first_is_written_again_for_the_same_host_only() {
    let (written, stranger) = (Written::default(), client("1.2.3.4", false));
    for host in ["a.example", "b.example", "a.example", "b.example"] {
        let mut headers = map(&[("host", host)]);
        write_forwarded(&mut headers, stranger, &written);
        assert_eq!(headers.get("forwarded").unwrap(), &format!("for=1.2.3.4;host={host};proto=https"));
        assert_eq!(headers.get("x-forwarded-host").unwrap(), host);
    }
    let mut headers = map(&[("host", "a.example"), ("x-forwarded-for", "9.9.9.9")]);
    write_forwarded(&mut headers, client("1.2.3.4", true), &written);
    assert_eq!(headers.get("x-forwarded-for").unwrap(), "9.9.9.9, 1.2.3.4");
}

#[test]
fn a_very_long_host_is_written_whole() {
    let host = "a".repeat(400);
    let headers = written_for(host.as_bytes(), "1.2.3.4");
    assert_eq!(headers.get("forwarded").unwrap(), &format!("for=1.2.3.4;host={host};proto=https"));
}

#[test]
fn every_octet_is_written_as_the_library_writes_it() {
    for octet in 0..=255_u8 {
        let address = Ipv4Addr::new(octet, 255, 0, octet);
        let mut text = Text::new();
        text.push_v4(address);
        assert_eq!(text.bytes(), address.to_string().as_bytes());
    }
}
