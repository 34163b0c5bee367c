use super::*;

fn arguments(given: &[&str]) -> Result<DemoArgs, clap::Error> {
    #[derive(clap::Parser)]
    struct Command {
        #[command(flatten)]
        demo: DemoArgs,
    }
    let given = std::iter::once("demo").chain(given.iter().copied());
    <Command as clap::Parser>::try_parse_from(given).map(|command| command.demo)
}

#[test]
fn port_base_gives_four_ports_in_a_row() {
    let ports = arguments(&["--port-base", "9000"]).unwrap().ports().unwrap();
    assert_eq!([ports.gateway, ports.issuer, ports.upstream, ports.ops], [9000, 9001, 9002, 9003]);
}

#[test]
fn port_base_too_high_gives_none() {
    assert!(arguments(&["--port-base", "65533"]).unwrap().ports().is_none());
}

#[test]
fn port_base_and_single_ports_exclude_each_other() {
    assert!(arguments(&["--port-base", "9000", "--gateway-port", "1"]).is_err());
}

#[test]
fn every_token_used_is_one_that_is_fetched() {
    for call in &CALLS {
        let line = call.line(SocketAddr::from(([127, 0, 0, 1], 8080)));
        if let Some((_, rest)) = line.split_once("Bearer $") {
            let variable = rest.split('"').next().unwrap();
            assert!(TOKENS.iter().any(|token| token.variable == variable), "{line}");
        }
    }
}

#[test]
fn the_calls_show_every_kind_of_answer() {
    for status in [200, 400, 401, 403, 404] {
        assert!(CALLS.iter().any(|call| call.status == status), "{status}");
    }
}

#[test]
fn lines_can_be_pasted() {
    let line = TOKENS[3].line("http://127.0.0.1:8180/realms/demo");
    assert_eq!(
        line,
        "export ALICE_PHONE=$(curl -s http://127.0.0.1:8180/realms/demo/protocol/openid-connect/token \
         -d grant_type=password -d client_id=web -d username=alice -d password=alice -d scope=phone | \
         sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
    );
    let line = CALLS[11].line(SocketAddr::from(([127, 0, 0, 1], 8080)));
    assert_eq!(line, "curl -i -X PUT -H \"Authorization: Bearer $BOB\" http://127.0.0.1:8080/orders/1");
}

#[test]
fn a_taken_port_is_named_with_a_hint() {
    let error = io::Error::from(io::ErrorKind::AddrInUse);
    let text = taken("the gateway", SocketAddr::from(([127, 0, 0, 1], 8080)), &error, "do this");
    assert_eq!(text, "port 8080 is taken, and the gateway cannot listen there\nhint: do this");
}

#[test]
fn the_configuration_names_each_default_port_and_nothing_unknown() {
    let config: crate::config::Config = toml::from_str(stage::CONFIG).unwrap();
    let ports = arguments(&[]).unwrap().ports().unwrap();
    assert_eq!(config.listener.address.port(), ports.gateway);
    assert_eq!(config.ops.address.port(), ports.ops);
    let at = |port| format!("http://127.0.0.1:{port}");
    assert_eq!(config.providers["demo"].issuer, format!("{}/realms/demo", at(ports.issuer)));
    assert_eq!(config.upstreams["echo"].endpoints, [at(ports.upstream)]);
}
