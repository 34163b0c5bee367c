use std::path::Path;

use super::*;

fn is_send<T: Send>(_: &T) {}

#[test]
fn the_future_of_a_request_is_small_enough_to_be_moved_about() {
    let config = toml::from_str("endpoints = ['http://127.0.0.1:1']").unwrap();
    let upstream = Arc::new(Upstream::build("test", &config, Path::new(".")).unwrap());
    let client = Client::new();
    let future = client.send(&upstream, Box::new(Request::new(Body::empty())));
    is_send(&future);
    assert!(size_of_val(&future) <= 1536, "{}", size_of_val(&future));
}
