//! Tasks of the module `keycloak_client`: each option given, kept, drifted and mended.

use std::cell::RefCell;

use gatecloak::bootstrap::{ModuleTask, Outcome, Sessions};
use serde_json::{Map, Value, json};

use crate::admin::Scene;

/// A realm, and tasks in it.
pub(super) struct Bench {
    pub(super) scene: Scene,
    sessions: RefCell<Sessions>,
}

impl Bench {
    pub(super) fn new() -> Option<Self> {
        Some(Self { scene: Scene::new()?, sessions: RefCell::default() })
    }

    pub(super) fn task(&self, options: &Value) -> ModuleTask {
        let mut all = json!({
            "auth_keycloak_url": self.scene.url,
            "auth_realm": "master",
            "auth_username": std::env::var("KEYCLOAK_ADMIN").unwrap_or_else(|_| "admin".to_owned()),
            "auth_password": std::env::var("KEYCLOAK_ADMIN_PASSWORD").unwrap_or_else(|_| "admin".to_owned()),
            "realm": self.scene.name,
        });
        let members = options.as_object().expect("an object").clone();
        all.as_object_mut().expect("an object").extend(members);
        ModuleTask::read(all.as_object().expect("an object")).expect("a task")
    }

    pub(super) fn apply(&self, options: &Value) -> Outcome {
        self.scene.run(self.task(options).apply(&mut self.sessions.borrow_mut()))
    }

    pub(super) fn plan(&self, options: &Value) -> Outcome {
        self.scene.run(self.task(options).plan(&mut self.sessions.borrow_mut()))
    }

    pub(super) fn client(&self, name: &str) -> Option<Map<String, Value>> {
        let found = self.scene.run(self.scene.realm.clients().find(name)).expect("an answer");
        found.map(|client| client.as_object().expect("an object").clone())
    }

    pub(super) fn id(&self, name: &str) -> String {
        self.client(name).expect("a client")["id"].as_str().expect("an id").to_owned()
    }

    pub(super) fn drift(&self, name: &str, changes: &Value) {
        self.scene.run(self.scene.realm.clients().update(&self.id(name), changes)).expect("a drift");
    }
}

pub(super) fn done(outcome: Outcome) -> Outcome {
    assert!(!outcome.failed, "{}", outcome.msg);
    outcome
}

#[test]
fn a_minimal_client_is_made_once_and_is_confidential() {
    let Some(bench) = Bench::new() else { return };
    let options = json!({"client_id": "test", "state": "present"});
    let plan = done(bench.plan(&options));
    assert!(plan.changed && plan.existing.is_empty() && bench.client("test").is_none());
    let made = done(bench.apply(&options));
    assert_eq!((made.changed, made.msg.as_str()), (true, "Client test has been created."));
    let client = bench.client("test").expect("a client");
    assert_eq!(
        (&client["publicClient"], &client["directAccessGrantsEnabled"]),
        (&json!(false), &json!(false))
    );
    assert!(made.end_state["secret"] == "no_log" && client["secret"] != "no_log");
    let again = done(bench.apply(&options));
    assert_eq!((again.changed, again.msg.as_str()), (false, "No changes required for Client test."));
}

#[test]
fn a_client_is_deleted_once() {
    let Some(bench) = Bench::new() else { return };
    done(bench.apply(&json!({"clientId": "gone"})));
    let absent = json!({"client_id": "gone", "state": "absent"});
    assert!(done(bench.plan(&absent)).changed && bench.client("gone").is_some());
    let deleted = done(bench.apply(&absent));
    assert_eq!((deleted.changed, deleted.msg.as_str()), (true, "Client gone has been deleted."));
    assert!(bench.client("gone").is_none() && deleted.end_state.is_empty());
    let again = done(bench.apply(&absent));
    assert_eq!((again.changed, again.msg.as_str()), (false, "Client does not exist; doing nothing."));
}

