use super::*;

fn filled(toml: &str) -> Table {
    on_loopback(toml).parse().unwrap()
}

#[test]
fn what_a_test_does_not_say_is_filled_in() {
    let table = filled("[routes.all]\npath = \"/*\"\n");
    assert_eq!(table["listener"]["address"].as_str(), Some("127.0.0.1:0"));
    assert_eq!(table["ops"]["address"].as_str(), Some("127.0.0.1:0"));
    assert_eq!(table["telemetry"]["access_log"]["file"].as_str(), Some(ACCESS_LOG));
    assert_eq!(table["routes"]["all"]["path"].as_str(), Some("/*"));
}

#[test]
fn what_a_test_says_stays() {
    let table =
        filled("[listener]\nworkers = 2\n[ops]\nenabled = false\n[telemetry.access_log]\nenabled = false\n");
    assert_eq!(table["listener"]["workers"].as_integer(), Some(2));
    assert_eq!(table["ops"]["enabled"].as_bool(), Some(false));
    assert!(table["telemetry"]["access_log"].get("file").is_none());
}

#[test]
fn what_is_no_toml_is_left_to_the_loader() {
    assert_eq!(on_loopback("= broken"), "= broken");
}

#[test]
fn the_configuration_between_issuer_and_upstream_is_one() {
    let idp = DevIdp::new(crate::testing::Realm::demo().unwrap()).start().unwrap();
    let rest = "[routes.all]\npath = \"/*\"\n[providers.demo.token]\nleeway = \"1s\"\n";
    let toml = on_loopback(&TestGateway::config(&idp, SocketAddr::from(([127, 0, 0, 1], 1)), rest));
    let config: config::Config = toml::from_str(&toml).unwrap();
    assert_eq!(config.providers["demo"].issuer, idp.issuer());
    assert_eq!(config.upstreams["echo"].endpoints, ["http://127.0.0.1:1"]);
    assert_eq!(config.routes["all"].path, "/*");
}
