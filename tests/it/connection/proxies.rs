//! Calls through a proxy.

use gatecloak::connection::{ConnectionSettings, Verify};
use serde_json::Value;

use super::{Forwarder, Reply, Stub, get, open};
use crate::wire::Certificate;

#[test]
fn a_proxy_is_used_for_its_scheme_only() {
    let stub = Stub::start(|_, _| Reply::Json(200, Value::Null));
    let forwarder = Forwarder::start();
    for (scheme, calls) in [("http", 1), ("https", 0), ("all", 1)] {
        forwarder.forget();
        let mut settings = ConnectionSettings::new(stub.url());
        settings.proxies.insert(scheme.to_owned(), forwarder.url());
        assert_eq!(get(&open(settings), "x").expect("an answer").status, 200);
        assert_eq!(forwarder.seen().len(), calls, "{scheme}");
    }
    let mut settings = ConnectionSettings::new(stub.url());
    settings.proxies.insert("ftp".to_owned(), forwarder.url());
    let error = gatecloak::connection::Connection::open(settings).expect_err("no such scheme");
    assert!(error.message().contains("`ftp`"), "{error}");
}

#[test]
fn tls_goes_through_a_tunnel_and_the_proxy_is_told_who_asks() {
    let stub = Stub::tls(Certificate::new().server(&[]));
    let forwarder = Forwarder::start();
    let mut settings = ConnectionSettings::new(format!("https://127.0.0.1:{}", stub.address.port()));
    settings.verify = Verify::Nothing;
    let proxy = forwarder.url().replace("http://", "http://ann:pass@");
    settings.proxies.insert("https".to_owned(), proxy);
    assert_eq!(get(&open(settings), "secret/path").expect("an answer").status, 200);
    let seen = forwarder.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line(), format!("CONNECT {} HTTP/1.1", stub.address));
    assert_eq!(seen[0].field("proxy-authorization"), Some("Basic YW5uOnBhc3M="));
    assert!(stub.seen()[0].field("proxy-authorization").is_none());
}