/// Every option of a client, with a value, another value, and what the server has of it.
const OPTIONS: &[(&str, &str, &str)] = &[
    ("name", r#""A name""#, r#""Another""#),
    ("description", r#""Words""#, r#""Other words""#),
    ("root_url", r#""https://www.example.com""#, r#""https://other.example.com""#),
    ("admin_url", r#""https://www.example.com/admin""#, r#""https://other.example.com/admin""#),
    ("base_url", r#""/base""#, r#""/other""#),
    ("enabled", "true", "false"),
    ("client_authenticator_type", r#""client-secret""#, r#""client-jwt""#),
    ("secret", r#""REALLYWELLKEPTSECRET""#, r#""ANOTHERWELLKEPTSECRET""#),
    (
        "redirect_uris",
        r#"["https://b.example.com/*", "https://a.example.com/*"]"#,
        r#"["https://c.example.com/*"]"#,
    ),
    ("web_origins", r#"["https://b.example.com", "https://a.example.com"]"#, r#"["https://c.example.com"]"#),
    ("not_before", "1507825725", "1507825726"),
    ("consent_required", "true", "false"),
    ("standard_flow_enabled", "true", "false"),
    ("implicit_flow_enabled", "true", "false"),
    ("direct_access_grants_enabled", "true", "false"),
    ("service_accounts_enabled", "true", "false"),
    ("public_client", "false", "true"),
    ("frontchannel_logout", "true", "false"),
    ("full_scope_allowed", "false", "true"),
    ("node_re_registration_timeout", "-1", "60"),
    ("registered_nodes", r#"{"node01.example.com": 1507828202}"#, r#"{"node01.example.com": 1507828203}"#),
    ("surrogate_auth_required", "true", "false"),
    ("always_display_in_console", "true", "false"),
    ("bearer_only", "false", "true"),
    (
        "attributes",
        r#"{"access.token.lifespan": 300, "use.refresh.tokens": true}"#,
        r#"{"access.token.lifespan": "60", "use.refresh.tokens": "false"}"#,
    ),
];

#[test]
fn each_option_is_kept_when_it_is_so_and_mended_when_it_drifts() {
    let Some(bench) = Bench::new() else { return };
    for (option, value, other) in OPTIONS {
        let value: Value = serde_json::from_str(value).expect("JSON");
        let other: Value = serde_json::from_str(other).expect("JSON");
        let name = format!("c-{option}");
        let (first, second) =
            (json!({"client_id": name, *option: value}), json!({"client_id": name, *option: other}));
        assert!(done(bench.apply(&first)).changed, "{option}: created");
        assert!(!done(bench.plan(&first)).changed, "{option}: {:?}", bench.plan(&first).changes);
        let drifted = done(bench.apply(&second));
        assert!(drifted.changed, "{option}: drifted");
        assert!(!done(bench.plan(&second)).changed, "{option}: {:?}", bench.plan(&second).changes);
        let plan = done(bench.plan(&first));
        assert!(plan.changed && !plan.changes.is_empty(), "{option}: the drift is seen");
        assert!(done(bench.apply(&first)).changed, "{option}: mended");
        let again = done(bench.apply(&first));
        assert!(!again.changed, "{option}: {:?}", again.changes);
    }
}

#[test]
fn a_plan_writes_nothing() {
    let Some(bench) = Bench::new() else { return };
    done(bench.apply(&json!({"client_id": "kept", "name": "before", "protocol_mappers": [audience("a")]})));
    let before = bench.client("kept").expect("a client");
    let plan = done(bench.plan(&json!({"client_id": "kept", "name": "after", "protocol_mappers": []})));
    assert!(plan.changed && plan.end_state["name"] == "after", "{:?}", plan.changes);
    assert_eq!(bench.client("kept").expect("a client"), before);
}

fn audience(name: &str) -> Value {
    json!({
        "name": name,
        "protocol": "openid-connect",
        "protocolMapper": "oidc-audience-mapper",
        "config": {"included.custom.audience": name, "access.token.claim": true, "id.token.claim": false},
        "consentRequired": false,
    })
}

#[test]
fn mappers_are_those_of_the_list() {
    let Some(bench) = Bench::new() else { return };
    let options = |mappers: Value| json!({"client_id": "mapped", "protocol_mappers": mappers});
    let both = options(json!([audience("b"), audience("a")]));
    assert!(done(bench.apply(&both)).changed);
    let again = done(bench.apply(&options(json!([audience("a"), audience("b")]))));
    assert!(!again.changed, "{:?}", again.changes);
    let mut other = audience("a");
    other["config"]["included.custom.audience"] = json!("elsewhere");
    assert!(done(bench.apply(&options(json!([other.clone(), audience("b")])))).changed);
    assert!(!done(bench.apply(&options(json!([other.clone(), audience("b")])))).changed);
    assert!(done(bench.apply(&options(json!([other.clone()])))).changed);
    let client = bench.client("mapped").expect("a client");
    let mappers = client["protocolMappers"].as_array().expect("mappers");
    assert_eq!(mappers.len(), 1);
    assert_eq!(mappers[0]["config"]["included.custom.audience"], "elsewhere");
    assert!(!done(bench.apply(&options(json!([other])))).changed);
    assert!(
        !done(bench.apply(&json!({"client_id": "mapped", "enabled": true}))).changed,
        "mappers are not named"
    );
}

#[test]
fn attributes_are_merged_and_taken_away_by_nothing() {
    let Some(bench) = Bench::new() else { return };
    done(bench.apply(&json!({"client_id": "a", "attributes": {"one": 1, "two": "2"}})));
    done(bench.apply(&json!({"client_id": "a", "attributes": {"three": true}})));
    let attributes = bench.client("a").expect("a client")["attributes"].clone();
    assert_eq!(
        (&attributes["one"], &attributes["two"], &attributes["three"]),
        (&json!("1"), &json!("2"), &json!("true"))
    );
    assert!(done(bench.apply(&json!({"client_id": "a", "attributes": {"one": null}}))).changed);
    assert_eq!(bench.client("a").expect("a client")["attributes"].get("one"), None);
    assert!(!done(bench.apply(&json!({"client_id": "a", "attributes": {"one": null}}))).changed);
}

#[test]
fn client_scopes_follow_the_behavior() {
    let Some(bench) = Bench::new() else { return };
    done(bench.apply(&json!({"client_id": "s"})));
    let lists = |behavior: &str, default: Value, optional: Value| {
        json!({
            "client_id": "s",
            "default_client_scopes": default,
            "optional_client_scopes": optional,
            "client_scopes_behavior": behavior,
        })
    };
    assert!(!done(bench.apply(&lists("ignore", json!(["email"]), json!([])))).changed);
    let exact = lists("idempotent", json!(["email"]), json!(["profile", "phone"]));
    assert!(done(bench.apply(&exact)).changed);
    assert!(!done(bench.apply(&exact)).changed);
    let client = bench.client("s").expect("a client");
    let sorted = |name: &str| {
        let mut names: Vec<String> = serde_json::from_value(client[name].clone()).expect("names");
        names.sort();
        names
    };
    assert_eq!(
        (sorted("defaultClientScopes"), sorted("optionalClientScopes")),
        (vec!["email".to_owned()], vec!["phone".to_owned(), "profile".to_owned()])
    );
    assert!(done(bench.apply(&lists("patch", json!(["address"]), json!([])))).changed);
    assert!(!done(bench.apply(&lists("patch", json!(["email"]), json!([])))).changed);
    let both = bench.apply(&lists("idempotent", json!(["email"]), json!(["email"])));
    assert!(both.failed && both.msg.contains("cannot be both default and optional"), "{}", both.msg);
}

fn settings(view: &str) -> Value {
    json!({
        "policyEnforcementMode": "ENFORCING",
        "decisionStrategy": "AFFIRMATIVE",
        "scopes": [{"name": "view"}, {"name": "edit"}],
        "resources": [{"name": "Doc", "uris": ["/docs/*"], "scopes": [{"name": "view"}, {"name": "edit"}]}],
        "policies": [
            {"name": "someone", "type": "role", "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS",
             "config": {"roles": "[{\"id\":\"offline_access\",\"required\":false}]"}},
            {"name": "look", "type": "scope", "logic": "POSITIVE", "decisionStrategy": view,
             "config": {"resources": "[\"Doc\"]", "scopes": "[\"view\"]", "applyPolicies": "[\"someone\"]"}},
        ],
    })
}

#[test]
fn authorization_settings_are_made_kept_mended_and_survive_every_update() {
    let Some(bench) = Bench::new() else { return };
    let options = |strategy: &str| {
        json!({
            "client_id": "rs",
            "service_accounts_enabled": true,
            "authorization_services_enabled": true,
            "authorization_settings": settings(strategy),
        })
    };
    assert!(done(bench.apply(&options("UNANIMOUS"))).changed);
    let again = done(bench.apply(&options("UNANIMOUS")));
    assert!(!again.changed, "{:?}", again.changes);
    assert!(done(bench.apply(&options("AFFIRMATIVE"))).changed);
    assert!(!done(bench.apply(&options("AFFIRMATIVE"))).changed);
    assert!(done(bench.apply(&json!({"client_id": "rs", "name": "Resource server"}))).changed);
    assert!(
        !done(bench.apply(&options("AFFIRMATIVE"))).changed,
        "the settings survive an update of the client"
    );
    bench.drift("rs", &json!({"description": "drifted"}));
    assert!(!done(bench.apply(&options("AFFIRMATIVE"))).changed);
    let mut wider = options("AFFIRMATIVE");
    wider["authorization_settings"]["resources"][0]["uris"] = json!(["/docs/*", "/documents/*"]);
    let widened = done(bench.apply(&wider));
    assert!(widened.changed && !done(bench.apply(&wider)).changed, "{:?}", widened.changes);
    let id = bench.id("rs");
    let there = bench.scene.run(bench.scene.realm.clients().authorization(&id).export()).expect("settings");
    assert_eq!(there["resources"].as_array().map(Vec::len), Some(1), "{there}");
    assert_eq!(there["policies"].as_array().map(Vec::len), Some(2), "{there}");
}

#[test]
fn every_one_of_many_policies_is_made_and_mended_and_not_the_first_hundred() {
    let Some(bench) = Bench::new() else { return };
    let options = |last: &str| {
        let mut settings = settings("UNANIMOUS");
        let policies = settings["policies"].as_array_mut().expect("policies");
        policies.extend((0..120).map(|number| {
            let pattern = if number == 119 { last } else { "a" };
            json!({
                "name": format!("many {number:03}"), "type": "regex", "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS",
                "config": {"targetClaim": "tenant", "pattern": pattern},
            })
        }));
        json!({
            "client_id": "rs", "service_accounts_enabled": true, "authorization_services_enabled": true,
            "authorization_settings": settings,
        })
    };
    assert!(done(bench.apply(&options("a"))).changed);
    assert!(!done(bench.apply(&options("a"))).changed);
    assert!(done(bench.plan(&options("b"))).changed, "the last of them differs");
    assert!(done(bench.apply(&options("b"))).changed);
    assert!(!done(bench.apply(&options("b"))).changed);
    let id = bench.id("rs");
    let there = bench.scene.run(bench.scene.realm.clients().authorization(&id).export()).expect("settings");
    assert_eq!(there["policies"].as_array().map(Vec::len), Some(122), "{there}");
}

#[test]
fn what_keycloak_leaves_out_of_authorization_settings_in_silence_shows_in_the_next_plan() {
    let Some(bench) = Bench::new() else { return };
    let mut settings = settings("UNANIMOUS");
    settings["policies"][0]["config"]["roles"] = json!("[{\"id\":\"no such role\",\"required\":false}]");
    let options = json!({
        "client_id": "rs", "service_accounts_enabled": true, "authorization_services_enabled": true,
        "authorization_settings": settings,
    });
    assert!(done(bench.apply(&options)).changed, "keycloak says nothing of the role that it does not know");
    let next = done(bench.plan(&options));
    assert!(
        next.changed && next.changes.iter().any(|change| change.contains("no such role")),
        "{:?}",
        next.changes
    );
    let mut strategy = options;
    strategy["authorization_settings"]["decisionStrategy"] = json!("CONSENSUS");
    let refused = bench.apply(&strategy);
    assert!(refused.failed && !refused.msg.is_empty(), "what it says comes back: {refused:?}");
}

#[test]
fn authorization_settings_come_to_a_client_that_had_none() {
    let Some(bench) = Bench::new() else { return };
    done(bench.apply(&json!({"client_id": "late", "service_accounts_enabled": true})));
    let options = json!({
        "client_id": "late",
        "authorization_services_enabled": true,
        "authorization_settings": settings("UNANIMOUS"),
    });
    assert!(done(bench.apply(&options)).changed);
    let again = done(bench.apply(&options));
    assert!(!again.changed, "{:?}", again.changes);
}

#[test]
fn an_id_finds_renames_and_is_kept() {
    let Some(bench) = Bench::new() else { return };
    let id = "d8b127a3-31f6-44c8-a7e4-4ab9a3e78d95";
    done(bench.apply(&json!({"client_id": "old", "id": id})));
    assert_eq!(bench.id("old"), id);
    assert!(done(bench.apply(&json!({"client_id": "new", "id": id}))).changed);
    assert!(bench.client("old").is_none() && bench.id("new") == id);
    let unnamed = bench.apply(&json!({"id": "00000000-0000-0000-0000-000000000000"}));
    assert!(unnamed.failed && unnamed.msg.contains("client_id needs to be specified"), "{}", unnamed.msg);
}

#[test]
fn what_the_server_refuses_comes_back_as_its_reason_without_the_secret() {
    let Some(bench) = Bench::new() else { return };
    let refused =
        bench.apply(&json!({"client_id": "bad", "base_url": "basepath", "secret": "REALLYWELLKEPTSECRET"}));
    assert!(refused.failed && !refused.changed && refused.msg.contains("Base URL"), "{}", refused.msg);
    assert!(!refused.to_json().to_string().contains("REALLYWELLKEPTSECRET"));
    let wrong = bench.apply(&json!({"client_id": "bad", "auth_password": "no such password"}));
    assert!(wrong.failed && wrong.msg.contains("Invalid user credentials"), "{}", wrong.msg);
}

#[test]
fn flows_are_found_by_name() {
    let Some(bench) = Bench::new() else { return };
    let options = json!({
        "client_id": "f",
        "authentication_flow_binding_overrides": {"browser_name": "browser"},
    });
    assert!(done(bench.apply(&options)).changed);
    let again = done(bench.apply(&options));
    assert!(!again.changed, "{:?}", again.changes);
    let twice = bench.apply(&json!({
        "client_id": "f",
        "authenticationFlowBindingOverrides": {"browser_name": "browser", "browser": "x"},
    }));
    assert!(twice.failed && twice.msg.contains("by id and by name"), "{}", twice.msg);
}

#[test]
fn default_roles_are_made_and_every_user_has_them() {
    let Some(bench) = Bench::new() else { return };
    let options = json!({"client_id": "d", "default_roles": ["test01", "test02"], "client_template": "test"});
    let made = done(bench.apply(&options));
    assert!(
        made.changed && made.warnings.iter().any(|warning| warning.contains("clientTemplate")),
        "{made:?}"
    );
    let again = done(bench.apply(&options));
    assert!(!again.changed, "{:?}", again.changes);
    let realm = &bench.scene.realm;
    let user = bench.scene.run(realm.users().create(&json!({"username": "someone"}))).expect("a user");
    let roles = bench.scene.run(realm.user_roles(&user).effective_client(&bench.id("d"), Default::default()));
    let roles = roles.expect("roles").to_string();
    assert!(roles.contains("test01") && roles.contains("test02"), "{roles}");
    let more = json!({"client_id": "d", "default_roles": ["test01", "test03"]});
    assert!(done(bench.apply(&more)).changed && !done(bench.apply(&more)).changed);
}
