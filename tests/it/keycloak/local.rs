//! Permissions decided by Keycloak's settings, without asking it: the same answers.

use std::fs;

use serde_json::{Value, json};

use super::admin::Realm;
use super::counters::{decisions, metric, wait_until};
use super::keycloak;
use super::scene::Scene;

/// Every request by the settings, and by Keycloak.
pub(super) const ROUTES: &str = r#"
[routes.MODE_orders]
path = "/MODE/orders"
evaluation = "MODE"
require = { permission = { resource = "Orders", methods = { GET = ["view"], POST = ["edit"] } } }
[routes.MODE_both]
path = "/MODE/both"
evaluation = "MODE"
require = { all = [
    { permission = { resource = "Orders", scopes = ["view"] } },
    { permission = { resource = "Reports", scopes = ["view"] } },
] }
[routes.MODE_scopes]
path = "/MODE/scopes"
evaluation = "MODE"
require = { permission = { resource = "Orders", scopes = ["view", "edit"] } }
[routes.MODE_either]
path = "/MODE/either"
evaluation = "MODE"
require = { permission = { resource = "Orders", scopes = ["view", "edit"], mode = "any" } }
[routes.MODE_whole]
path = "/MODE/whole"
evaluation = "MODE"
require = { permission = { resource = "Reports" } }
[routes.MODE_absent]
path = "/MODE/absent"
evaluation = "MODE"
require = { permission = { resource = "Nothing", scopes = ["view"] } }
[routes.MODE_not]
path = "/MODE/not"
evaluation = "MODE"
require = { not = { permission = { resource = "Orders", scopes = ["edit"] } } }
[routes.MODE_not_absent]
path = "/MODE/not-absent"
evaluation = "MODE"
require = { not = { permission = { resource = "Orders", scopes = ["fly"] } } }
"#;

pub(super) const PATHS: [&str; 8] =
    ["orders", "both", "scopes", "either", "whole", "absent", "not", "not-absent"];

/// A gateway with this export in a file.
fn with_file(realm: Realm, settings: &Value, provider: &str, routes: &str) -> Scene {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let file = folder.join("authorization.json");
    fs::write(&file, settings.to_string()).expect("written");
    let provider = format!("authorization.settings = \"{}\"\n{provider}", file.display());
    let scene = Scene::start(realm, &provider, routes);
    fs::remove_dir_all(folder).expect("removed");
    scene
}

#[test]
fn same_requests_have_the_same_answers_and_keycloak_is_not_asked_for_local_ones() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |_| ());
    let settings = realm.authorization_settings();
    // Counters are the process's, so that the names must be this test's own.
    let named = ROUTES.replace("routes.MODE", "routes.same_MODE");
    let routes = named.replace("MODE", "local") + &named.replace("MODE", "remote");
    let scene = with_file(realm, &settings, "", &routes);
    for user in ["alice", "bob", "carol"] {
        let token = scene.realm.access_token(user);
        for path in PATHS {
            let by = |mode: &str| {
                let (status, _, code) = scene.refusal(&format!("/{mode}/{path}"), Some(&token));
                (status, code)
            };
            assert_eq!(by("local"), by("remote"), "{user} {path}");
        }
    }
    for path in PATHS {
        let route = format!("same_local_{}", path.replace('-', "_"));
        assert_eq!(decisions(scene.ops(), &route, "keycloak"), 0, "{path}");
    }
    assert_eq!(decisions(scene.ops(), "same_local_orders", "local"), 3);
    assert_eq!(decisions(scene.ops(), "same_remote_orders", "local"), 0);
}

/// The id in place of the name. The decoy is a name that is another resource's id: Keycloak answers for that one.
const BY_ID: &str = r#"
[routes.MODE_id]
path = "/MODE/id"
evaluation = "MODE"
require = { permission = { resource_id = "ORDERS", methods = { GET = ["view"], POST = ["edit"] } } }
[routes.MODE_id_and_name]
path = "/MODE/id-and-name"
evaluation = "MODE"
require = { all = [
    { permission = { resource_id = "ORDERS", scopes = ["edit"] } },
    { permission = { resource = "Orders", scopes = ["view"] } },
    { permission = { resource_id = "REPORTS" } },
] }
[routes.MODE_decoy]
path = "/MODE/decoy"
evaluation = "MODE"
require = { permission = { resource = "ORDERS", scopes = ["view"] } }
"#;

