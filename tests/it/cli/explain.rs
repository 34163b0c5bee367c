//! `gatecloak explain`.

use gatecloak::config::Algorithm;
use gatecloak::testing::{Mint, SigningKey};
use serde_json::{Value, json};

use super::call::{Called, Folder, ROUTES};

fn reader() -> Value {
    json!({"preferred_username": "rita", "realm_access": {"roles": ["reader"]}, "scope": "email"})
}

fn explain(claims: &Value, request: [&str; 2]) -> Called {
    let folder = Folder::new(ROUTES);
    folder.claims("caller.json", claims);
    folder.call(&["explain", request[0], request[1], "--claims", "caller.json"])
}

#[test]
fn allowed_request_exits_with_0_and_shows_the_policies_that_said_yes() {
    let called = explain(&reader(), ["GET", "/orders/7"]);
    assert_eq!((called.code, called.stderr.as_str()), (Some(0), ""), "{}", called.stdout);
    for line in [
        "route `shop`: path `/*`, any host, any method",
        "  \u{2713} permission `Orders#view`, by the authorization settings, as keycloak would",
        "    resource `Orders`, scopes: view",
        "    \u{2713} scope permission `View orders` says yes (it lists the resource)",
        "      \u{2713} policy `Readers or managers` (aggregate) says yes",
        "        \u{2713} policy `Readers` (role) says yes",
        "        \u{2717} policy `Managers` (role) says no: it wants role `manager`",
        "      \u{2713} policy `Not banned` (role, negative) says yes",
        "allowed: the requirement is met",
    ] {
        assert!(called.stdout.lines().any(|shown| shown == line), "{line}\n{}", called.stdout);
    }
    assert!(!called.stdout.contains("for a yes"), "{}", called.stdout);
}

#[test]
fn refused_request_exits_with_1_and_says_what_it_takes() {
    let called = explain(&reader(), ["POST", "/orders/7"]);
    assert_eq!(called.code, Some(1), "{}", called.stdout);
    let end = "refused, 403 permission_denied: permission `Orders#edit` is not granted\n\
               decided by the authorization settings, as keycloak would\n\n\
               for a yes it takes\n  - all of\n    - role `manager` (policy `Managers`)\n    - user `ann` (policy `Ann`)\n";
    assert!(called.stdout.ends_with(end), "{}", called.stdout);
}

#[test]
fn negative_policy_says_what_must_not_be() {
    let mut banned = reader();
    banned["resource_access"] = json!({"shop": {"roles": ["banned"]}});
    let called = explain(&banned, ["GET", "/orders/7"]);
    assert_eq!(called.code, Some(1));
    let need = "for a yes it takes\n  - anything but role `shop/banned` (policy `Not banned`)\n";
    assert!(called.stdout.ends_with(need), "{}", called.stdout);
}

#[test]
fn claims_conditions_are_ticked_and_crossed() {
    let called = explain(&reader(), ["GET", "/staff/1"]);
    assert_eq!(called.code, Some(1));
    for line in [
        "    `shop` covers it too, less exactly: `/*`",
        "  \u{2717} all of",
        "    \u{2717} realm role `manager`",
        "    \u{2717} any of",
        "      \u{2717} scope `phone`",
        "      \u{2717} claim `tier` is `\"gold\"`: the token does not tell",
        "decided by the claims of the token",
        "    - realm role `manager`",
        "    - one of",
        "      - scope `phone`",
    ] {
        let is_there = called.stdout.lines().any(|shown| shown.trim_start() == line.trim_start());
        assert!(is_there, "{line}\n{}", called.stdout);
    }
}

#[test]
fn what_only_keycloak_can_decide_exits_with_3() {
    let called = explain(&reader(), ["GET", "/reports/1"]);
    assert_eq!(called.code, Some(3), "{}", called.stdout);
    let reason = "not decided here: keycloak would be asked: policy `Script`: its type is evaluated by keycloak only\n";
    assert!(called.stdout.contains(reason), "{}", called.stdout);
}

/// Who decides, said by the route; and a route that pushes facts of the request.
const DECIDED: &str = r#"
[routes.remote]
path = "/remote"
evaluation = "remote"
require = { permission = { resource = "Orders", scopes = ["view"] } }
[routes.local]
path = "/local"
evaluation = "local"
require = { permission = { resource = "Reports" } }
[routes.here]
path = "/here"
evaluation = "local"
require = { permission = { resource = "Orders", scopes = ["view"] } }
[routes.pushing]
path = "/pushing"
pushed_claims = { from = "{request.remoteAddr}", agent = "{request.header['x-agent']}" }
require = { permission = { resource = "Depot" } }
"#;

