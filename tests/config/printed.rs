//! Every kind of error, as it is printed.

use std::path::Path;

use gatecloak::config::load;

use crate::{WHOLE, load_as, wrong, wrong_with};

/// Compares with the committed text, which shows the lines of the file that matter itself.
macro_rules! assert_printed {
    ($text:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($text) })
    };
}

#[test]
fn unknown_keys_are_all_named_with_what_was_meant() {
    assert_printed!(wrong(
        r#"
[listner]
address = "127.0.0.1:8080"

[listener]
workers = "many"

[listener.limits]
conections = 5

[providers.main]
issuer = "https://sso.example.com/realms/main"
client-id = "gateway"

[providers.main.token]
leway = "5s"

[upstreams.app]
endpoints = ["http://127.0.0.1:3000"]
timeouts = { conect = "1s" }

[routes.all]
path = "/*"
require = { realm_rol = "reader" }

[[tests]]
request = "GET /"
expect = "allow"
becuase = "it is"
"#
    ));
}

#[test]
fn bad_values_are_all_named_with_what_is_expected() {
    assert_printed!(wrong(
        r#"
[listener]
address = "localhost:8080"
workers = "many"
trusted_proxies = ["10.0.0.0/8", "10.0.0.1", "nonsense"]
drain = "30 parsecs"

[listener.limits]
head_bytes = "32 KiBi"
http2_streams = -1
headers = 99999999999999999999

[ops]
enabled = "yes"

[providers.main]
issuer = 5
client_id = "gateway"
client_auth = "private_key_jwt"

[providers.main.token]
algorithms = ["RS256", "HS256"]
audience = "shop"

[upstreams.app]
endpoints = "http://127.0.0.1:3000"

[routes.all]
path = ["/*"]
require = "authentcated"
enforcement = "Enforcing"

[routes.other]
path = "/other"
require = "admin"
limits = 5

[routes.third]
path = "/third"
require = { any = ["public", 5, { scope = 7 }], permission = { methods = { GET = "view" } } }
"#
    ));
}

#[test]
fn missing_keys_are_all_named() {
    assert_printed!(wrong(
        r#"
[listener.tls]
key = "tls.key"

[providers.main]

[upstreams.app]

[routes.all]
require = { claim = { equals = 1 } }

[[tests]]
claims = {}
"#
    ));
}

#[test]
fn contradictions_are_named_beside_bad_values() {
    assert_printed!(wrong(
        r#"
[ops]
address = "0.0.0.0:8080"

[providers.main]
issuer = "https://admin:hunter2@sso.example.com/realms/main"
internal_url = "keycloak:8080/realms/main"
client_id = "gateway"
timeout = "soon"
jwks = { pem_algorithm = "RS256" }
token = { leeway = "10m" }

[upstreams.orders]
endpoints = ["http://127.0.0.1:3000/api", "ftp://files"]

[upstreams.stock]
endpoints = []

[routes.orders]
path = "/orders/*"
upstream = "oders"
providers = ["mian"]
methods = ["get", "P O S T"]

[routes.stock]
path = "/stock/*"
cors = { origins = ["*"], credentials = true }
ticket = true

["routes"."two words"]
path = "/two"
upstream = "stock"
require = { claim = { name = "tier", equals = "gold", present = true }, all = [{}] }
"#
    ));
}

#[test]
fn a_file_that_is_no_toml_is_shown_where_it_breaks() {
    assert_printed!(wrong(
        "[providers.main]\nissuer = \"https://sso.example.com\nclient_id = gateway\nclient_secret = hunter2\n\n[upstreams\n"
    ));
}

#[test]
fn a_key_given_twice_is_refused() {
    assert_printed!(wrong("[ops]\nenabled = true\nenabled = false\n"));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = load(Path::new("no/such/gatecloak.toml"), &[]).unwrap_err();
    assert_printed!(error.render(false));
}

#[test]
fn what_comes_from_outside_the_file_says_so() {
    assert_printed!(wrong_with(
        WHOLE,
        &[
            ("GATECLOAK_LISTENER__ADDRESS", "nonsense"),
            ("GATECLOAK_LISTENER__ADRESS", "127.0.0.1:1"),
            ("GATECLOAK_ROUTES__ALL__UPSTREAM", "ap"),
            ("GATECLOAK_PROVIDERS__MAIN__CLIENT_SECRET", "hunter2"),
            ("GATECLOAK_PROVIDERS__OTHER__CLIENT_ID", "gateway"),
            ("GATECLOAK_IDENTITY__AUTHORIZATION_HEADER", "Basic hunter2"),
            ("GATECLOAK_WORKERS", "3"),
            ("GATECLOAK_TELEMETRY__LEVEL", "info\nwarn"),
            ("GATECLOAK__", "x"),
        ],
        &[("ops.adress", "127.0.0.1:1"), ("listener.drain", "hunter"), ("no key", "1")],
    ));
}

