use std::path::PathBuf;
use std::sync::mpsc::channel;

use super::{Message, Seen, content, files_of, wait_for_rest};
use crate::config::{AuthorizationHeader, Config, ListenerTls, SecretRef};

#[test]
fn every_file_of_a_configuration_is_followed() {
    let mut config = Config::default();
    config.listener.tls = Some(ListenerTls { certificate: "tls.crt".into(), key: "tls.key".into() });
    config.identity.authorization_header = AuthorizationHeader::Replace(SecretRef::File("basic".into()));
    config.providers.insert(
        "shop".to_owned(),
        serde_json::from_value(serde_json::json!({
            "issuer": "https://sso.example/realms/shop",
            "client_id": "gateway",
            "client_secret": "file:secret",
            "ca": "ca.pem",
            "jwks": { "pem": "key.pem" },
            "authorization": { "settings": "settings.json" },
        }))
        .unwrap(),
    );
    config.upstreams.insert(
        "orders".to_owned(),
        serde_json::from_value(serde_json::json!({
            "endpoints": ["https://orders:8443"],
            "tls": { "ca": "orders.pem", "certificate": "client.crt", "key": "client.key" },
        }))
        .unwrap(),
    );
    let mut files = files_of(&config);
    files.sort();
    let wanted = [
        "basic",
        "ca.pem",
        "client.crt",
        "client.key",
        "key.pem",
        "orders.pem",
        "secret",
        "settings.json",
        "tls.crt",
        "tls.key",
    ];
    assert_eq!(files, wanted.map(PathBuf::from));
}

#[test]
fn a_file_that_is_replaced_through_a_link_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // As Kubernetes mounts a ConfigMap: file -> ..data/file, ..data -> a folder with a time stamp.
    for (version, text) in [("..1", "old"), ("..2", "new")] {
        std::fs::create_dir(path(version)).unwrap();
        std::fs::write(path(version).join("gateway.toml"), text).unwrap();
    }
    std::os::unix::fs::symlink("..1", path("..data")).unwrap();
    std::os::unix::fs::symlink("..data/gateway.toml", path("gateway.toml")).unwrap();
    let look = || Seen([(path("gateway.toml"), content(&path("gateway.toml")))].into());
    let before = look();
    assert!(before.folders().contains(folder.path()));
    std::os::unix::fs::symlink("..2", path("..data_tmp")).unwrap();
    std::fs::rename(path("..data_tmp"), path("..data")).unwrap();
    assert!(look().differs_from(&before));
}

#[test]
fn many_changes_at_once_are_one() {
    let (sender, receiver) = channel();
    for _ in 0..1000 {
        sender.send(Message::Changed).unwrap();
    }
    assert!(wait_for_rest(&receiver));
    assert!(receiver.try_recv().is_err());
    sender.send(Message::Stop).unwrap();
    assert!(!wait_for_rest(&receiver));
}
