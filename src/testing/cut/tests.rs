use super::*;
use crate::testing::{EchoUpstream, RawClient};

const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

#[test]
fn bytes_pass_until_the_link_is_cut_and_again_when_it_is_restored() {
    let upstream = EchoUpstream::start().unwrap();
    let proxy = ChaosProxy::start(upstream.address()).unwrap();
    let mut client = RawClient::connect(proxy.address()).unwrap();
    client.send(GET).unwrap();
    assert_eq!(client.response().unwrap().status, 200);
    proxy.cut();
    assert!(client.is_closed_within(Duration::from_secs(10)));
    assert!(RawClient::get(proxy.address(), "/", &[]).is_err());
    proxy.restore();
    assert_eq!(RawClient::get(proxy.address(), "/", &[]).unwrap().status, 200);
}

#[test]
fn a_stalled_link_keeps_bytes_and_delivers_them_later() {
    let upstream = EchoUpstream::start().unwrap();
    let proxy = ChaosProxy::start(upstream.address()).unwrap();
    proxy.stall();
    let mut client = RawClient::connect(proxy.address()).unwrap();
    client.send(GET).unwrap();
    assert!(!client.is_closed_within(Duration::from_millis(50)));
    assert_eq!(upstream.requests(), 0);
    proxy.restore();
    assert_eq!(client.response().unwrap().status, 200);
}

#[test]
fn a_delayed_link_still_delivers() {
    let upstream = EchoUpstream::start().unwrap();
    let proxy = ChaosProxy::start(upstream.address()).unwrap();
    proxy.delay(Duration::from_millis(5));
    assert_eq!(RawClient::get(proxy.address(), "/big/200000", &[]).unwrap().body.len(), 200_000);
}
