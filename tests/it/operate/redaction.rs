//! `/config` shows the configuration in use and nothing that is secret.

use gatecloak::testing::RawClient;

use crate::stage::{Stage, start_gateway};

#[test]
fn the_configuration_is_shown_without_its_secrets() {
    let stage = Stage::start(
        "[routes.all]\npath = \"/*\"\n[routes.replaced]\npath = \"/replaced\"\n\
         authorization_header = { replace = \"env:PATH\" }\n",
    );
    let ops = stage.gateway.ops_address().expect("an ops listener");
    let answer = RawClient::get(ops, "/config", &[]).expect("an answer");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let config = answer.json().expect("JSON");
    assert_eq!(config["providers"]["demo"]["client_secret"], "file:secret");
    assert_eq!(config["routes"]["all"]["path"], "/*");
    assert!(!config["listener"]["limits"]["head_bytes"].is_null(), "defaults too");
    let text = answer.text();
    assert!(text.contains("env:PATH"), "{text}");
    let path = std::env::var("PATH").expect("a path");
    for secret in ["demo-gateway-secret", &path] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn it_shows_what_a_reload_has_changed() {
    let stage = Stage::start("[routes.all]\npath = \"/*\"\n");
    let ops = stage.gateway.ops_address().expect("an ops listener");
    let pattern = || {
        let config = RawClient::get(ops, "/config", &[]).expect("an answer").json().expect("JSON");
        config["routes"]["all"]["path"].as_str().expect("a pattern").to_owned()
    };
    stage.gateway.reload_with(&stage.toml("", "[routes.all]\npath = \"/other/*\"\n")).expect("reloaded");
    assert_eq!(pattern(), "/other/*");
    stage.gateway.reload_with("[routes.all]\npath = 1\n").expect_err("broken");
    assert_eq!(pattern(), "/other/*");
}

#[test]
fn a_gateway_with_a_secret_in_its_own_file_does_not_start() {
    let written = std::panic::catch_unwind(|| {
        start_gateway(
            "[providers.demo]\nissuer = \"http://127.0.0.1:9/realms/demo\"\nclient_id = \"gateway\"\n\
             client_secret = \"swordfish\"\n[upstreams.echo]\nendpoints = [\"http://127.0.0.1:9\"]\n\
             [routes.all]\npath = \"/*\"\n",
        )
    });
    let problem = written.expect_err("refused");
    let text = problem.downcast_ref::<String>().expect("a text");
    assert!(text.contains("client_secret") && !text.contains("swordfish"), "{text}");
}
