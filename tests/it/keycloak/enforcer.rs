//! A `policy-enforcer.json`, copied: the same answers as Keycloak's, and as the Java policy enforcer's (26.0.8), which was run
//! with these files against these realms.

mod claims;
mod scene;

use serde_json::{Value, json};

use self::scene::{Asked, Enforced, USERS};
use super::admin::Realm;
use super::counters::wait_until;
use super::keycloak;

/// A request, what it needs, and what the Java policy enforcer answered to alice, bob and carol.
type Row = (&'static str, &'static str, Asked, [u16; 3]);

const EVERYBODY: [u16; 3] = [200, 200, 200];
const READERS: [u16; 3] = [200, 200, 403];
const MANAGERS: [u16; 3] = [200, 403, 403];
const NOBODY: [u16; 3] = [403, 403, 403];

/// Compares the gateway with Keycloak, asked itself, and with the Java policy enforcer; `stranger` is what it answers without
/// a token.
fn compare(part: Value, name: &str, rows: &[Row]) {
    let Some(server) = keycloak() else { return };
    let scene = Enforced::start(Realm::create(server, scene::representation), part, name);
    for (method, path, asked, java) in rows {
        for (user, java) in USERS.iter().zip(java) {
            let token = scene.realm.access_token(user);
            let what = format!("{name}: {user} {method} {path}");
            let status = scene.status(method, path, Some(&token), &[]);
            assert_eq!(scene.status(method, path, Some(&token), &[]), status, "{what}: asked again");
            if let Some(granted) = asked.by_keycloak(&scene.realm, &token) {
                assert_eq!(status == 200, granted, "{what}: {status}, and keycloak grants: {granted}");
            }
            // What no path is in charge of is no resource of the gateway's, and 404.
            let expected = if *asked == Asked::Nowhere { 404 } else { *java };
            assert_eq!(status, expected, "{what}");
        }
        // The Java policy enforcer says 403 where the token is missing.
        let stranger = match asked {
            Asked::Public => 200,
            Asked::Nowhere => 404,
            _ => 401,
        };
        assert_eq!(scene.status(method, path, None, &[]), stranger, "{name}: nobody {method} {path}");
    }
}

#[test]
fn paths_methods_and_modes_of_a_copied_file_are_enforced_as_keycloak_decides() {
    let part = json!({ "paths": [
        { "path": "/orders/*", "name": "Orders", "scopes": ["edit", "delete"], "methods": [
            { "method": "GET", "scopes": ["view"] },
            { "method": "POST", "scopes": ["view", "edit"] },
            { "method": "PUT", "scopes": ["edit", "view"], "scopes-enforcement-mode": "ANY" },
            { "method": "DELETE", "scopes": ["delete"], "scopes-enforcement-mode": "DISABLED" },
        ]},
        { "path": "/orders/archive", "name": "Reports", "methods": [{ "method": "GET", "scopes": ["view"] }] },
        { "path": "/public/*", "enforcement-mode": "DISABLED" },
        { "path": "/reports/*", "name": "Reports", "enforcement-mode": "PERMISSIVE" },
        { "path": "/users/{id}", "name": "Users", "methods": [{ "method": "GET", "scopes": ["view"] }] },
        { "path": "/verbs", "scopes": ["GET", "POST"] },
    ]});
    let view_orders = || Asked::all("Orders", &["view"]);
    compare(
        part,
        "copied",
        &[
            ("GET", "/orders/1", view_orders(), READERS),
            ("GET", "/orders", view_orders(), READERS),
            ("GET", "/orders/1/items/2?page=3", view_orders(), READERS),
            ("POST", "/orders/1", Asked::all("Orders", &["view", "edit"]), MANAGERS),
            ("PUT", "/orders/1", Asked::any("Orders", &["edit", "view"]), READERS),
            ("DELETE", "/orders/1", Asked::Token, EVERYBODY),
            ("PATCH", "/orders/1", Asked::any("Orders", &["edit", "delete"]), MANAGERS),
            ("GET", "/orders/archive", Asked::all("Reports", &["view"]), MANAGERS),
            ("GET", "/public/x", Asked::Public, EVERYBODY),
            ("GET", "/reports/1", Asked::all("Reports", &[]), MANAGERS),
            ("GET", "/users/5", Asked::all("User5", &["view"]), MANAGERS),
            ("GET", "/users/6", Asked::all("Users", &["view"]), READERS),
            ("GET", "/verbs", Asked::any("Verbs", &["GET", "POST"]), READERS),
            ("GET", "/users", Asked::Nowhere, NOBODY),
            ("GET", "/elsewhere", Asked::Nowhere, NOBODY),
        ],
    );
}

