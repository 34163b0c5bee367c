use std::path::Path;

use crate::config::load_text;

const WHOLE: &str = r#"
    [providers.main]
    issuer = "https://sso.example.com/realms/main"
    client_id = "gateway"
    [upstreams.app]
    endpoints = ["http://127.0.0.1:3000"]
    [routes.all]
    path = "/*"
"#;

fn messages(text: &str) -> Vec<String> {
    match load_text(Path::new("gatecloak.toml"), text.to_owned(), [], &[]) {
        Ok(_) => Vec::new(),
        Err(error) => error
            .problems
            .into_iter()
            .map(|problem| format!("{}: {}", problem.key, problem.message))
            .collect(),
    }
}

fn with(more: &str) -> Vec<String> {
    messages(&format!("{WHOLE}\n{more}"))
}

#[test]
fn a_whole_configuration_has_no_problem() {
    assert_eq!(messages(WHOLE), [""; 0]);
    assert_eq!(messages(""), [""; 0]);
}

#[test]
fn a_require_that_means_nothing_is_refused() {
    assert_eq!(with("require = {}"), ["routes.all.require: a table without conditions"]);
    assert_eq!(
        with("require = { realm_role = [] }"),
        ["routes.all.require.realm_role: an empty list is no condition"]
    );
    assert_eq!(with("require = { any = [] }"), ["routes.all.require.any: an empty list is no condition"]);
    assert_eq!(
        with("require = { any = [\"public\"] }"),
        ["routes.all.require.any.0: `public` stands alone: `require = \"public\"`"]
    );
    assert_eq!(
        with("require = { client_role = \"admin\" }"),
        ["routes.all.require.client_role: `admin` names no client"]
    );
    assert_eq!(
        with("require = { group = [\"staff\"] }"),
        ["routes.all.require.group.0: `staff` is not a full path"]
    );
}

#[test]
fn a_claim_needs_exactly_one_operator() {
    let expected =
        "routes.all.require.claim: expected exactly one of `equals`, `contains`, `matches`, `present`, found";
    assert_eq!(with("require = { claim = { name = \"tier\" } }"), [format!("{expected} none")]);
    assert_eq!(
        with("require = { claim = { name = \"tier\", equals = 1, present = true } }"),
        [format!("{expected} `equals`, `present`")]
    );
}

#[test]
fn a_permission_found_by_path_needs_the_settings() {
    assert_eq!(
        with("require = { permission = { scopes = [\"view\"] } }"),
        ["routes.all.require: a permission without `resource` needs `providers.main.authorization.settings`"]
    );
    assert_eq!(with("require = { not = { permission = { resource = \"Orders\" } } }"), [""; 0]);
    assert_eq!(with("require = { permission = { resource_id = \"1-2\" } }"), [""; 0]);
    assert_eq!(
        with("require = { permission = { resource_id = \"1-2\", resource = \"Orders\" } }"),
        ["routes.all.require.permission.resource_id: `resource` and `resource_id` both name the resource"]
    );
}

#[test]
fn what_calls_the_realm_needs_the_secret() {
    assert_eq!(
        with("introspection = \"always\""),
        ["routes.all.introspection: introspection needs `providers.main.client_secret`"]
    );
    assert_eq!(
        with("ticket = true"),
        [
            "routes.all.ticket: a permission ticket needs `providers.main.client_secret`",
            "routes.all.ticket: the route requires no permission, so there is nothing for a ticket"
        ]
    );
}

#[test]
fn what_is_about_fetched_settings_needs_them_to_be_fetched() {
    let authorization = |members: &str| with(&format!("[providers.main.authorization]\n{members}"));
    assert_eq!(
        authorization("admin_events = \"10s\""),
        ["providers.main.authorization.admin_events: only settings that are fetched are fetched again"]
    );
    let fetched = |members: &str| {
        let secret = "client_id = \"gateway\"\nclient_secret = \"file:secret\"";
        let text = WHOLE.replace("client_id = \"gateway\"", secret);
        messages(&format!("{text}\n[providers.main.authorization]\nfetch = true\n{members}"))
    };
    assert_eq!(fetched("admin_events = \"10s\""), [""; 0]);
    assert_eq!(
        fetched("refresh = \"10m\""),
        ["providers.main.authorization.max_age: settings would be too old before they are fetched again"]
    );
    assert_eq!(
        fetched("settings = \"a.json\""),
        ["providers.main.authorization.fetch: `fetch` contradicts `settings`"]
    );
}

