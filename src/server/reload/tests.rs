use std::net::SocketAddr;

use super::keep_what_needs_a_restart;
use crate::config::{Config, Period};

#[test]
fn what_needs_a_restart_is_named_and_stays() {
    let old = Config::default();
    let mut new = Config::default();
    new.listener.address = SocketAddr::from(([127, 0, 0, 1], 1));
    new.listener.limits.headers = 7;
    new.ops.enabled = false;
    new.telemetry.level = "debug".to_owned();
    let keys = keep_what_needs_a_restart(&old, &mut new);
    assert_eq!(keys, ["listener.address", "listener.limits.headers", "ops.enabled", "telemetry.level"]);
    assert_eq!(serde_json::to_value(&new).unwrap(), serde_json::to_value(&old).unwrap());
}

#[test]
fn what_needs_no_restart_is_taken_over() {
    let old = Config::default();
    let mut new = Config::default();
    new.listener.drain = Period::secs(1);
    new.listener.limits.body_idle_timeout = Period::secs(2);
    new.listener.trusted_proxies = vec!["192.0.2.0/24".parse().unwrap()];
    let wanted = serde_json::to_value(&new).unwrap();
    assert!(keep_what_needs_a_restart(&old, &mut new).is_empty());
    assert_eq!(serde_json::to_value(&new).unwrap(), wanted);
}
