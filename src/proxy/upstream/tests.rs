use super::*;

fn build(toml: &str) -> Result<Upstream, Vec<Problem>> {
    Upstream::build("shop", &toml::from_str(toml).unwrap(), Path::new("."))
}

#[test]
fn endpoints_are_read() {
    let upstream = build(
        r#"endpoints = ["http://127.0.0.1:8080", "http://Shop.Example", "http://[::1]:81/", "http://h:80"]"#,
    )
    .unwrap();
    let read: Vec<_> = upstream
        .endpoints()
        .iter()
        .map(|endpoint| (endpoint.host(), endpoint.port(), endpoint.authority().as_str()))
        .collect();
    assert_eq!(
        read,
        [
            ("127.0.0.1", 8080, "127.0.0.1:8080"),
            ("shop.example", 80, "shop.example"),
            ("::1", 81, "[::1]:81"),
            ("h", 80, "h"),
        ]
    );
}

#[test]
fn every_wrong_endpoint_is_reported_under_its_key() {
    let problems = build(
        r#"endpoints = ["ftp://a", "http://a/b", "http://u:secret@a", "a:1", "http://a:99999", "http://ok", "http://a?b", "http://a:0"]"#,
    )
    .unwrap_err();
    let keys: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
    let expected: Vec<_> = [0, 1, 2, 3, 4, 6, 7].map(|i| format!("upstreams.shop.endpoints.{i}")).to_vec();
    assert_eq!(keys, expected);
    assert!(!format!("{problems:?}").contains("secret"));
}

#[test]
fn an_upstream_needs_an_endpoint() {
    assert_eq!(build("endpoints = []").unwrap_err()[0].key, "upstreams.shop.endpoints");
}

#[test]
fn missing_tls_files_are_reported_under_their_keys() {
    let problems = build(
        r#"
        endpoints = ["https://a"]
        tls.ca = "no-such.pem"
        tls.certificate = "no-such.pem"
        tls.server_name = "not a name"
        "#,
    )
    .unwrap_err();
    let keys: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(
        keys,
        ["upstreams.shop.tls.ca", "upstreams.shop.tls.certificate", "upstreams.shop.tls.server_name"]
    );
}