/// The settings, and one resource that is for requests from inside by a known agent.
fn with_depot(folder: &Folder) {
    let mut settings: Value = serde_json::from_str(&folder.read("settings.json")).expect("JSON");
    let mut add = |list: &str, value: Value| settings[list].as_array_mut().expect("a list").push(value);
    add("resources", json!({"name": "Depot"}));
    for (name, target, pattern) in [("Inside", "from", "10\\..*"), ("Agents", "agent", "van|truck")] {
        let config = json!({"targetClaim": target, "pattern": pattern, "targetContextAttributes": "true"});
        add("policies", json!({"name": name, "type": "regex", "config": config}));
    }
    let config = json!({"resources": r#"["Depot"]"#, "applyPolicies": r#"["Inside","Agents"]"#});
    add("policies", json!({"name": "Enter depot", "type": "resource", "config": config}));
    folder.write("settings.json", &settings.to_string());
}

#[test]
fn a_remote_route_is_keycloaks_and_a_local_one_never() {
    let folder = Folder::new(DECIDED);
    folder.claims("rita.json", &reader());
    let explain = |path: &str| folder.call(&["explain", "GET", path, "--claims", "rita.json"]);
    let remote = explain("/remote");
    assert_eq!(remote.code, Some(3), "{}", remote.stdout);
    let reason = "not decided here: keycloak would be asked: the route has decisions made by keycloak\n\
                  decided by keycloak\n";
    assert!(remote.stdout.contains(reason), "{}", remote.stdout);
    let local = explain("/local");
    assert_eq!(local.code, Some(1), "{}", local.stdout);
    let reason = "refused, 503 decision_unavailable: policy `Script`: its type is evaluated by keycloak only\n\
                  decided by the authorization settings, as keycloak would\n";
    assert!(local.stdout.contains(reason), "{}", local.stdout);
    assert_eq!(explain("/here").code, Some(0));
    let matrix = folder.call(&["matrix", "--users", "rita.json", "--format", "csv"]);
    for (row, cell) in [("remote,", "asks"), ("local,", "no"), ("here,", "yes")] {
        let line = matrix.stdout.lines().find(|line| line.starts_with(row));
        assert!(line.is_some_and(|line| line.ends_with(cell)), "{row} {}", matrix.stdout);
    }
}

#[test]
fn claims_that_the_route_pushes_are_those_of_the_supposed_request() {
    let folder = Folder::new(DECIDED);
    with_depot(&folder);
    let mut rita = reader();
    rita["azp"] = json!("web");
    folder.claims("rita.json", &rita);
    let explain = |more: &[&str]| {
        let known = ["explain", "GET", "/pushing", "--claims", "rita.json", "--set"];
        folder.call(
            &[&known[..], &["providers.main.authorization.public_clients={ web = false }"], more].concat(),
        )
    };
    let inside = ["--client-address", "10.1.2.3", "-H", "X-Agent: van"];
    let allowed = explain(&inside);
    assert_eq!(allowed.code, Some(0), "{}{}", allowed.stdout, allowed.stderr);
    assert!(
        allowed.stdout.contains("note: the request pushes claim `agent`, `from`\n"),
        "{}",
        allowed.stdout
    );
    let outside = explain(&["--client-address", "192.0.2.1", "--header", "x-agent:van"]);
    assert_eq!(outside.code, Some(1), "{}", outside.stdout);
    let need = "  - pushed claim `from` matching `10\\..*` (policy `Inside`)\n";
    assert!(outside.stdout.ends_with(need), "{}", outside.stdout);
    let nothing = explain(&[]);
    assert_eq!(nothing.code, Some(1));
    let note = "note: not pushed, as the request lacks what it is made of: claim `agent`, `from`\n";
    assert!(nothing.stdout.contains(note), "{}", nothing.stdout);
    assert_eq!(explain(&["-H", "no field"]).code, Some(2));
    // Whether the client may push is not known, or it may not.
    let known = ["explain", "GET", "/pushing", "--claims", "rita.json"];
    let unknown = folder.call(&[&known[..], &inside].concat());
    assert_eq!(unknown.code, Some(3), "{}", unknown.stdout);
    let set = ["--set", "providers.main.authorization.public_clients={ web = true }"];
    let public = folder.call(&[&known[..], &inside, &set].concat());
    assert_eq!(public.code, Some(1), "{}", public.stdout);
    let note = "keycloak answers: Public clients are not allowed to send claims\n";
    assert!(public.stdout.contains(note), "{}", public.stdout);
    let need = "  - a token of a confidential client, or a `client_secret` of the gateway's, as the route pushes claims\n";
    assert!(public.stdout.ends_with(need), "{}", public.stdout);
}

#[test]
fn claims_are_pushed_in_the_name_of_a_gateway_that_proves_itself_and_a_permission_counts_for_its_own_claims()
{
    let folder = Folder::new(DECIDED);
    with_depot(&folder);
    folder.write("secret", "x");
    let explain = |claims: &Value, request: &[&str]| {
        folder.claims("rita.json", claims);
        let known = ["explain", "GET", "/pushing", "--claims", "rita.json"];
        let set = [
            "providers.main.authorization.public_clients={ web = true }",
            "providers.main.client_secret=file:secret",
        ];
        folder.call(&[&known[..], &["--set", set[0], "--set", set[1]], request].concat())
    };
    let (inside, outside) = (
        ["--client-address", "10.1.2.3", "-H", "X-Agent: van"],
        ["--client-address", "192.0.2.1", "-H", "X-Agent: van"],
    );
    let mut rita = reader();
    rita["azp"] = json!("web");
    for (request, code) in [(&inside[..], 0), (&outside, 1), (&[], 1)] {
        let called = explain(&rita, request);
        assert_eq!(called.code, Some(code), "{request:?}: {}{}", called.stdout, called.stderr);
    }
    rita["aud"] = json!("gateway");
    rita["authorization"] = json!({ "permissions": [{ "rsname": "Depot", "rsid": "d" }] });
    for (request, code) in [(&outside[..], 1), (&[], 0)] {
        let called = explain(&rita, request);
        assert_eq!(called.code, Some(code), "{request:?}: {}{}", called.stdout, called.stderr);
    }
}

#[test]
fn settings_that_are_fetched_are_not_here() {
    let folder = Folder::new(DECIDED);
    folder.claims("rita.json", &reader());
    folder.write("secret", "x");
    let config = folder.read("gatecloak.toml").replace("settings = \"settings.json\"", "fetch = true");
    let config = config.replace("client_id =", "client_secret = \"file:secret\"\nclient_id =");
    folder.write("gatecloak.toml", &config);
    for path in ["/here", "/local"] {
        let called = folder.call(&["explain", "GET", path, "--claims", "rita.json"]);
        assert_eq!(called.code, Some(3), "{}{}", called.stdout, called.stderr);
        let reason = "not decided here: it depends on the authorization settings, which the gateway fetches from keycloak\n";
        assert!(called.stdout.contains(reason), "{}", called.stdout);
    }
}

#[test]
fn callers_without_a_token_and_paths_without_a_route_are_told_apart() {
    let folder = Folder::new(ROUTES);
    let public = folder.call(&["explain", "GET", "/"]);
    assert_eq!(public.code, Some(0), "{}", public.stdout);
    let anonymous = folder.call(&["explain", "GET", "/me"]);
    assert_eq!(anonymous.code, Some(1));
    assert!(
        anonymous.stdout.contains("refused, 401 token_missing: the route needs a token"),
        "{}",
        anonymous.stdout
    );
    let method = folder.call(&["explain", "PUT", "/staff/1"]);
    assert!(
        method.stdout.contains("405 method_not_allowed: the route in charge has other methods: GET"),
        "{}",
        method.stdout
    );
    let twice = folder.call(&["explain", "GET", "/me/../staff/1"]);
    assert!(twice.stdout.contains("refused, 400"), "{}", twice.stdout);
    for wrong in [
        &["explain", "GET", "not a url"][..],
        &["explain", "GET"],
        &["explain", "GET", "/", "--claims", "none.json"],
    ] {
        let called = folder.call(wrong);
        assert_eq!((called.code, called.stdout.as_str()), (Some(2), ""), "{wrong:?}: {}", called.stderr);
    }
}

#[test]
fn json_has_the_whole_explanation() {
    let folder = Folder::new(ROUTES);
    folder.claims("rita.json", &reader());
    let called = folder.call(&["explain", "POST", "/orders/7", "--claims", "rita.json", "--json"]);
    assert_eq!(called.code, Some(1));
    let shown: Value = serde_json::from_str(&called.stdout).expect("JSON");
    assert_eq!((&shown["answer"], &shown["status"]), (&json!("refused"), &json!(403)));
    assert_eq!((&shown["code"], &shown["source"]), (&json!("permission_denied"), &json!("settings")));
    assert_eq!(shown["route"]["name"], "shop");
    let permission = &shown["require"]["permission"];
    assert_eq!(permission["question"], "Orders#edit");
    let explanation = shown["explanation"].as_str().expect("as in the log");
    assert!(explanation.contains("policy `Ann` says no, it wants user `ann`"), "{explanation}");
    let permissions = permission["trace"][0]["permissions"].as_array().expect("permissions");
    let edit =
        permissions.iter().find(|permission| permission["name"] == "Edit orders").expect("it is there");
    assert_eq!(edit["policies"][1]["wanted"], json!({"one_of_users": ["ann"]}));
    assert_eq!(shown["needs"]["all"][0], "role `manager` (policy `Managers`)");
}

#[test]
fn bad_token_is_refused_with_the_check_that_failed_and_never_printed() {
    let folder = Folder::new(ROUTES);
    let key = SigningKey::shared(Algorithm::ES256);
    let token = Mint::new("http://elsewhere.example/realms/x").user("rita").sign(&key);
    folder.write("token", &format!("Bearer {token}\n"));
    for given in ["token", token.as_str()] {
        let called = folder.call(&["explain", "GET", "/me", "--token", given]);
        assert_eq!(called.code, Some(1), "{}{}", called.stdout, called.stderr);
        assert!(called.stdout.contains("\u{2717} issuer"), "{}", called.stdout);
        assert!(called.stdout.contains("refused, 401 issuer_unknown"), "{}", called.stdout);
        let signature = token.rsplit('.').next().expect("a signature");
        assert!(!called.stdout.contains(signature) && !called.stderr.contains(signature));
    }
}

#[test]
fn good_token_is_judged_by_its_claims() {
    let key = SigningKey::shared(Algorithm::ES256);
    let folder = Folder::new(ROUTES);
    folder.write("key.pem", &key.public_pem());
    let token = Mint::new("http://127.0.0.1:9/realms/main").user("rita").audience("gateway");
    folder.write("token", &token.realm_roles(&["reader"]).sign(&key));
    let pinned = ["--set", "providers.main.jwks.pem=key.pem"];
    let call = |method: &str| {
        folder.call(&["explain", method, "/orders/7", "--token", "token", pinned[0], pinned[1]])
    };
    let view = call("GET");
    assert_eq!(view.code, Some(0), "{}{}", view.stdout, view.stderr);
    assert!(view.stdout.contains("\u{2713} signature"), "{}", view.stdout);
    assert_eq!(call("DELETE").code, Some(1));
}

#[test]
fn the_example_in_the_documents_is_what_is_printed() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/EXPLAIN.md")).expect("a page");
    let (_, rest) = text.split_once("```sh\necho '").expect("the claims");
    let claims = rest.split('\'').next().expect("an end");
    let line = rest.lines().nth(1).expect("the call");
    let (_, rest) = rest.split_once("```text\n").expect("what is printed");
    let printed = rest.split("```").next().expect("an end");
    let folder = Folder::new(ROUTES);
    folder.claims("bob.json", &serde_json::from_str(claims).expect("JSON"));
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/config/demo.toml");
    let words = line.split_whitespace().skip(1).map(|word| word.replace("config/demo.toml", demo));
    let words: Vec<String> = words.collect();
    let called = folder.call(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((called.code, called.stdout.as_str()), (Some(1), printed), "{}", called.stderr);
}

#[test]
fn paths_of_a_policy_enforcers_file_are_explained() {
    let folder = Folder::new("[enforcers.app]\nfile = \"policy-enforcer.json\"\nprovider = \"main\"\n");
    folder.claims("caller.json", &reader());
    let path = json!({ "path": "/orders/*", "name": "Orders", "methods": [
        { "method": "GET", "scopes": ["view"] },
        { "method": "DELETE", "scopes": ["edit"], "scopes-enforcement-mode": "DISABLED" },
        { "method": "PUT", "scopes": ["edit"] },
    ]});
    folder.claims("policy-enforcer.json", &json!({ "paths": [path] }));
    for (method, code, line) in [
        ("GET", 0, "  \u{2713} permission `Orders#view`, by the authorization settings, as keycloak would"),
        ("PUT", 1, "  \u{2717} permission `Orders#edit`, by the authorization settings, as keycloak would"),
        ("DELETE", 0, "  \u{2713} a good token"),
    ] {
        let called = folder.call(&["explain", method, "/orders/7", "--claims", "caller.json"]);
        assert_eq!(called.code, Some(code), "{method}: {}{}", called.stdout, called.stderr);
        assert!(called.stdout.lines().any(|shown| shown == line), "{method}: {}", called.stdout);
    }
}