#[test]
fn yaml_is_pointed_at_like_toml() {
    let text = "\
listener:
  adress: 127.0.0.1:8080
providers:
  main:
    issuer: 5
    client_secret: hunter2
upstreams:
  app:
    endpoints: [http://127.0.0.1:3000]
routes:
  all:
    path: /*
    methods: [GET, get]
";
    let error = load_as("gatecloak.yaml", text, &[], &[]).unwrap_err();
    assert_printed!(error.render(false));
    let error = load_as("gatecloak.yaml", "a: [1\nb: 2\n", &[], &[]).unwrap_err();
    assert_printed!(error.render(false));
}

#[test]
fn colour_is_only_where_it_is_asked_for() {
    let error = load_as("gatecloak.toml", "x = 1", &[], &[]).unwrap_err();
    assert!(error.render(true).contains('\u{1b}'));
    assert!(!error.render(false).contains('\u{1b}'));
}

#[test]
fn a_flood_of_problems_is_cut() {
    let text: String = (0..1000).map(|number| format!("key{number} = 1\n")).collect();
    let error = load_as("gatecloak.toml", &text, &[], &[]).unwrap_err();
    assert_eq!(error.problems.len(), 101);
}

#[test]
fn a_secret_written_out_is_refused_and_not_repeated() {
    for text in [
        "[providers.main]\nclient_secret = \"hunter2\"",
        "[providers.main]\nclient_secret = \"hunter2\"\nunknown = 1",
        "[providers]\nmain = { client_secret = \"hunter2\", unknown = 1 }",
        "[providers.main]\nclient_secret = 'hunter2",
        "[providers.main]\nclient_secret = hunter2",
        "[providers.main]\nclient_secret = { value = \"hunter2\" }",
        "[providers.main]\nclient_secret = \"\"\"\nhunter2",
        "[providers.main]\nclient_secret = \"\"\"\nhunter2\"\"\" x",
        "[providers.main]\nclient_secret = \n\"hunter2\"",
        "[providers.main]\nclient_secrt = \"hunter2\"",
        "[identity]\nauthorization_header = \"Basic hunter2\"",
        "[identity]\nauthorization_header = { replace = \"hunter2\" }",
        "[identity]\nauthorization_header = { replce = \"hunter2\" }",
        "[upstreams.app]\nendpoints = [\"http://joe:hunter2@127.0.0.1:3000\"]",
        "[upstreams.app]\nendpoints = \"http://joe:hunter2@127.0.0.1:3000\"",
        "[upstreams.app]\nendpoints = [\"joe:hunter2@127.0.0.1:3000\"]",
        "[providers.main]\nissuer = \"https://joe:hunter2@example.com\"\nclient_id = 5",
    ] {
        let error = load_as("gatecloak.toml", text, &[], &[]).unwrap_err();
        let printed = error.render(false);
        assert!(!printed.contains("hunter2"), "{text}\n{printed}");
        assert!(!format!("{error:?}").contains("hunter2"), "{text}\n{error:?}");
    }
    for text in [
        "providers:\n  main:\n    client_secret: hunter2",
        "providers:\n  main:\n    client_secret: |\n      hunter2\n",
        "providers:\n  main:\n    client_secret: >-\n      a b\n      hunter2\n    unknown: 1\n",
        "providers:\n  main: { client_secret: \"hunter2\", unknown: 1 }",
        "x: &x hunter2\nproviders:\n  main:\n    client_secret: *x\n",
        "providers:\n  main:\n    client_secret: hunter2\n   unknown: 1\n",
        "providers:\n  main:\n    client_secret:\n      hunter2\n   unknown: [\n",
    ] {
        let error = load_as("gatecloak.yaml", text, &[], &[]).unwrap_err();
        let printed = error.render(false);
        assert!(!printed.contains("hunter2"), "{text}\n{printed}");
    }
    let printed = wrong_with("", &[], &[("providers.main.client_secret", "hunter2")]);
    assert!(!printed.contains("hunter2"), "{printed}");
}