#[test]
fn method_is_the_scope_and_paths_are_the_servers_where_the_file_says_so() {
    compare(
        json!({ "http-method-as-scope": true }),
        "verbs",
        &[
            ("GET", "/verbs", Asked::all("Verbs", &["GET"]), READERS),
            ("POST", "/verbs", Asked::all("Verbs", &["POST"]), MANAGERS),
            // The resource has no such scope.
            ("PUT", "/verbs", Asked::all("Verbs", &["PUT"]), NOBODY),
            ("GET", "/reports/1", Asked::all("Reports", &["GET"]), NOBODY),
        ],
    );
}

#[test]
fn without_paths_those_of_the_server_are_enforced() {
    compare(
        json!({}),
        "loaded",
        &[
            ("GET", "/reports/1", Asked::all("Reports", &[]), MANAGERS),
            ("POST", "/verbs", Asked::all("Verbs", &[]), READERS),
            ("GET", "/users/5", Asked::all("User5", &[]), MANAGERS),
            ("GET", "/users/6", Asked::all("Users", &[]), READERS),
            ("GET", "/health", Asked::all("Everything", &[]), READERS),
        ],
    );
}

#[test]
fn disabled_path_is_public_beside_those_of_the_server() {
    compare(
        json!({ "paths": [{ "path": "/health", "enforcement-mode": "DISABLED" }] }),
        "open",
        &[
            ("GET", "/health", Asked::Public, EVERYBODY),
            ("GET", "/health/x", Asked::all("Everything", &[]), READERS),
            ("GET", "/admin/x", Asked::all("Admin", &[]), MANAGERS),
        ],
    );
}

#[test]
fn path_that_is_loaded_lazily_is_guarded_by_its_own_resource_and_not_by_a_wildcards() {
    let everything = json!([{ "path": "/*", "name": "Everything" }]);
    let rows = || {
        [
            ("GET", "/admin/x", Asked::all("Admin", &[]), MANAGERS),
            ("GET", "/reports/1", Asked::all("Reports", &[]), MANAGERS),
            ("GET", "/verbs", Asked::all("Verbs", &[]), READERS),
            ("GET", "/health", Asked::all("Everything", &[]), READERS),
        ]
    };
    compare(json!({ "lazy-load-paths": true, "paths": everything }), "lazy", &rows());
    // A path cache has the same effect.
    compare(json!({ "path-cache": { "lifespan": 1000 }, "paths": everything }), "cached", &rows());
    let mut static_rows = rows();
    for row in &mut static_rows {
        (row.2, row.3) = (Asked::all("Everything", &[]), READERS);
    }
    compare(json!({ "paths": everything }), "static", &static_rows);
}

#[test]
fn permissive_file_lets_every_good_token_through_where_no_path_is_in_charge() {
    compare(
        json!({
            "enforcement-mode": "PERMISSIVE",
            "paths": [{ "path": "/orders/*", "name": "Orders", "scopes": ["edit"] }],
        }),
        "permissive",
        &[
            ("GET", "/orders/1", Asked::any("Orders", &["edit"]), MANAGERS),
            ("GET", "/elsewhere", Asked::Token, EVERYBODY),
        ],
    );
}

#[test]
fn copied_file_without_settings_has_every_permission_asked_of_keycloak() {
    let Some(server) = keycloak() else { return };
    let part = json!({ "paths": [{ "path": "/orders/*", "name": "Orders", "methods": [
        { "method": "GET", "scopes": ["view"] },
        { "method": "PUT", "scopes": ["edit", "view"], "scopes-enforcement-mode": "ANY" },
        { "method": "POST", "scopes": ["edit", "view"] },
    ]}]});
    let scene = Enforced::without_settings(Realm::create(server, scene::representation), part, "asked");
    for (method, statuses) in [("GET", READERS), ("PUT", READERS), ("POST", MANAGERS)] {
        for (user, status) in USERS.iter().zip(statuses) {
            let token = scene.realm.access_token(user);
            assert_eq!(scene.status(method, "/orders/1", Some(&token), &[]), status, "{user} {method}");
        }
    }
}

#[test]
fn settings_are_fetched_with_nothing_but_the_copied_file() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, scene::representation);
    let part = json!({ "lazy-load-paths": true, "paths": [{ "path": "/users/{id}", "name": "Users" }] });
    let scene = Enforced::fetching(realm, part, "fetched");
    let (alice, bob) = (scene.realm.access_token("alice"), scene.realm.access_token("bob"));
    let status = |path: &str, token: &str| scene.status("GET", path, Some(token), &[]);
    // Until they are there it is neither a yes nor a no.
    wait_until("settings are fetched", || {
        let status = status("/users/6", &bob);
        assert!([200, 503].contains(&status), "{status}");
        status == 200
    });
    assert_eq!((status("/users/5", &alice), status("/users/5", &bob)), (200, 403));
    assert_eq!((status("/admin/x", &alice), status("/admin/x", &bob)), (200, 403));
}
