//! Defaults < file < environment < flags.

use gatecloak::config::{Config, Period, SecretRef};

use crate::{WHOLE, config, load_as};

#[test]
fn an_empty_file_is_the_defaults() {
    let empty = config("", &[], &[]);
    assert_eq!(serde_json::to_value(&empty).unwrap(), serde_json::to_value(Config::default()).unwrap());
}

#[test]
fn flags_win_over_environment_and_environment_over_file_and_file_over_defaults() {
    let text = "[listener]\naddress = \"127.0.0.1:1\"\ndrain = \"1s\"\nworkers = 1\n";
    let config = config(
        text,
        &[("GATECLOAK_LISTENER__ADDRESS", "127.0.0.1:2"), ("GATECLOAK_LISTENER__DRAIN", "2s")],
        &[("listener.address", "127.0.0.1:3")],
    );
    assert_eq!(config.listener.address.port(), 3);
    assert_eq!(config.listener.drain, Period::secs(2));
    assert_eq!(config.listener.workers, 1);
    assert_eq!(config.listener.limits.headers, 100);
}

#[test]
fn values_from_outside_are_read_as_what_the_key_takes() {
    let config = config(
        WHOLE,
        &[
            ("GATECLOAK_LISTENER__WORKERS", "4"),
            ("GATECLOAK_OPS__ENABLED", "false"),
            ("GATECLOAK_LISTENER__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
            ("GATECLOAK_PROVIDERS__MAIN__CLIENT_ID", "12345"),
            ("GATECLOAK_PROVIDERS__MAIN__CLIENT_SECRET", "env:SECRET"),
            ("GATECLOAK_ROUTES__ALL__REQUIRE", "{ realm_role = \"reader\" }"),
        ],
        &[
            ("providers.main.token.audience", "[\"shop\"]"),
            ("routes.all.strip_prefix", "/a"),
            ("routes.all.ticket", "false"),
        ],
    );
    assert_eq!(config.listener.workers, 4);
    assert!(!config.ops.enabled);
    assert_eq!(config.listener.trusted_proxies.len(), 1);
    let provider = &config.providers["main"];
    assert_eq!(provider.client_id, "12345");
    assert_eq!(provider.client_secret, Some(SecretRef::Env("SECRET".to_owned())));
    assert_eq!(provider.token.audience, ["shop"]);
    assert_eq!(config.routes["all"].strip_prefix.as_deref(), Some("/a"));
}

#[test]
fn a_route_can_come_from_the_environment_alone() {
    let config = config(WHOLE, &[("GATECLOAK_ROUTES__EXTRA__PATH", "/extra")], &[]);
    assert_eq!(config.routes["extra"].path, "/extra");
}

#[test]
fn yaml_and_toml_say_the_same() {
    let toml = r#"
[listener]
address = "127.0.0.1:8080"
workers = 2
drain = "1m"

[providers.main]
issuer = "https://sso.example.com/realms/main"
client_id = "gateway"
client_secret = "env:SECRET"
token = { leeway = "1s", algorithms = ["ES256"] }

[upstreams.app]
endpoints = ["http://127.0.0.1:3000"]
preserve_host = false

[routes.all]
path = "/*"
require = { scope = ["a", "b"], any = [{ group = "/staff" }, { claim = { name = "n", equals = 1.5 } }] }

[[tests]]
request = "GET /"
claims = { sub = "alice", age = 30, admin = false }
expect = "deny"
"#;
    let yaml = r#"
listener:
  address: 127.0.0.1:8080
  workers: 2
  drain: 1m
providers:
  main:
    issuer: https://sso.example.com/realms/main
    client_id: gateway
    client_secret: env:SECRET
    token: &token { leeway: 1s, algorithms: [ES256] }
upstreams:
  app:
    endpoints:
      - http://127.0.0.1:3000
    preserve_host: false
routes:
  all:
    path: /*
    require:
      scope: [a, b]
      any:
        - group: /staff
        - claim: { name: n, equals: 1.5 }
tests:
  - request: GET /
    claims: { sub: alice, age: 30, admin: false }
    expect: deny
"#;
    let from_toml = load_as("gatecloak.toml", toml, &[], &[]).unwrap().config;
    let from_yaml = match load_as("gatecloak.yml", yaml, &[], &[]) {
        Ok(loaded) => loaded.config,
        Err(error) => panic!("{}", error.render(false)),
    };
    assert_eq!(serde_json::to_value(from_toml).unwrap(), serde_json::to_value(from_yaml).unwrap());
}