#[test]
fn a_resource_is_asked_for_by_its_id_and_only_by_its_own() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |_| ());
    let client = realm.client("gateway");
    let resources = realm.path(&format!("/clients/{client}/authz/resource-server/resource"));
    let id = |name: &str| {
        let found = realm.admin().get(&format!("{resources}?exactName=true&name={name}"));
        found[0]["_id"].as_str().expect("a resource").to_owned()
    };
    let (orders, reports) = (id("Orders"), id("Reports"));
    realm.admin().post(&resources, &json!({ "name": orders, "scopes": [{ "name": "view" }] }));
    let ids = json!({ "Orders": orders, "Reports": reports, orders.clone(): id(&orders) });
    let ids: Vec<String> = ids.as_object().expect("ids").iter().map(|(k, v)| format!("{k} = {v}")).collect();
    let provider = format!("authorization.resource_ids = {{ {} }}", ids.join(", "));
    let named = BY_ID.replace("routes.MODE", "routes.key_MODE");
    let ticket = "[routes.ticket]\npath = \"/ticket\"\nticket = true\n\
                  require = { permission = { resource_id = \"REPORTS\", scopes = [\"view\"] } }\n";
    let routes = named.replace("MODE", "local") + &named.replace("MODE", "remote") + ticket;
    let routes = routes.replace("ORDERS", &orders).replace("REPORTS", &reports);
    let settings = realm.authorization_settings();
    let scene = with_file(realm, &settings, &provider, &routes);

    let expected = [("alice", [200, 200, 403]), ("bob", [200, 403, 403]), ("carol", [403, 403, 403])];
    for mode in ["local", "remote"] {
        for (user, statuses) in expected {
            let token = scene.realm.access_token(user);
            let paths = ["id", "id-and-name", "decoy"];
            let answers = paths.map(|path| scene.status(&format!("/{mode}/{path}"), Some(&token)));
            assert_eq!(answers, statuses, "{mode} {user}");
        }
    }
    assert_eq!(decisions(scene.ops(), "key_local_id", "keycloak"), 0);
    assert_eq!(decisions(scene.ops(), "key_local_id", "local"), 3);

    let carol = scene.realm.access_token("carol");
    let (status, challenge, _) = scene.refusal("/ticket", Some(&carol));
    assert_eq!(status, 401, "{challenge}");
    let (_, rest) = challenge.split_once("ticket=\"").expect("a ticket");
    let ticket = rest.split('"').next().expect("its value");
    let form = [("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket"), ("ticket", ticket)];
    let (status, answer) = scene.realm.token_endpoint(&form, Some(&scene.realm.access_token("alice")));
    assert_eq!(status, 200, "{answer}");
    let rpt = answer["access_token"].as_str().expect("an RPT");
    assert_eq!(scene.status("/ticket", Some(rpt)), 200);
    assert_eq!(decisions(scene.ops(), "ticket", "rpt"), 1);
}

#[test]
fn a_local_decision_goes_on_while_keycloak_is_away() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |_| ());
    let settings = realm.authorization_settings();
    let away = format!(
        "internal_url = \"http://127.0.0.1:1/realms/{}\"\njwks.pem = \"{}\"\njwks.pem_algorithm = \"RS256\"",
        realm.name,
        public_key(&realm)
    );
    let scene = with_file(realm, &settings, &away, &ROUTES.replace("MODE", "local-or-remote"));
    let bob = scene.realm.access_token("bob");
    assert_eq!(scene.status("/local-or-remote/orders", Some(&bob)), 200);
    assert_eq!(scene.status("/local-or-remote/scopes", Some(&bob)), 403);
}

/// The realm's key as PEM, in a file that stays for the life of the process.
fn public_key(realm: &Realm) -> String {
    let info: Value = reqwest::blocking::get(realm.issuer()).expect("the realm").json().expect("JSON");
    let key = info["public_key"].as_str().expect("a key");
    let file = tempfile::tempdir().expect("a folder").keep().join("key.pem");
    fs::write(&file, format!("-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----\n"))
        .expect("written");
    file.display().to_string()
}

