use super::*;

fn client_of(peer: &str, forwarded: &[&'static str]) -> String {
    let proxies = ["10.0.0.0/8".parse().unwrap(), "192.168.0.1/32".parse().unwrap()];
    let mut headers = HeaderMap::new();
    for field in forwarded {
        headers.append("x-forwarded-for", http::HeaderValue::from_static(field));
    }
    client(&proxies, peer.parse().unwrap(), &headers).to_string()
}

#[test]
fn a_peer_that_is_no_proxy_is_the_client_whatever_it_says() {
    assert_eq!(client_of("203.0.113.9", &["127.0.0.1"]), "203.0.113.9");
}

#[test]
fn the_rightmost_address_that_is_no_proxy_is_the_client() {
    assert_eq!(client_of("10.0.0.1", &["1.1.1.1, 203.0.113.9, 10.0.0.2"]), "203.0.113.9");
    assert_eq!(client_of("10.0.0.1", &["1.1.1.1, 203.0.113.9", "192.168.0.1"]), "203.0.113.9");
}

#[test]
fn a_chain_of_proxies_only_ends_at_the_first_of_them() {
    assert_eq!(client_of("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    assert_eq!(client_of("10.0.0.1", &[]), "10.0.0.1");
}

#[test]
fn an_entry_that_is_no_address_ends_the_chain() {
    assert_eq!(client_of("10.0.0.1", &["203.0.113.9, unknown, 10.0.0.2"]), "10.0.0.2");
}

#[test]
fn ports_and_brackets_are_read() {
    assert_eq!(client_of("10.0.0.1", &["203.0.113.9:4711"]), "203.0.113.9");
    assert_eq!(client_of("10.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
    assert_eq!(client_of("10.0.0.1", &["[2001:db8::1]"]), "2001:db8::1");
    assert_eq!(client_of("10.0.0.1", &["::ffff:203.0.113.9"]), "203.0.113.9");
}
