use super::*;

const SHOP: &str = r#"
    [providers.shop]
    issuer = "http://localhost:1/realms/shop"
    client_id = "gateway"
    [upstreams.echo]
    endpoints = ["http://localhost:1"]
"#;

fn compile(toml: &str) -> Result<Gateway, Vec<Problem>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config: Config = toml::from_str(toml).unwrap();
    Gateway::compile(&config, Path::new("."), runtime.handle(), None)
}

fn keys(toml: &str) -> Vec<String> {
    let problems = compile(&format!("{SHOP}{toml}")).unwrap_err();
    problems.into_iter().map(|problem| problem.key).collect()
}

#[test]
fn every_problem_of_every_room_is_reported_at_once() {
    let found = keys(
        r#"
        [identity.headers]
        host = "sub"
        [routes.a]
        path = "no-slash"
        hosts = ["not a host"]
        methods = ["get", "TRACE"]
        upstream = "nowhere"
        providers = ["nobody"]
        cors = {}
        [routes.b]
        path = "/b/*"
        ticket = true
        introspection = "always"
        strip_prefix = "/c"
        authorization_header = { replace = "file:does/not/exist" }
        [routes.c]
        path = "/c"
        require = { permission = { scopes = ["view"] } }
        "#,
    );
    for key in [
        "identity.headers.host",
        "routes.a.path",
        "routes.a.hosts.0",
        "routes.a.methods.0",
        "routes.a.methods.1",
        "routes.a.upstream",
        "routes.a.providers.0",
        "routes.a.cors.origins",
        "routes.b.ticket",
        "routes.b.introspection",
        "routes.b.strip_prefix",
        "routes.b.authorization_header",
        "routes.c.require",
    ] {
        assert!(found.iter().any(|found| found == key), "{key} is not in {found:?}");
    }
}

#[test]
fn the_only_upstream_need_not_be_named_but_one_of_two_must_be() {
    assert!(compile(&format!("{SHOP}[routes.a]\npath = \"/a\"\n")).is_ok());
    let two = "[upstreams.other]\nendpoints = [\"http://localhost:2\"]\n[routes.a]\npath = \"/a\"\n";
    assert_eq!(keys(two), ["routes.a"]);
}

#[test]
fn a_guarded_route_needs_a_provider_and_a_public_one_does_not() {
    let upstream = "[upstreams.echo]\nendpoints = [\"http://localhost:1\"]\n[routes.a]\npath = \"/a\"\n";
    assert_eq!(compile(upstream).unwrap_err()[0].key, "routes.a.require");
    assert!(compile(&format!("{upstream}require = \"public\"\n")).is_ok());
}

#[test]
fn two_providers_cannot_have_one_issuer() {
    let twin = "[providers.twin]\nissuer = \"http://localhost:1/realms/shop\"\nclient_id = \"gateway\"\n";
    assert_eq!(keys(twin), ["providers.twin.issuer"]);
}

#[test]
fn routes_that_tie_are_problems() {
    assert!(
        keys("[routes.a]\npath = \"/a\"\n[routes.b]\npath = \"/a\"\n")
            .iter()
            .all(|key| key.starts_with("routes."))
    );
}

#[test]
fn routes_that_tie_are_told_beside_other_problems() {
    let found = keys("[routes.a]\npath = \"/a\"\nstrip_prefix = \"/c\"\n[routes.b]\npath = \"/a\"\n");
    assert_eq!(found, ["routes.a.strip_prefix", "routes.b.path"]);
    // What a wrong method leaves open may be that it does not tie.
    let found = keys("[routes.a]\npath = \"/a\"\nmethods = [\"get\"]\n[routes.b]\npath = \"/a\"\n");
    assert_eq!(found, ["routes.a.methods.0"]);
}

#[test]
fn what_deserves_a_look_is_warned_of() {
    let gateway = compile(&format!(
        "{SHOP}[providers.shop.token]\nany_audience = true\n\
         [listener]\ntrusted_proxies = [\"10.0.0.0/8\", \"::/0\"]\n\
         [routes.all]\npath = \"/api/*\"\n\
         [routes.open]\npath = \"/api/{{id}}/health\"\nrequire = \"public\"\n\
         [routes.trial]\npath = \"/trial\"\nenforcement = \"permissive\"\n"
    ))
    .unwrap();
    let mut keys: Vec<_> = gateway.warnings().into_iter().map(|warning| warning.key).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "listener.trusted_proxies.1",
            "providers.shop.token.any_audience",
            "routes.open.require",
            "routes.trial.enforcement"
        ]
    );
}

#[test]
fn a_gateway_without_routes_is_warned_of() {
    let warnings = compile(SHOP).unwrap().warnings();
    assert!(warnings[0].message.contains("no routes"), "{warnings:?}");
}

#[test]
fn a_reload_keeps_an_unchanged_upstream_and_takes_another_epoch() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config: Config = toml::from_str(&format!("{SHOP}[routes.a]\npath = \"/a\"\n")).unwrap();
    let compile =
        |config, previous| Gateway::compile(config, Path::new("."), runtime.handle(), previous).unwrap();
    let first = compile(&config, None);
    let second = compile(&config, Some(&first));
    assert!(Arc::ptr_eq(&first.upstreams["echo"], &second.upstreams["echo"]));
    assert_ne!(first.epoch(), second.epoch());
    let mut changed = config.clone();
    changed.upstreams.get_mut("echo").unwrap().preserve_host = false;
    assert!(!Arc::ptr_eq(&first.upstreams["echo"], &compile(&changed, Some(&first)).upstreams["echo"]));
}