#[test]
fn fetched_settings_decide_and_a_change_is_seen() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |_| ());
    realm.lets_the_gateway_fetch();
    let fetch = "[providers.kc.authorization]\nfetch = true\nrefresh = \"200ms\"\n";
    let scene = Scene::start(realm, fetch, &ROUTES.replace("MODE", "local"));
    let bob = scene.realm.access_token("bob");
    wait_until("settings are fetched", || scene.status("/local/orders", Some(&bob)) == 200);
    assert_eq!(scene.status("/local/whole", Some(&bob)), 403);
    // Reports are for managers; now readers may see them, too.
    let client = scene.realm.client("gateway");
    let server = scene.realm.path(&format!("/clients/{client}/authz/resource-server"));
    let more = json!({
        "name": "readers view reports", "type": "scope", "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS",
        "resources": ["Reports"], "scopes": ["view"], "policies": ["readers"],
    });
    scene.realm.admin().post(&format!("{server}/permission/scope"), &more);
    // Keycloak's strategy for the whole is unanimous, so that the managers' permission still stands in the way.
    let mut affirmative = scene.realm.authorization_settings();
    affirmative["decisionStrategy"] = json!("AFFIRMATIVE");
    scene.realm.admin().post(&format!("{server}/import"), &affirmative);
    wait_until("the change is seen", || scene.status("/local/whole", Some(&bob)) == 200);
}

/// What lets readers see reports, whom the realm has it refused.
fn let_readers_see_reports(realm: &Realm) {
    let server = realm.path(&format!("/clients/{}/authz/resource-server", realm.client("gateway")));
    let mut changed = realm.authorization_settings();
    for policy in changed["policies"].as_array_mut().expect("policies") {
        if policy["name"] == "managers view reports" {
            policy["config"]["applyPolicies"] = json!("[\"readers\"]");
        }
    }
    realm.admin().post(&format!("{server}/import"), &changed);
}

#[test]
fn a_change_is_seen_by_its_admin_event_long_before_the_next_fetch() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |realm| realm["adminEventsEnabled"] = json!(true));
    realm.lets_the_gateway_fetch();
    realm.gives_the_gateway(&["view-events"]);
    let fetch = "[providers.kc.authorization]\nfetch = true\nrefresh = \"1h\"\nmax_age = \"2h\"\nadmin_events = \"200ms\"\n";
    let scene = Scene::start(realm, fetch, &ROUTES.replace("MODE", "local"));
    let bob = scene.realm.access_token("bob");
    wait_until("settings are fetched", || scene.status("/local/orders", Some(&bob)) == 200);
    assert_eq!(scene.status("/local/whole", Some(&bob)), 403);
    let_readers_see_reports(&scene.realm);
    wait_until("the change is seen", || scene.status("/local/whole", Some(&bob)) == 200);
}

#[test]
fn without_the_right_to_see_events_settings_are_fetched_as_before() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |realm| realm["adminEventsEnabled"] = json!(true));
    realm.lets_the_gateway_fetch();
    let fetch = "[providers.kc.authorization]\nfetch = true\nrefresh = \"500ms\"\nadmin_events = \"100ms\"\n";
    let scene = Scene::start(realm, fetch, &ROUTES.replace("MODE", "local"));
    let bob = scene.realm.access_token("bob");
    wait_until("settings are fetched", || scene.status("/local/orders", Some(&bob)) == 200);
    let refused = "gatecloak_idp_request_duration_seconds_count{operation=\"events\",result=\"error\"}";
    wait_until("the realm refuses to show events", || metric(scene.ops(), refused) > 0);
    let_readers_see_reports(&scene.realm);
    wait_until("the change is seen", || scene.status("/local/whole", Some(&bob)) == 200);
}

#[test]
fn without_the_right_to_fetch_keycloak_is_asked_or_nothing_is_granted() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |_| ());
    let fetch = "[providers.kc.authorization]\nfetch = true\n";
    let routes = ROUTES.replace("MODE", "local") + &ROUTES.replace("MODE", "local-or-remote");
    let scene = Scene::start(realm, fetch, &routes);
    let bob = scene.realm.access_token("bob");
    assert_eq!(scene.refusal("/local/orders", Some(&bob)).2, "decision_unavailable");
    assert_eq!(scene.status("/local-or-remote/orders", Some(&bob)), 200);
    assert_eq!(scene.status("/local-or-remote/scopes", Some(&bob)), 403);
}