#[test]
fn a_route_cannot_introspect_where_the_provider_never_does() {
    let text = WHOLE.replace(
        "client_id = \"gateway\"",
        "client_id = \"gateway\"\nclient_secret = \"env:PATH\"\nintrospection = { mode = \"never\" }",
    );
    let never = "routes.all.introspection: `always`, and `providers.main.introspection.mode` is `never`: every token would be refused";
    assert_eq!(messages(&format!("{text}\nintrospection = \"always\"")), [never]);
    assert_eq!(messages(&text), [""; 0]);
}

#[test]
fn a_route_that_needs_a_token_needs_a_provider() {
    let text = "[upstreams.app]\nendpoints = [\"http://a\"]\n[routes.all]\npath = \"/*\"\n";
    assert_eq!(
        messages(text),
        ["routes.all.require: the route needs a token, and there is no provider to verify it with"]
    );
    assert_eq!(messages(&format!("{text}require = \"public\"")), [""; 0]);
}

#[test]
fn cors_for_everybody_goes_without_credentials() {
    assert_eq!(
        with("cors = { origins = [\"*\"], credentials = true }"),
        [
            "routes.all.cors.credentials: `credentials` with the origin `*` would let every site act for its visitors"
        ]
    );
    assert_eq!(
        with("cors = { origins = [\"https://app.example.com/\"] }"),
        ["routes.all.cors.origins.0: `https://app.example.com/` is not an origin"]
    );
    assert_eq!(
        with("cors = { origins = [\"https://app.example.com\", \"http://localhost:3000\"] }"),
        [""; 0]
    );
}

#[test]
fn addresses_and_bounds_are_looked_at() {
    assert_eq!(
        with("[ops]\naddress = \"127.0.0.1:8080\""),
        ["ops.address: `127.0.0.1:8080` is taken by the listener `0.0.0.0:8080`"]
    );
    assert_eq!(
        with("[listener.limits]\nheaders = 0"),
        ["listener.limits.headers: `headers` must be more than 0"]
    );
    assert_eq!(
        with("[telemetry]\nlevel = \"a=b=c\""),
        ["telemetry.level: `a=b=c` is not a level of the log"]
    );
    assert_eq!(
        with("[providers.main.token]\nleeway = \"2m\""),
        ["providers.main.token.leeway: `leeway` is at most 60 s"]
    );
}

#[test]
fn identity_headers_are_headers_and_claims_are_claims() {
    assert_eq!(
        with("[identity.headers]\n\"x user\" = \"sub\"\nhost = \"sub\"\nx-roles = \"@roles\""),
        [
            "identity.headers.x user: `x user` is not the name of a header",
            "identity.headers.host: `host` has a meaning of its own",
            "identity.headers.x-roles: there is no word `@roles` for a claim"
        ]
    );
}

#[test]
fn two_providers_of_one_issuer_are_refused() {
    assert_eq!(
        with("[providers.other]\nissuer = \"https://sso.example.com/realms/main\"\nclient_id = \"x\""),
        ["providers.other.issuer: `providers.main` has the same issuer"]
    );
}

#[test]
fn tests_are_requests_to_what_is_there() {
    assert_eq!(
        with("[[tests]]\nrequest = \"get /\"\nexpect = \"allow\"\nroute = \"al\"\npermissions = [\"A\"]"),
        [
            "tests.0.request: `get /` is not a request",
            "tests.0.route: there is no route `al`",
            "tests.0.permissions: permissions without a token"
        ]
    );
}

#[test]
fn an_enforcer_names_what_there_is() {
    let enforcer = "[enforcers.app]\nfile = \"f.json\"\nprovider = \"mian\"\nupstream = \"ap\"";
    assert_eq!(
        with(enforcer),
        [
            "enforcers.app.provider: there is no provider `mian`",
            "enforcers.app.upstream: there is no upstream `ap`"
        ]
    );
}
